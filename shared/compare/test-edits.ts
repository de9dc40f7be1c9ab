/** Random edits of a document as people make them, for property tests and the benchmark. */
import type { NodeJSON } from './comparison.ts';

type Random = (below: number) => number;
type Node = { -readonly [Key in keyof NodeJSON]: NodeJSON[Key] };

/** Whole numbers from 0 up to `below`; mulberry32. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const WORDS =
  'commons council city land trust share plan citizen shall may not 2030 energy water open the of and'.split(' ');
const isTextual = ({ type }: NodeJSON) => type === 'paragraph' || type === 'heading';
const isList = ({ type }: NodeJSON) => /List$/.test(type);
const blockParents = /^(doc|blockquote|listItem|taskItem|tableCell|tableHeader)$/;

/** Lists of blocks anywhere in the document, for taking from and putting into. */
function blockLists(node: NodeJSON): Node[][] {
  const own = blockParents.test(node.type) && node.content ? [node.content as Node[]] : [];
  return [...own, ...(node.content ?? []).flatMap(blockLists)];
}

const everyNode = (node: Node): Node[] => [node, ...(node.content ?? []).flatMap((child) => everyNode(child as Node))];

/** Makes `count` edits of a copy. What comes out may not be valid: normalize it, and leave out what the schema refuses. */
export function edited(document: NodeJSON, count: number, random: Random): NodeJSON {
  const copy = structuredClone(document) as Node;
  for (let n = 0; n < count; n++) EDITS[random(EDITS.length)]!(copy, random);
  return copy;
}

const pick = <T>(from: readonly T[], random: Random): T | undefined => from[random(from.length)];
const words = (random: Random) => Array.from({ length: 1 + random(4) }, () => pick(WORDS, random)).join(' ');

const EDITS: ((document: Node, random: Random) => void)[] = [
  changeWords,
  changeWords,
  changeWords,
  toggleMark,
  takeOutBlock,
  putInBlock,
  moveBlock,
  split,
  join,
  retype,
  wrap,
  unwrap,
  changeAttributes,
  changeRows,
  changeColumns,
  changeFootnote,
];

function texts(document: Node): Node[] {
  return everyNode(document).filter(({ type }) => type === 'text');
}

function changeWords(document: Node, random: Random): void {
  const node = pick(texts(document), random);
  if (!node) return;
  const text = node.text!;
  const from = random(text.length + 1);
  const to = Math.min(text.length, from + random(12));
  node.text = `${text.slice(0, from)}${random(3) ? words(random) : ''}${text.slice(to)}`.toWellFormed() || 'x';
}

function toggleMark(document: Node, random: Random): void {
  const parent = pick(
    everyNode(document).filter((node) => isTextual(node) && node.content?.length),
    random,
  );
  const content = parent?.content as Node[] | undefined;
  const node = content && pick(content, random);
  if (node?.type !== 'text') return;
  const at = random(node.text!.length + 1);
  const has = (node.marks ?? []).some(({ type }) => type === 'bold');
  const marks = has ? node.marks!.filter(({ type }) => type !== 'bold') : [{ type: 'bold' }, ...(node.marks ?? [])];
  const parts = [
    { ...node, text: node.text!.slice(0, at).toWellFormed() },
    { ...node, text: node.text!.slice(at).toWellFormed(), marks },
  ];
  content!.splice(content!.indexOf(node), 1, ...parts.filter(({ text }) => text));
}

function takeOutBlock(document: Node, random: Random): void {
  const list = pick(blockLists(document), random)!;
  if (list.length > 1) list.splice(random(list.length), 1);
}

function putInBlock(document: Node, random: Random): void {
  const list = pick(blockLists(document), random)!;
  const copied = random(3) === 0 ? pick(list, random) : undefined;
  const fresh: Node = { type: 'paragraph', content: [{ type: 'text', text: words(random) }] };
  list.splice(random(list.length + 1), 0, copied ? structuredClone(copied) : fresh);
}

function moveBlock(document: Node, random: Random): void {
  const lists = blockLists(document).concat(
    everyNode(document)
      .filter(isList)
      .map(({ content }) => content as Node[]),
  );
  const from = pick(lists, random)!;
  if (from.length < 2) return;
  const [block] = from.splice(random(from.length), 1);
  const isItem = /Item$/.test(block!.type);
  const inside = new Set(everyNode(block!).map(({ content }) => content));
  const to = (isItem ? [from] : blockLists(document)).filter((list) => !inside.has(list));
  const list = pick(to, random)!;
  list.splice(random(list.length + 1), 0, block!);
}

