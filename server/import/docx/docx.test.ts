/** Word documents: what Word, LibreOffice, Google Docs and converters write, and what becomes of it in a plan. */
import type { JSONContent } from '@tiptap/core';
import { describe, expect, test } from 'vitest';
import { importDocx } from './docx.ts';
import { type DocxParts, docx } from './test-archive.ts';

/** The content in short: `bold[text]`, `paragraph(…)`; attributes are looked at where they matter. */
const short = (node: JSONContent): string =>
  node.text === undefined
    ? `${node.type}(${(node.content ?? []).map(short).join('')})`
    : (node.marks ?? []).reduce((text, { type }) => `${type}[${text}]`, node.text);
const read = (parts: DocxParts | string) => importDocx(docx(typeof parts === 'string' ? { body: parts } : parts));
const text = (parts: DocxParts | string): string => read(parts).content.content!.map(short).join(' ');
const lost = (parts: DocxParts | string): string[] => read(parts).losses.map(({ what, count }) => `${count} ${what}`);

const r = (words: string, properties = '') =>
  `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${words}</w:t></w:r>`;
const p = (inside: string, properties = '') =>
  `<w:p><w:pPr>${properties}</w:pPr>${inside.startsWith('<') || !inside ? inside : r(inside)}</w:p>`;
