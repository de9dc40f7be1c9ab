/** Changes in plain words, the same on the page and in what is handed round: what kind, what became what. */
import { languageName } from '../schema/language-name.ts';
import type { ChangeKind, MarkJSON, NodeJSON, Shape } from './comparison.ts';

const KIND_LABEL: Record<ChangeKind, string> = {
  inserted: 'Added',
  'row-inserted': 'Row added',
  'column-inserted': 'Column added',
  deleted: 'Removed',
  'row-deleted': 'Row removed',
  'column-deleted': 'Column removed',
  replaced: 'Reworded',
  moved: 'Moved',
  split: 'Split in two',
  joined: 'Joined into one',
  retyped: 'Turned into something else',
  formatting: 'Formatting',
  attributes: 'Details',
};

export const kindLabel = (kind: ChangeKind): string => KIND_LABEL[kind];

/** "a heading", "a list item", with its article. */
export function blockName({ type, attrs }: Shape): string {
  if (type === 'heading') return `a heading of level ${String(attrs?.level ?? 1)}`;
  return BLOCK_NAME[type] ?? 'another kind of block';
}
const BLOCK_NAME: Readonly<Record<string, string>> = {
  paragraph: 'a paragraph',
  bulletList: 'a list',
  orderedList: 'a numbered list',
  taskList: 'a list of tasks',
  listItem: 'a list item',
  taskItem: 'a task',
  blockquote: 'a quotation',
  codeBlock: 'a block of code',
  table: 'a table',
  tableRow: 'a row',
  tableHeader: 'a header cell',
  tableCell: 'a cell',
  figure: 'a figure',
  footnote: 'a footnote',
  horizontalRule: 'a line across',
};

/** An excerpt in quotation marks. */
export const quoted = (value: string): string => {
  const text = value.replace(/\s+/gu, ' ').trim();
  return `“${text.length > 90 ? `${text.slice(0, 88).replace(/[\ud800-\udbff]$/u, '')}…` : text}”`;
};

/** "“old” became “new”", or "added: “new”" where there was none. */
function turned(before: unknown, after: unknown, show: (value: unknown) => string = (value) => quoted(String(value))) {
  const [was, is] = [before, after].map((value) =>
    value === null || value === undefined || value === '' ? '' : show(value),
  );
  if (was === '') return `added: ${is}`;
  return is === '' ? `removed: ${was}` : `${was} became ${is}`;
}

const language = (value: unknown): string => languageName(String(value));
const DIRECTION: Record<string, string> = { ltr: 'left to right', rtl: 'right to left' };
const NUMBERING: Record<string, string> = {
  1: '1, 2, 3',
  a: 'a, b, c',
  A: 'A, B, C',
  i: 'i, ii, iii',
  I: 'I, II, III',
};

/** What an attribute is called, and how its values are shown. */
const ATTRIBUTES: Record<string, (before: unknown, after: unknown) => string> = {
  lang: (before, after) => `Language ${turned(before, after, language)}`,
  dir: (before, after) =>
    `Direction of writing ${turned(before, after, (value) => DIRECTION[String(value)] ?? String(value))}`,
  src: (before, after) => `Picture ${turned(before, after)}`,
  alt: (before, after) => `Description of the picture ${turned(before, after)}`,
  decorative: (_before, after) => (after === true ? 'Picture marked as decorative' : 'Picture no longer decorative'),
  credit: (before, after) => `Credit ${turned(before, after)}`,
  checked: (_before, after) => (after === true ? 'Task marked as done' : 'Task marked as not done'),
  language: (before, after) => `Programming language ${turned(before, after)}`,
  start: (before, after) => `List began with ${String(before ?? 1)}, begins with ${String(after ?? 1)}`,
  type: (before, after) =>
    `Numbering ${NUMBERING[String(before ?? 1)] ?? String(before)} became ${NUMBERING[String(after ?? 1)] ?? String(after)}`,
  align: (before, after) => `Alignment ${turned(before, after, String)}`,
  colspan: (before, after) => `Cell spanned ${String(before ?? 1)}, spans ${String(after ?? 1)} columns`,
  rowspan: (before, after) => `Cell spanned ${String(before ?? 1)}, spans ${String(after ?? 1)} rows`,
  colwidth: () => 'Width of a column changed',
  prompt: (before, after) => `Guiding prompt ${turned(before, after)}`,
  level: (before, after) => `Heading level ${String(before)} became ${String(after)}`,
};

/** What became of a node: another kind, wrapped, unwrapped, or other attributes. */
export function shapeWords(before: Shape | null, after: Shape | null): string {
  if (before === null) return after === null ? '' : `Now in ${blockName(after)}`;
  if (after === null) return `No longer in ${blockName(before)}`;
  if (before.type !== after.type || before.attrs?.level !== after.attrs?.level) return `Was ${blockName(before)}`;
  return [attributeWords(before, after), marksWords(before, after)].filter(Boolean).join('; ');
}

function attributeWords(before: Shape, after: Shape): string {
  const names = new Set([...Object.keys(before.attrs ?? {}), ...Object.keys(after.attrs ?? {})]);
  const words = [...names]
    .filter((name) => JSON.stringify(before.attrs?.[name] ?? null) !== JSON.stringify(after.attrs?.[name] ?? null))
    .map((name) => ATTRIBUTES[name]?.(before.attrs?.[name], after.attrs?.[name]) ?? 'Details changed');
  return [...new Set(words)].join('; ');
}

const MARK_NAME: Record<string, string> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strike: 'strike-through',
  code: 'code',
  highlight: 'highlight',
  subscript: 'subscript',
  superscript: 'superscript',
  link: 'link',
};
const markName = (type: string): string => MARK_NAME[type] ?? 'formatting';

/** "bold added", "link address changed from … to …". */
export const formattingWords = (before: NodeJSON, after: NodeJSON): string =>
  marksWords(before, after) || 'formatting changed';

function marksWords(before: Shape, after: Shape): string {
  const [was, is] = [before, after].map(
    ({ marks }) => new Map<string, MarkJSON>((marks ?? []).map((mark) => [mark.type, mark])),
  );
  const words: string[] = [];
  for (const [type, mark] of is ?? []) {
    const old = was?.get(type);
    if (!old) words.push(type === 'link' ? `link added: ${String(mark.attrs?.href)}` : `${markName(type)} added`);
    else if (type === 'link' && old.attrs?.href !== mark.attrs?.href)
      words.push(`link address changed from ${String(old.attrs?.href)} to ${String(mark.attrs?.href)}`);
    else if (type === 'link' && old.attrs?.title !== mark.attrs?.title)
      words.push(`link title ${turned(old.attrs?.title, mark.attrs?.title)}`);
  }
  for (const [type, mark] of was ?? [])
    if (!is?.has(type))
      words.push(type === 'link' ? `link removed: ${String(mark.attrs?.href)}` : `${markName(type)} removed`);
  return words.join(', ');
}
