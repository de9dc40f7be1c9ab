/** Draws compared blocks: paragraphs, lists, tables, figures, each with what happened to it said in words above it. */
import type { ComparedInline, ComparedNode, NodeJSON, Shape } from '../../shared/compare/comparison.ts';
import { shapeWords } from '../../shared/compare/describe.ts';
import { isInline } from '../../shared/compare/node.ts';
import { blockElement, element } from '../reading/elements.ts';
import { type DrawContext, drawInline, drawText, type Side, signed } from './inline.ts';
import { alignColumns } from './tables.ts';

/** What a block change is called, and the sign that stands before the words. */
const LABEL = {
  inserted: ['+', 'Added'],
  deleted: ['−', 'Removed'],
  departed: ['«', 'Moved from here'],
  arrived: ['»', 'Moved here'],
  reshaped: ['~', ''],
  split: ['¶', 'One paragraph split'],
  joined: ['¶', 'Paragraphs joined'],
} as const;
type Label = keyof typeof LABEL;

/** Nodes whose element may stand only in a certain parent: nothing can be put around them. */
const BOUND: ReadonlySet<string> = new Set(['listItem', 'taskItem', 'tableRow', 'tableCell', 'tableHeader']);

/** The elements of a compared node on one side; none where it does not exist there. */
export function drawBlock(node: ComparedNode, context: DrawContext): Node[] {
  const { side } = context;
  switch (node.op) {
    case 'same':
      return [drawWhole(node.node, context)];
    case 'inserted':
      return side === 'before' ? [] : [drawChanged(node.node, 'inserted', node.change, context)];
    case 'deleted':
      return side === 'after' ? [] : [drawChanged(node.node, 'deleted', node.change, context)];
    case 'departed':
      return side === 'after' ? [] : [drawDeparted(node.node, node.change, context)];
    case 'arrived': {
      if (side === 'before') return [];
      const link = jump('Where it was', node.change, 'departed');
      return drawBlock(node.node, context).map((drawn, index) =>
        index === 0 ? framed(drawn as HTMLElement, 'arrived', node.change, context, [link]) : drawn,
      );
    }
    case 'container':
      return drawContainer(node, context);
    case 'text':
      return drawTextBlock(node, context);
    case 'regrouped':
      return drawRegrouped(node, context);
  }
}

/** A node with all it holds. `within`: the element that its text stands in where it came or went as a whole. */
function drawWhole(node: NodeJSON, context: DrawContext, within?: 'ins' | 'del'): HTMLElement {
  const { outer, content } = blockElement(node);
  const children = node.content ?? [];
  const inline = children.length === 0 || children.some(isInline);
  if (!inline) content.append(...children.map((child) => drawWhole(child, context, within)));
  else if (within && node.type !== 'horizontalRule') content.append(changedWords(children, context, within));
  else content.append(...children.map((child) => drawText(child, context)));
  return outer;
}

function changedWords(children: readonly NodeJSON[], context: DrawContext, tag: 'ins' | 'del'): HTMLElement {
  // An empty paragraph that came or went would not be seen.
  if (children.length === 0) return element(tag, 'empty-block', '¶');
  return element(tag, '', ...children.map((child) => drawText(child, context)));
}

function drawChanged(node: NodeJSON, kind: 'inserted' | 'deleted', change: number, context: DrawContext): HTMLElement {
  const drawn = drawWhole(node, context, kind === 'inserted' ? 'ins' : 'del');
  const what = WHOLE[node.type];
  return framed(drawn, kind, change, context, [], what ? `${what} ${LABEL[kind][1].toLowerCase()}` : undefined);
}
const WHOLE: Record<string, string> = {
  tableRow: 'Row',
  table: 'Table',
  figure: 'Figure',
  codeBlock: 'Code',
  horizontalRule: 'Line across',
  tableCell: 'Column',
  tableHeader: 'Column',
};

function drawDeparted(node: NodeJSON, change: number, context: DrawContext): HTMLElement {
  const drawn = drawWhole(node, context, 'del');
  const frame = framed(drawn, 'departed', change, context, [jump('Where it is now', change, 'arrived')]);
  // In one text the words stand at their new place: here their beginning is enough.
  if (context.side === 'both') frame.classList.add('brief');
  return frame;
}

/** A way to the other end of a move. */
function jump(words: string, change: number, to: 'departed' | 'arrived'): HTMLElement {
  const button = element('button', 'link-button', words);
  button.type = 'button';
  button.dataset.jump = String(change);
  button.dataset.to = to;
  return button;
}

/**
 * Says above a block what happened to it. Around most blocks goes a frame; items, rows and cells, around which nothing may stand, carry
 * the words within.
 */