function split(document: Node, random: Random): void {
  const list = pick(blockLists(document), random)!;
  const at = random(list.length);
  const block = list[at]!;
  const content = (block.content ?? []) as Node[];
  if (!isTextual(block) || content.length === 0) return;
  const cut = random(content.length);
  const node = content[cut]!;
  const inside = node.type === 'text' ? random(node.text!.length + 1) : 0;
  const half = (text: string) => (text ? [{ ...node, text: text.toWellFormed() }] : []);
  const parts =
    node.type === 'text' ? [half(node.text!.slice(0, inside)), half(node.text!.slice(inside))] : [[], [node]];
  list.splice(
    at,
    1,
    { ...block, content: [...content.slice(0, cut), ...parts[0]!] },
    { ...block, content: [...parts[1]!, ...content.slice(cut + 1)] },
  );
}

function join(document: Node, random: Random): void {
  const list = pick(blockLists(document), random)!;
  const at = random(list.length);
  const [one, other] = [list[at]!, list[at + 1]];
  if (!other || !isTextual(one) || !isTextual(other)) return;
  list.splice(at, 2, { ...one, content: [...(one.content ?? []), ...(other.content ?? [])] });
}

function retype(document: Node, random: Random): void {
  const node = pick(everyNode(document), random)!;
  const { level: _, ...attrs } = node.attrs ?? {};
  if (node.type === 'paragraph')
    Object.assign(node, { type: 'heading', attrs: { ...attrs, prompt: null, level: 1 + random(4) } });
  else if (node.type === 'heading') Object.assign(node, { type: 'paragraph', attrs });
  else if (node.type === 'bulletList') node.type = 'orderedList';
  else if (node.type === 'orderedList') Object.assign(node, { type: 'bulletList', attrs: {} });
}

function wrap(document: Node, random: Random): void {
  const list = pick(blockLists(document), random)!;
  const from = random(list.length);
  const blocks = list.splice(from, 1 + random(3));
  const inList = random(2) === 0 && blocks.every(({ type }) => type === 'paragraph');
  const content = inList ? blocks.map((block): Node => ({ type: 'listItem', content: [block] })) : blocks;
  list.splice(from, 0, { type: inList ? 'bulletList' : 'blockquote', content });
}

function unwrap(document: Node, random: Random): void {
  const list = pick(blockLists(document), random)!;
  const at = list.findIndex((block) => block.type === 'blockquote' || isList(block));
  if (at < 0) return;
  const content = (list[at]!.content ?? []) as Node[];
  list.splice(at, 1, ...(isList(list[at]!) ? content.flatMap((item) => (item.content ?? []) as Node[]) : content));
}

function changeAttributes(document: Node, random: Random): void {
  const node = pick(everyNode(document), random)!;
  if (node.type === 'taskItem') node.attrs = { checked: !node.attrs?.checked };
  else if (node.type === 'figure') node.attrs = { ...node.attrs, alt: words(random) };
  else if (isTextual(node)) node.attrs = { ...node.attrs, lang: pick(['fr', 'nl', null], random) };
  else if (node.marks?.some(({ type }) => type === 'link')) {
    node.marks = node.marks.map((mark) =>
      mark.type === 'link' ? { ...mark, attrs: { ...mark.attrs, href: 'https://example.org/new' } } : mark,
    );
  }
}

const tables = (document: Node) => everyNode(document).filter(({ type }) => type === 'table');
const cell = (random: Random): Node => ({
  type: 'tableCell',
  content: [{ type: 'paragraph', content: [{ type: 'text', text: words(random) }] }],
});

function changeRows(document: Node, random: Random): void {
  const rows = pick(tables(document), random)?.content as Node[] | undefined;
  if (!rows) return;
  const at = random(rows.length);
  const fresh: Node = { type: 'tableRow', content: (rows[at]!.content ?? []).map(() => cell(random)) };
  const action = random(3);
  if (action === 0) rows.splice(at, 0, fresh);
  else if (action === 1 && rows.length > 1) rows.splice(at, 1);
  else rows.push(...rows.splice(at, 1));
}

function changeColumns(document: Node, random: Random): void {
  const rows = pick(tables(document), random)?.content as Node[] | undefined;
  if (!rows) return;
  const at = random(4);
  const inserts = random(2) === 0;
  for (const row of rows) {
    row.content ??= [];
    const content = row.content as Node[];
    if (inserts) content.splice(at, 0, cell(random));
    else if (content.length > 1) content.splice(at, 1);
  }
}

function changeFootnote(document: Node, random: Random): void {
  const parent = pick(
    everyNode(document).filter((node) => isTextual(node)),
    random,
  );
  if (!parent) return;
  parent.content ??= [];
  const content = parent.content as Node[];
  const at = content.findIndex(({ type }) => type === 'footnote');
  if (at >= 0 && random(2)) content.splice(at, 1);
  else
    content.splice(random(content.length + 1), 0, {
      type: 'footnote',
      content: [{ type: 'text', text: words(random) }],
    });
}
