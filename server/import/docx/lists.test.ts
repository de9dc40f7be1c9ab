/** Lists and tables of Word documents: what belongs together there says so by numbers, levels and how far it is set in. */
import type { JSONContent } from '@tiptap/core';
import { describe, expect, test } from 'vitest';
import { importDocx } from './docx.ts';
import { docx } from './test-archive.ts';

const short = (node: JSONContent): string => {
  if (node.text !== undefined) return node.text;
  const { start, type, colspan, rowspan, align, checked } = node.attrs ?? {};
  const said = [
    start > 1 && start,
    type,
    colspan > 1 && `${colspan} wide`,
    rowspan > 1 && `${rowspan} high`,
    align,
    checked && 'x',
  ];
  const inside = (node.content ?? []).map(short).join(' ');
  const name = SHORT[node.type!] ?? node.type;
  return `${name}${said.filter(Boolean).length ? `<${said.filter(Boolean).join(' ')}>` : ''}${name ? `(${inside})` : inside}`;
};
const SHORT: Record<string, string> = {
  paragraph: '',
  bulletList: 'ul',
  orderedList: 'ol',
  listItem: 'li',
  taskList: 'tasks',
  taskItem: 'task',
  tableRow: 'tr',
  tableCell: 'td',
  tableHeader: 'th',
};

const level = (at: number, format: string, more = '') =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${format === 'bullet' ? '•' : `%${at + 1}.`}"/><w:pPr><w:ind w:left="${720 * (at + 1)}"/></w:pPr>${more}</w:lvl>`;
const definition = (id: number, ...formats: string[]) =>
  `<w:abstractNum w:abstractNumId="${id}">${formats.map((format, at) => level(at, format)).join('')}</w:abstractNum>`;
const number = (id: number, of: number, more = '') =>
  `<w:num w:numId="${id}"><w:abstractNumId w:val="${of}"/>${more}</w:num>`;
const NUMBERING = [
  definition(0, 'bullet', 'bullet', 'bullet'),
  definition(1, 'decimal', 'lowerLetter', 'lowerRoman'),
  '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=" "/><w:pPr><w:ind w:left="720"/></w:pPr></w:lvl></w:abstractNum>',
  number(1, 0),
  number(2, 1),
  number(3, 1, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
  number(4, 0),
  number(5, 2),
].join('');
const STYLES =
  '<w:style w:type="paragraph" w:styleId="LP"><w:name w:val="List Paragraph"/><w:pPr><w:ind w:left="720"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="LB"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Quote"/><w:pPr><w:ind w:left="864"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="h"><w:name w:val="heading 1"/></w:style><w:style w:type="table" w:styleId="Grid"><w:name w:val="Grid"/><w:tblStylePr w:type="firstRow"/></w:style>';
const read = (body: string): string =>
  importDocx(docx({ body, numbering: NUMBERING, styles: STYLES }))
    .content.content!.map(short)
    .join(' | ');
const p = (words: string, properties = '') => `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t>${words}</w:t></w:r></w:p>`;
const li = (words: string, numId: number, at = 0, more = '') =>
  p(words, `<w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="${numId}"/></w:numPr>${more}`);
const set = (twips: number) => `<w:ind w:left="${twips}"/>`;
const named = (id: string) => `<w:pStyle w:val="${id}"/>`;

describe('lists', () => {
  test('are in each other as their levels are, also where one is skipped', () => {
    expect(read(li('a', 1) + li('b', 1, 2) + li('c', 1, 1) + li('d', 1) + li('e', 2, 1))).toBe(
      'ul(li(a ul(li(b)) ul(li(c))) li(d ol<a>(li(e))))',
    );
  });

  test('of one definition count on after what stands between them, unless one starts anew', () => {
    expect(read(li('a', 2) + p('text') + li('b', 2) + li('c', 2) + li('d', 3) + li('e', 3) + li('f', 2))).toBe(
      'ol(li(a)) | text | ol<2>(li(b) li(c)) | ol(li(d) li(e) li(f))',
    );
  });

  test('that are each their own are in each other by how far they are set in', () => {
    expect(read(li('a', 1) + li('b', 2, 0, set(1440)) + li('c', 1) + li('d', 2))).toBe(
      'ul(li(a ol(li(b))) li(c)) | ol<2>(li(d))',
    );
  });

  test('hold paragraphs that are set in as far as their text', () => {
    const quote = named('Q');
    const body =
      li('a', 1) +
      p('goes on', set(720)) +
      li('b', 1) +
      p('so does', named('LP')) +
      li('pandoc', 5) +
      p('out') +
      li('c', 1) +
      p('q', quote);
    expect(read(body)).toBe('ul(li(a goes on) li(b so does pandoc)) | out | ul(li(c)) | blockquote(q)');
  });

  test('are told by styles, and are none in headings or where the number is taken away', () => {
    const none = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>';
    expect(read(p('a', named('LB')) + p('b', named('LB') + none) + li('c', 2, 0, named('h')) + li('d', 99))).toBe(
      'ul(li(a)) | b | heading(c) | d',
    );
  });

  test('of boxes are tasks', () => {
    expect(read(p('☐ a') + p('☒ b') + li('☑ c', 1) + li('d', 1) + li('☐ e', 2))).toBe(
      'tasks(task(a) task<x>(b)) | tasks(task<x>(c)) | ul(li(d)) | ol(li(☐ e))',
    );
  });
});

describe('tables', () => {
  const tc = (inside: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${inside || '<w:p/>'}</w:tc>`;
  const tr = (cells: string, properties = '') => `<w:tr><w:trPr>${properties}</w:trPr>${cells}</w:tr>`;
  const tbl = (rows: string, properties = '') => `<w:tbl><w:tblPr>${properties}</w:tblPr>${rows}</w:tbl>`;
  const down = (value = '') => `<w:vMerge${value && ` w:val="${value}"`}/>`;

  test('keep header rows, spans and alignment', () => {
    const body = tbl(
      tr(tc(p('h'), '<w:gridSpan w:val="2"/>') + tc(p('i')), '<w:tblHeader/>') +
        tr(tc(p('a'), down('restart')) + tc(p('b', '<w:jc w:val="end"/>')) + tc(p('c'))) +
        tr(tc('', down()) + tc(li('d', 1) + p('e')) + tc('')),
    );
    expect(read(body)).toBe(
      'table(tr(th<2 wide>(h) th(i)) tr(td<2 high>(a) td<right>(b) td(c)) tr(td(ul(li(d)) e) td()))',
    );
  });

  test('have a header where their style sets the first row apart, and not where it only could', () => {
    const rows = tr(tc(p('a'))) + tr(tc(p('b')));
    expect(read(tbl(rows, '<w:tblStyle w:val="Grid"/><w:tblLook w:firstRow="1"/>'))).toBe('table(tr(th(a)) tr(td(b)))');
    expect(read(tbl(rows, '<w:tblStyle w:val="Other"/><w:tblLook w:val="04A0"/>'))).toBe('table(tr(td(a)) tr(td(b)))');
  });

  test('may be in cells, and in items that they are set in as far as', () => {
    const inner = tbl(tr(tc(p('b'))));
    expect(read(tbl(tr(tc(`${p('a') + inner}<w:p/>`))))).toBe('table(tr(td(a table(tr(td(b))))))');
    expect(read(li('a', 1) + tbl(tr(tc(p('b'))), '<w:tblInd w:w="720"/>') + li('c', 1))).toBe(
      'ul(li(a table(tr(td(b)))) li(c))',
    );
  });
});