function framed(
  drawn: HTMLElement,
  kind: Label,
  change: number,
  context: DrawContext,
  links: readonly Node[] = [],
  words: string = LABEL[kind][1],
): HTMLElement {
  const authors = context.authors(change);
  const sign = element('span', 'label-sign', LABEL[kind][0]);
  sign.setAttribute('aria-hidden', 'true');
  const label = element('span', 'change-label', sign, element('span', '', words));
  if (authors !== '') label.append(element('span', 'label-author', authors));
  label.append(...links);
  const bound = drawn.matches('li, tr, td, th');
  if (!bound) return signed(element('div', 'frame', label, drawn), kind, change, context);
  const host = drawn.matches('tr')
    ? (drawn.querySelector('td, th') ?? drawn)
    : (drawn.querySelector(':scope > div') ?? drawn);
  host.prepend(label);
  return signed(drawn, kind, change, context);
}

function drawContainer(node: ComparedNode & { op: 'container' }, context: DrawContext): Node[] {
  const { side } = context;
  const shape = side === 'before' ? node.before : node.after;
  const children = node.children.flatMap((child) => drawBlock(child, context));
  const words = node.change === null ? '' : shapeWords(node.before, node.after);
  // An item that was put around a paragraph says so by the list that was put around it.
  const told = words !== '' && !(BOUND.has((node.after ?? node.before)?.type ?? '') && (!node.before || !node.after));
  if (shape === null) {
    if (node.change === null || !told || side === 'before' || children.length === 0) return children;
    const plain = element('div', 'plain', ...loose(children));
    return [framed(plain, 'reshaped', node.change, context, [], words)];
  }
  const { outer, content } = blockElement(shape);
  content.append(...children);
  if (shape.type === 'table') finishTable(node.children, children, content, side);
  if (node.change === null) return [outer];
  return told && side !== 'before'
    ? [framed(outer, 'reshaped', node.change, context, [], words)]
    : [signed(outer, 'reshaped', node.change, context)];
}

/** A column that came or went has a label in its first cell only. */
function finishTable(rows: readonly ComparedNode[], drawn: readonly Node[], table: HTMLElement, side: Side): void {
  const labelled = new Set<string | undefined>();
  for (const cell of table.querySelectorAll<HTMLElement>(':is(td, th).change')) {
    if (labelled.has(cell.dataset.change)) cell.querySelector('.change-label')?.remove();
    labelled.add(cell.dataset.change);
  }
  if (side === 'both') alignColumns(rows, drawn);
}

/** Items that lost their list stand as plain blocks. */
function loose(children: readonly Node[]): Node[] {
  return children.flatMap((child) => (child instanceof HTMLLIElement ? [...child.childNodes] : [child]));
}

function drawTextBlock(node: ComparedNode & { op: 'text' }, context: DrawContext): Node[] {
  const shape: Shape = context.side === 'before' ? node.before : node.after;
  const { outer, content } = blockElement(shape);
  content.append(...drawInline(node.inline, context));
  if (node.change === null) return [outer];
  if (context.side === 'before') return [signed(outer, 'reshaped', node.change, context)];
  return [framed(outer, 'reshaped', node.change, context, [], shapeWords(node.before, node.after))];
}

/** Paragraphs that were split or joined: in one text with a pilcrow wherever one ended or ends, on one side as they stand there. */
function drawRegrouped(node: ComparedNode & { op: 'regrouped' }, context: DrawContext): Node[] {
  const { change } = node;
  const older = context.side === 'before';
  const shapes = older ? node.before : node.after;
  const ending = older ? 'deleted' : 'inserted';
  const blocks: HTMLElement[] = [];
  let block = openBlock(shapes[0]);
  let run: ComparedInline[] = [];
  const write = (...more: Node[]): void => {
    block.content.append(...drawInline(run, context), ...more);
    run = [];
  };
  for (const inline of node.inline) {
    if (inline.op !== 'break') run.push(inline);
    else if (inline.side === 'both' || inline.side === ending) {
      write(...(inline.side === 'inserted' && context.side === 'both' ? [pilcrow('ins', change, context)] : []));
      blocks.push(block.outer);
      block = openBlock(shapes[blocks.length] ?? shapes.at(-1));
    } else if (context.side === 'both') write(pilcrow('del', change, context), document.createTextNode(' '));
  }
  write();
  blocks.push(block.outer);
  const kind = node.after.length > node.before.length ? 'split' : 'joined';
  if (older) return blocks.map((el) => signed(el, 'reshaped', change, context));
  const [first, ...rest] = blocks as [HTMLElement, ...HTMLElement[]];
  if (!first.matches('li')) return [framed(element('div', 'plain', ...blocks), kind, change, context)];
  return [framed(first, kind, change, context), ...rest.map((el) => signed(el, kind, change, context))];
}

/** The elements of a block's shapes, from the outside in. */
function openBlock(shapes: readonly Shape[] = []): { outer: HTMLElement; content: HTMLElement } {
  const [first, ...inner] = shapes.length > 0 ? shapes : [{ type: 'paragraph' }];
  let { outer, content } = blockElement(first as Shape);
  for (const shape of inner) {
    const built = blockElement(shape);
    content.append(built.outer);
    content = built.content;
  }
  return { outer, content };
}

function pilcrow(tag: 'ins' | 'del', change: number, context: DrawContext): HTMLElement {
  return signed(element(tag, 'pilcrow', '¶'), tag === 'ins' ? 'inserted' : 'deleted', change, context);
}