const style = (id: string, name: string, properties = '', basedOn = '') =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${basedOn && `<w:basedOn w:val="${basedOn}"/>`}<w:pPr>${properties}</w:pPr></w:style>`;
const named = (id: string) => `<w:pStyle w:val="${id}"/>`;

describe('paragraphs', () => {
  test('are headings by their style’s name in any language, by its place in the outline, or by what it is based on', () => {
    const styles = [
      style('berschrift1', 'heading 1'),
      style('Kop2', 'Kop 2'),
      style('Mine', 'Chapter', '', 'berschrift1'),
      style('Outlined', 'Section', '<w:outlineLvl w:val="2"/>'),
      style('TOCHeading', 'TOC Heading', '', 'berschrift1'),
    ].join('');
    const body = ['berschrift1', 'Kop2', 'Mine', 'Outlined', 'Heading4', 'TOCHeading'].map((id) => p(id, named(id)));
    expect(read({ body: body.join(''), styles }).content.content).toMatchObject(
      [1, 2, 1, 3, 4].map((level) => ({ type: 'heading', attrs: { level } })),
    );
    expect(read(p('Outlined', '<w:outlineLvl w:val="1"/>') + p('x')).content.content).toMatchObject([
      { type: 'heading', attrs: { level: 2 } },
      { type: 'paragraph' },
    ]);
  });

  test('are quotes, code and captions by their style; those that follow each other are one', () => {
    const styles = [style('q', 'Quote'), style('z', 'Intense Quote'), style('c', 'HTML Preformatted')].join('');
    const body = [
      p('a', named('q')),
      p('b', named('z')),
      p('c'),
      p('if', named('c')),
      p('', named('c')),
      p(' then', named('c')),
    ].join('');
    expect(text({ body, styles })).toBe('blockquote(paragraph(a)paragraph(b)) paragraph(c) codeBlock(if\n\n then)');
  });

  test('that are empty are space, unless a line is drawn in them', () => {
    const line = '<w:pBdr><w:bottom w:val="single"/></w:pBdr>';
    const drawn = '<w:r><w:pict><v:rect o:hr="t"/></w:pict></w:r>';
    expect(text(p('a') + p('') + p('', line) + p(drawn) + p(' ') + p('b', line))).toBe(
      'paragraph(a) horizontalRule() horizontalRule() paragraph(b)',
    );
  });

  test('say their language and direction where these are not the plan’s', () => {
    const dutch = '<w:lang w:val="nl-BE"/>';
    const { frontMatter, content } = read(
      p(r('Een lange zin in het Nederlands', dutch)) +
        p(r('Nog een', '<w:lang w:val="nl-NL"/>')) +
        p(r('English', '<w:lang w:val="en-GB"/>')) +
        p(r('عربي', '<w:rtl/><w:lang w:val="nl-BE" w:bidi="ar-EG"/>'), '<w:bidi/>'),
    );
    expect(frontMatter.language).toBe('nl-BE');
    expect(content.content!.map(({ attrs }) => [attrs?.lang, attrs?.dir])).toEqual([
      [null, null],
      [null, null],
      ['en-GB', null],
      ['ar-EG', 'rtl'],
    ]);
  });
});

describe('words', () => {
  test('are set as they are, by themselves or by a style of theirs, however they are cut up', () => {
    const styles =
      '<w:style w:type="character" w:styleId="s"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style><w:style w:type="character" w:styleId="v"><w:name w:val="Verbatim Char"/></w:style>';
    const body = p(
      r('a', '<w:rStyle w:val="s"/>') +
        r('b', '<w:b/>') +
        r('c', '<w:rStyle w:val="s"/><w:b w:val="0"/>') +
        r('d', '<w:i/><w:strike/>') +
        r('e', '<w:u w:val="single"/>') +
        r('f', '<w:u w:val="none"/>') +
        r('g', '<w:highlight w:val="yellow"/>') +
        r('h', '<w:shd w:fill="FFFF00"/>') +
        r('2', '<w:vertAlign w:val="subscript"/>') +
        r('i', '<w:rStyle w:val="v"/>'),
    );
    expect(text({ body, styles })).toBe(
      'paragraph(bold[ab]cstrike[italic[d]]underline[e]fhighlight[gh]subscript[2]code[i])',
    );
  });

  test('keep tabs, hyphens, breaks of lines and signs; pages are broken anew', () => {
    expect(
      text(
        p(
          '<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:br w:type="page"/><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>',
        ),
      ),
    ).toBe('paragraph(ahardBreak()b\u2011✓)');
  });

  test('link to addresses, by relation or by field; links within the file are told', () => {
    const field = (instruction: string, words: string) =>
      `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>${instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${r(words)}<w:r><w:fldChar w:fldCharType="end"/></w:r>`;
    const parts = {
      body: p(
        `<w:hyperlink r:id="x" w:anchor="y">${r('a', '<w:u w:val="single"/>')}</w:hyperlink>${field('HYPERLINK "https://b.org/"', 'b')}<w:hyperlink w:anchor="z">${r('c')}</w:hyperlink>${field('PAGE', '7')}<w:fldSimple w:instr="SEQ Figure">${r('8')}</w:fldSimple>`,
      ),
      targets: { x: 'https://a.org/' },
    };
    const [paragraph] = read(parts).content.content!;
    expect(paragraph!.content!.map((node) => [node.text, node.marks?.[0]?.attrs?.href])).toEqual([
      ['a', 'https://a.org/#y'],
      ['b', 'https://b.org/'],
      ['c78', undefined],
    ]);
    expect(lost(parts)).toEqual(['1 links to places in the file, kept as text']);
  });

  test('that were changed are as if the changes were accepted, and that is told', () => {
    const body =
      p(`${r('a')}<w:ins>${r('b')}</w:ins><w:del><w:r><w:delText>c</w:delText></w:r></w:del>`) +
      p(r('d'), '<w:rPr><w:del/></w:rPr>') +
      p(r('e')) +
      `<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>${p('f')}</w:tc></w:tr></w:tbl>`;
    expect(text(body)).toBe('paragraph(ab) paragraph(de)');
    expect(lost(body)).toEqual(['2 tracked changes, which were taken as accepted']);
  });

  test('whose paragraph goes on in the next one stay, also where a table, a cell or the text ends before there is one', () => {
    const open = (words: string) => p(r(words), '<w:rPr><w:del/></w:rPr>');
    const body = `${open('a')}<w:tbl><w:tr><w:tc>${open('b')}</w:tc><w:tc>${p(r('c'))}</w:tc></w:tr></w:tbl>${p(r('d'))}${open('e')}`;
    expect(text(body)).toBe(
      'paragraph(a) table(tableRow(tableCell(paragraph(b))tableCell(paragraph(c)))) paragraph(d) paragraph(e)',
    );
  });

  test('in formulas, text boxes and structured fields are kept; hidden ones and what waits to be filled in are not', () => {
    const box = (words: string) => `<wps:txbx><w:txbxContent>${p(words)}</w:txbxContent></wps:txbx>`;
    const body =
      p(
        `${r('a')}<w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:inline><a:graphic>${box('in a box')}</a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>${box('in a box').replaceAll('wps:txbx', 'v:textbox')}</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>`,
      ) +
      p(`<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>${r('hidden', '<w:vanish/>')}`) +
      `<w:sdt><w:sdtContent>${p('b')}</w:sdtContent></w:sdt>` +
      p(`<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>${r('Click here')}</w:sdtContent></w:sdt>${r('c')}`);
    expect(text(body)).toBe('paragraph(a) paragraph(in a box) paragraph(code[x=1]) paragraph(b) paragraph(c)');
    expect(lost(body)).toEqual([
      '1 text boxes, whose text stands below the paragraph that they were fixed to',
      '1 formulas, kept as their text',
      '1 hidden words',
    ]);
  });
});

describe('pictures', () => {
  const drawn = (id: string, alt: string) =>
    `<w:r><w:drawing><wp:inline><wp:docPr descr="${alt}"/><a:graphic><a:blip r:embed="${id}"/></a:graphic></wp:inline></w:drawing></w:r>`;

  test('are taken as they are in the file, with their descriptions, and captions in that style below them', () => {
    const parts = {
      body:
        p(drawn('x', 'A river')) +
        p('It bends.', named('c')) +
        p(`${r('a')}${drawn('x', '')}`) +
        p(drawn('missing', 'A hill')) +
        p('Alone', named('c')),
      styles: style('c', 'caption'),
      targets: { x: 'media/1.png' },
      files: [{ name: 'word/media/1.png', data: 'bytes' }],
    };
    const { content, pictures, losses } = read(parts);
    const [address, ...others] = pictures!.keys();
    expect(others).toEqual([]);
    expect(Buffer.from(pictures!.get(address!)!).toString()).toBe('bytes');
    expect(text(parts)).toBe('figure(It bends.) paragraph(a) figure() figure(Alone)');
    const figures = content.content!.filter(({ type }) => type === 'figure');
    expect(figures.map(({ attrs }) => [attrs?.src, attrs?.alt])).toEqual([
      [address, 'A river'],
      [address, ''],
      [null, 'A hill'],
    ]);
    expect(losses).toMatchObject([
      { what: expect.stringMatching(/^pictures that are not in the file/), example: 'A hill' },
    ]);
  });
});

describe('notes', () => {
  test('of the foot and of the end stand where they are referred to, with their formatting', () => {
    const note = (type: string, id: number, inside: string) => `<w:${type} w:id="${id}">${inside}</w:${type}>`;
    const parts = {
      body: p(
        `${r('a')}<w:r><w:footnoteReference w:id="2"/></w:r>${r('b')}<w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:footnoteReference w:id="9"/></w:r>`,
      ),
      footnotes: note(
        'footnote',
        2,
        p(`<w:r><w:footnoteRef/></w:r>${r(' See ')}${r('this', '<w:i/>')}`) + p('Second.'),
      ),
      endnotes: note('endnote', 2, p('End.')),
    };
    expect(text(parts)).toBe('paragraph(afootnote(See italic[this]hardBreak()Second.)bfootnote(End.))');
    expect(lost(parts)).toEqual(['1 references to notes that are not in the file']);
  });
});

describe('what stands beside the text', () => {
  test('is told: comments, headers, contents, embedded files', () => {
    const parts = {
      body:
        p(r('Water 1'), named('t')) +
        p(r('Land 2'), named('t')) +
        p(`${r('a')}<w:r><w:commentReference w:id="0"/></w:r><w:r><w:object/></w:r>`),
      styles: style('t', 'toc 1'),
      comments: `<w:comment w:id="0" w:author="Ana">${p('Really?')}</w:comment>`,
      header: p('Draft') + p('7'),
    };
    expect(text(parts)).toBe('paragraph(a)');
    expect(read(parts).losses).toEqual([
      { what: 'embedded objects', count: 1, example: '' },
      { what: 'tables of contents, which every export makes anew', count: 1, example: 'Water 1' },
      { what: 'comments, which stand beside the text', count: 1, example: 'Really?' },
      { what: 'headers of pages', count: 1, example: 'Draft7' },
    ]);
  });

  test('is front matter: title, subtitle and authors above the text, and the file’s properties', () => {
    const styles = style('T', 'Title') + style('S', 'Subtitle') + style('A', 'Author') + style('h', 'heading 1');
    const core =
      '<dc:title>Template</dc:title><dc:creator>Ana; Bo</dc:creator><cp:keywords>land, water;air</cp:keywords><dc:language>fr</dc:language><dc:description>In short.</dc:description>';
    const body = p('A plan', named('T')) + p('For all', named('S')) + p('Text');
    expect(read({ body, styles, core }).frontMatter).toMatchObject({
      title: 'A plan',
      subtitle: 'For all',
      authors: ['Ana', 'Bo'],
      keywords: ['land', 'water', 'air'],
      language: 'fr',
      summary: 'In short.',
    });
    expect(text({ body, styles, core })).toBe('paragraph(Text)');
    const headed = read({
      body: p('Land', named('h')) + p('Text'),
      styles,
      core: '<dc:creator>Windows User</dc:creator>',
    });
    expect(headed.frontMatter).toMatchObject({ title: 'Land', authors: [] });
    expect(headed.content.content).toHaveLength(1);
    expect(read({ body: p('Land', named('h')) + p('Sea', named('h')), styles, core }).content.content).toHaveLength(2);
  });
});
