/** Puts the blocks of a Word file together as HTML does: lists in lists, quotes around paragraphs, captions below their pictures. */
import type { Element, ElementContent } from 'hast';
import { element } from './inline.ts';
import type { Numbering } from './numbering.ts';
import type { Part } from './package.ts';
import { type Block, isPicture, type ListPlace, ParagraphReader } from './paragraphs.ts';
import type { Reading } from './runs.ts';
import { child, flagOf, saidBy, type Xml } from './xml.ts';

/** Twips by which a list's text must be set in further than another's to be inside of it, as programs round. */
const STEP = 150;
/** Twips that a quote is set in by, of which its place in a list says nothing. */
const QUOTE = 720;

export class BlockReader {
  readonly #reading: Reading;
  readonly #paragraphs: ParagraphReader;
  /** How far each list has counted at each level: it goes on after what stands between. */
  readonly #counted = new Map<string, number[]>();
  readonly #restarted = new Set<string>();

  constructor(reading: Reading, part: Part, numbering: Numbering) {
    this.#reading = reading;
    this.#paragraphs = new ParagraphReader(reading, part, numbering, (table) => this.#table(table));
  }

  /** Blocks that are still to be put together, so that what stands before the text can be taken first. */
  read(nodes: readonly Xml[]): Block[] {
    return this.#paragraphs.all(nodes);
  }

  assemble(blocks: readonly Block[]): ElementContent[] {
    const root: ElementContent[] = [];
    let open: OpenList[] = [];
    for (const block of blocks) {
      const isQuote = block.role?.kind === 'quote';
      if (block.list) {
        open = this.#openAt(open, block.list, isQuote, root);
        open.at(-1)!.item.children.push(...boxOf(block), block.node);
        continue;
      }
      const inset = block.indent === null ? null : block.indent - (isQuote ? QUOTE : 0);
      const isGoingOn = (inset !== null && inset > 0) || block.role?.kind === 'continuation';
      open = isGoingOn ? open.filter((list) => inset === null || list.place.indent <= inset + STEP / 2) : [];
      append(open.at(-1)?.item.children ?? root, block);
    }
    return root;
  }

  /** With a new item for `place`, in the list that it belongs to. */
  #openAt(before: readonly OpenList[], place: ListPlace, isQuote: boolean, root: ElementContent[]): OpenList[] {
    const open = [...before];
    const isNew = place.restart !== null && !this.#restarted.has(place.restart);
    if (isNew) this.#restarted.add(place.restart!);
    const isSame = ({ place: { key, level }, isQuote: isQuoted }: OpenList): boolean =>
      !isNew && key === place.key && level === place.level && isQuoted === isQuote;
    while (open.length > 0 && !isSame(open.at(-1)!) && !isInside(place, isQuote, open.at(-1)!)) open.pop();
    const number = this.#count(place, isNew);
    const last = open.at(-1);
    const item = element('li', []);
    if (last && isSame(last)) {
      last.list.children.push(item);
      open[open.length - 1] = { ...last, item };
      return open;
    }
    const properties = place.ordered ? { start: number, ...(place.type && { type: place.type }) } : {};
    const list = element(place.ordered ? 'ol' : 'ul', [item], properties);
    const container = last?.item.children ?? root;
    (isQuote && !last?.isQuote ? quoteAt(container) : container).push(list);
    return [...open, { list, item, place, isQuote }];
  }

  #count({ key, level, start }: ListPlace, isNew: boolean): number {
    const counts = this.#counted.get(key) ?? [];
    const number = ((isNew ? undefined : counts[level]) ?? start - 1) + 1;
    this.#counted.set(key, [...counts.slice(0, level), ...Array(Math.max(0, level - counts.length)), number]);
    return number;
  }

  #table(table: Xml): Block[] {
    const rows = descend(table.children, 'w:tr');
    const properties = child(table, 'w:tblPr');
    const look = child(properties, 'w:tblLook')?.attributes ?? {};
    const isMarked = look['w:firstRow'] === '1' || (Number.parseInt(look['w:val'] ?? '0', 16) & 0x20) !== 0;
    const hasFirstRow = isMarked && this.#reading.styles.hasFirstRow(saidBy(properties, 'w:tblStyle'));
    /** For each column, the cell that goes on downwards there. */
    const above = new Map<number, Element>();
    const written: Element[] = [];
    let isHead = true;
    for (const row of rows) {
      const about = child(row, 'w:trPr');
      if (child(about, 'w:del')) continue;
      isHead &&= flagOf(about, 'w:tblHeader') === true || (hasFirstRow && written.length === 0);
      const cells: Element[] = emptyCells(saidBy(about, 'w:gridBefore'));
      let column = cells.length;
      for (const cell of descend(row.children, 'w:tc')) {
        const span = Math.max(1, Number(saidBy(child(cell, 'w:tcPr'), 'w:gridSpan') ?? 1) || 1);
        const merge = child(child(cell, 'w:tcPr'), 'w:vMerge');
        const upper = merge && merge.attributes['w:val'] !== 'restart' ? above.get(column) : undefined;
        if (upper) upper.properties.rowSpan = Number(upper.properties.rowSpan ?? 1) + 1;
        else if (!child(child(cell, 'w:tcPr'), 'w:cellDel')) {
          const made = this.#cell(cell, isHead, span);
          cells.push(made);
          above.set(column, made);
        }
        column += span;
      }
      if (cells.length + above.size > 0) written.push(element('tr', cells));
    }
    const indent = Number(child(properties, 'w:tblInd')?.attributes['w:w'] ?? 0) || null;
    const node = element('table', written);
    return written.length > 0 ? [{ node, role: null, list: null, checked: null, indent, text: '' }] : [];
  }

  #cell(cell: Xml, isHead: boolean, span: number): Element {
    const blocks = this.read(cell.children);
    const isHeader = isHead || (blocks.length > 0 && blocks.every(({ role }) => role?.kind === 'header-cell'));
    const alignments = new Set(descend(cell.children, 'w:p').map((each) => saidBy(child(each, 'w:pPr'), 'w:jc')));
    const [alignment = ''] = alignments;
    const align = alignments.size === 1 ? ALIGNMENTS[alignment] : undefined;
    return element(isHeader ? 'th' : 'td', this.assemble(blocks), {
      ...(span > 1 ? { colSpan: span } : {}),
      ...(align ? { align } : {}),
    });
  }
}

