/** The HTML elements of a plan's nodes and marks, made from JSON: for reading only, and without the editor. */
import type { MarkJSON, Shape } from '../../shared/compare/comparison.ts';
import { safeUrl } from '../../shared/schema/safe-url.ts';
import { figurePicture } from '../editor/figure.ts';

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  if (className !== '') el.className = className;
  el.append(...content);
  return el;
}

interface Built {
  readonly outer: HTMLElement;
  /** Where the node's content goes. */
  readonly content: HTMLElement;
}

/** The element of a block. What this page does not know is shown as plain text. */
export function blockElement(shape: Shape): Built {
  const attrs = shape.attrs ?? {};
  const build = BUILDERS[shape.type] ?? (() => one(element('div')));
  const built = build(attrs);
  for (const name of ['lang', 'dir'] as const) {
    const value = attrs[name];
    if (typeof value === 'string') built.outer.setAttribute(name, value);
  }
  return built;
}

type Attrs = Readonly<Record<string, unknown>>;
const one = (el: HTMLElement): Built => ({ outer: el, content: el });
const around = (outer: HTMLElement, content: HTMLElement): Built => {
  outer.append(content);
  return { outer, content };
};
const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

const BUILDERS: Record<string, (attrs: Attrs) => Built> = {
  paragraph: () => one(element('p')),
  heading: ({ level }) => one(element(`h${Math.min(4, Math.max(1, numberOf(level, 1)))}` as 'h1')),
  bulletList: () => one(element('ul')),
  orderedList: ({ start, type }) => {
    const list = element('ol');
    list.start = numberOf(start, 1);
    if (typeof type === 'string') list.type = type;
    return one(list);
  },
  listItem: () => one(element('li')),
  taskList: () => one(element('ul', 'tasks')),
  taskItem: ({ checked }) => {
    const box = element('span', checked === true ? 'task-box done' : 'task-box');
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', checked === true ? 'Done' : 'Not done');
    return around(element('li', 'task', box), element('div'));
  },
  blockquote: () => one(element('blockquote')),
  codeBlock: () => around(element('pre'), element('code')),
  horizontalRule: () => one(element('hr')),
  table: () => {
    const rows = element('tbody');
    const place = element('div', 'table-place', element('table', '', rows));
    // What scrolls must be within reach of the keyboard.
    place.tabIndex = 0;
    place.setAttribute('role', 'group');
    place.setAttribute('aria-label', 'Table');
    return { outer: place, content: rows };
  },
  tableRow: () => one(element('tr')),
  tableHeader: (attrs) => one(cell(element('th'), attrs)),
  tableCell: (attrs) => one(cell(element('td'), attrs)),
  figure: (attrs) => {
    const caption = element('figcaption');
    const picture = element('div', 'figure-picture', figurePicture(attrs));
    const figure = element('figure', '', picture, caption);
    if (typeof attrs.credit === 'string' && attrs.credit !== '') figure.append(element('small', '', attrs.credit));
    return { outer: figure, content: caption };
  },
};

function cell(el: HTMLTableCellElement, { colspan, rowspan, align }: Attrs): HTMLTableCellElement {
  el.colSpan = numberOf(colspan, 1);
  el.rowSpan = numberOf(rowspan, 1);
  if (typeof align === 'string') el.dataset.align = align;
  return el;
}

const MARKS: Record<string, keyof HTMLElementTagNameMap> = {
  bold: 'strong',
  italic: 'em',
  strike: 's',
  underline: 'u',
  code: 'code',
  highlight: 'mark',
  subscript: 'sub',
  superscript: 'sup',
};

/** The inline content within the elements of its marks, the first mark outermost. */
export function marked(content: Node, marks: readonly MarkJSON[] = []): Node {
  return marks.reduceRight<Node>((inner, mark) => {
    const el = markElement(mark);
    if (!el) return inner;
    el.append(inner);
    return el;
  }, content);
}

function markElement({ type, attrs }: MarkJSON): HTMLElement | null {
  if (type === 'link') return linkElement(attrs?.href, attrs?.title);
  const tag = MARKS[type];
  return tag ? element(tag) : null;
}

function linkElement(href: unknown, title: unknown): HTMLElement | null {
  const url = safeUrl(href);
  if (url === null) return null;
  const link = element('a');
  link.href = url;
  link.rel = 'noopener noreferrer nofollow';
  link.target = '_blank';
  if (typeof title === 'string') link.title = title;
  return link;
}
