/** Makes of a comparison the document that the template lays out: both sides in one text, with the facts before it and a list of changes after. */
import type { BlockContent, PhrasingContent } from 'mdast';
import { kindLabel } from '../../../shared/compare/describe.ts';
import type { GridCell } from '../nodes.ts';
import { cleanLine } from '../phrasing.ts';
import { redlineContent } from '../redline.ts';
import { byWhom, contributorsOf, endRows, fieldRows, LEGEND, type Redline, summaryOf } from '../redline-facts.ts';
import { toTree } from '../tree.ts';
import { BlockWriter } from './page-blocks.ts';
import { words } from './page-phrases.ts';
import { directionOfLanguage, easternFontOfLanguage, typstLanguage } from './script.ts';
import { filesOf, line, type Pages, type PdfOptions, PICTURE_HEIGHT, pageDate, shortened, WIDTH } from './to-pages.ts';

export function redlinePages(redline: Redline, paper: PdfOptions['paper']): Pages {
  const { answer, frontMatter, images } = redline;
  const { files, pictures } = filesOf(images);
  const { language } = frontMatter;
  const base = {
    lang: language,
    dir: directionOfLanguage(language),
    east: easternFontOfLanguage(language) ?? 'sc',
  };
  const writer = new BlockWriter({
    ...base,
    base: null,
    width: WIDTH[paper],
    height: PICTURE_HEIGHT,
    images: pictures,
  });
  const front = writer.blocks(facts(redline));
  const text = writer.blocks(toTree(redlineContent(answer)).children as BlockContent[]);
  const sections = writer.headings;
  writer.toChanges = true;
  const list = writer.blocks(listOfChanges(answer, writer.anchored));
  const title = line(frontMatter.title) || 'Untitled plan';
  const [from, to] = [endName(answer.from), endName(answer.to)];
  const about = `Changes from ${from} to ${to}`;
  const contributors = contributorsOf(answer);
  const changedBy = contributors.length > 0 ? `Changed by ${contributors.join(', ')}` : '';
  const time = answer.to.snapshot?.time ?? answer.from.snapshot?.time;
  return {
    document: {
      paper,
      design: 'report',
      numbered: false,
      ...base,
      ...typstLanguage(language),
      draft: false,
      redline: true,
      title: `Changes in ${title}`,
      authors: [],
      keywords: [],
      description: about,
      date: pageDate(time ?? '1970-01-01T00:00:00Z'),
      'running-title': shortened(`Changes in ${title}`),
      footer: about,
      state: 'Changes',
      'title-words': words('text', title, 40),
      subtitle: words('text', `From ${from} to ${to}`, 40),
      'by-line': words('text', summaryOf(answer), 40),
      'place-line': words('text', line(changedBy), 40),
      summary: [],
      facts: [],
      'has-contents': sections >= 3,
      blocks: [...front, ...text, ...list],
    },
    files,
    // A redline's pictures are never shown, and its figures were told of when the plan itself was exported.
    warnings: [],
  };
}

const endName = ({ snapshot, seq }: Redline['answer']['from']): string =>
  snapshot ? `snapshot ${snapshot.number}` : `the plan as of update ${seq}`;

function facts(redline: Redline): BlockContent[] {
  const { answer } = redline;
  const rows = endRows(redline).map(({ label, values }) => [
    cell(said(label), true, 90),
    ...values.map((value) => cell(said(value || '–'), false, 180)),
  ]);
  const fields = fieldRows(answer.frontMatter).map(({ label, words }) => [cell(said(label), true), cell(words)]);
  const legend: PhrasingContent[] = [
    { type: 'text', value: 'How to read it: ' },
    marked('insertion', LEGEND.insertion, false),
    { type: 'text', value: ' · ' },
    marked('deletion', LEGEND.deletion, false),
    { type: 'text', value: ' · ' },
    marked('insertion', LEGEND.arrived, true),
    { type: 'text', value: ' · ' },
    marked('deletion', LEGEND.departed, true),
    { type: 'text', value: ' · ' },
    { type: 'changeNote', change: null, value: LEGEND.changeNote },
    {
      type: 'text',
      value: '· ¶ where a paragraph was split or joined. A bar in the margin stands beside what changed.',
    },
  ];
  return [
    grid([[cell([], true), cell(said('From'), true), cell(said('To'), true)], ...rows]),
    { type: 'paragraph', children: legend },
    ...(fields.length > 0 ? [grid(fields)] : []),
    { type: 'thematicBreak' },
  ];
}

/** Every change by number, for whoever reads on paper. */
function listOfChanges(answer: Redline['answer'], anchored: ReadonlySet<number>): BlockContent[] {
  const { changes, sections } = answer;
  if (changes.length === 0) return [];
  const head = ['No.', 'Change', 'Section', 'By'].map((label) => cell(said(label), true));
  const rows = changes.map(({ kind, section, by }, index) => {
    const number = said(String(index + 1));
    const to: PhrasingContent = { type: 'link', url: `#change-${index + 1}`, children: number as never };
    return [
      cell(anchored.has(index) ? [to] : number),
      cell(said(kindLabel(kind))),
      cell(said(section === null ? '' : cleanLine(sections[section]?.title))),
      cell(said(byWhom(answer, by))),
    ];
  });
  return [
    { type: 'thematicBreak' },
    { type: 'heading', depth: 1, children: [{ type: 'text', value: 'List of changes' }] },
    grid([head, ...rows]),
  ];
}

const said = (value: string): PhrasingContent[] => (value === '' ? [] : [{ type: 'text', value }]);

const marked = (type: 'insertion' | 'deletion', value: string, moved: boolean): PhrasingContent => ({
  type,
  change: null,
  moved,
  children: [{ type: 'text', value }],
});

const grid = (rows: GridCell[][]): BlockContent => ({
  type: 'grid',
  children: rows.map((children) => ({ type: 'gridRow', children })),
});

const cell = (children: PhrasingContent[], header = false, width: number | null = null): GridCell => ({
  type: 'gridCell',
  header,
  colspan: 1,
  rowspan: 1,
  align: null,
  widths: width === null ? null : [width],
  children: [{ type: 'paragraph', children }],
});