interface OpenList {
  readonly list: Element;
  /** Its last. */
  readonly item: Element;
  readonly place: ListPlace;
  readonly isQuote: boolean;
}

/** By level in the same list; lists of their own are set in further than what they are inside of. */
function isInside(place: ListPlace, isQuote: boolean, { place: outer, isQuote: isQuoted }: OpenList): boolean {
  if (isQuoted && !isQuote) return false;
  return outer.key === place.key ? place.level > outer.level : place.indent > outer.indent + STEP;
}

function append(container: ElementContent[], { node, role, text }: Block): void {
  const last = container.at(-1);
  if (role?.kind === 'quote') quoteAt(container).push(node);
  else if (role?.kind === 'code') appendCode(container, text);
  else if (role?.kind === 'caption' && isFigure(last)) {
    container[container.length - 1] = element('figure', [
      ...last.children,
      element('figcaption', node.children, node.properties),
    ]);
  } else container.push(node);
}

/** The children of the quote that the container ends with, or of a new one. */
function quoteAt(container: ElementContent[]): ElementContent[] {
  const last = container.at(-1);
  if (last?.type === 'element' && last.tagName === 'blockquote') return last.children;
  const quote = element('blockquote', []);
  container.push(quote);
  return quote.children;
}

/** Word has a paragraph for each line of code. */
function appendCode(container: ElementContent[], text: string): void {
  const last = container.at(-1);
  const before = last?.type === 'element' && last.tagName === 'pre' ? last.children[0] : undefined;
  if (before?.type === 'text') before.value += `\n${text}`;
  else if (text !== '') container.push(element('pre', [{ type: 'text', value: text }]));
}

/** A paragraph of nothing but one picture. */
const isFigure = (node: ElementContent | undefined): node is Element =>
  node?.type === 'element' && node.tagName === 'p' && node.children.length === 1 && isPicture(node.children[0]);

const boxOf = ({ checked }: Block): Element[] =>
  checked === null ? [] : [element('input', [], { type: 'checkbox', checked })];

const emptyCells = (count: string | undefined): Element[] =>
  Array.from({ length: Math.min(Number(count ?? 0) || 0, 100) }, () => element('td', []));

/** Elements of that name, also where something that says nothing of them is around them. */
const descend = (nodes: readonly Xml[], name: string): Xml[] =>
  nodes.flatMap((node) =>
    node.name === name
      ? [node]
      : /^w:(?:sdt|sdtContent|customXml|smartTag|ins)$/.test(node.name)
        ? descend(node.children, name)
        : [],
  );

const ALIGNMENTS: Readonly<Record<string, 'center' | 'right'>> = { center: 'center', right: 'right', end: 'right' };
