/** The text of a comparison on the page: rows drawn as they are needed, unchanged stretches folded, every change findable. */
import type { ComparedNode } from '../../shared/compare/comparison.ts';
import { element } from '../reading/elements.ts';
import { drawBlock } from './blocks.ts';
import { fold, type Segment } from './folding.ts';
import type { DrawContext, Side } from './inline.ts';
import { drawNotes } from './notes.ts';
import type { Survey } from './survey.ts';

export interface SheetContent {
  readonly blocks: readonly ComparedNode[];
  readonly survey: Survey;
  /** Titles of headings with the row they stand in, in order. */
  readonly sections: readonly { readonly title: string; readonly level: number; readonly block: number }[];
  readonly authors: (change: number) => string;
  /** What the columns are called. */
  readonly names: readonly [before: string, after: string];
}

export interface SheetView {
  readonly layout: 'unified' | 'side-by-side';
  /** Changes that the reader looks for. */
  readonly matters: ReadonlySet<number>;
  readonly unfolded: boolean;
}

/** Rows that are laid out, and skipped by the browser while out of sight, together. */
const CHUNK = 12;
/** Rows that one more click on an edge of a fold shows. */
const SOME = 10;
/** How far (px) beyond the window rows are drawn ahead of the reader. */
const AHEAD = 1200;
/** Milliseconds of drawing at a time what nobody has come to yet, so that the page's own search finds it. */
const SLICE = 8;

interface Chunk {
  readonly el: HTMLElement;
  readonly rows: readonly number[];
  drawn: boolean;
}

/** Where a change is on the page, for the change map. In pixels from the top of the sheet. */
export interface Mark {
  readonly change: number;
  readonly top: number;
}

export class Sheet {
  readonly #root: HTMLElement;
  readonly #content: SheetContent;
  #view: SheetView;
  #opened = new Set<number>();
  #chunks: Chunk[] = [];
  #chunkOfRow = new Map<number, Chunk>();
  readonly #chunkOfElement = new WeakMap<Element, Chunk>();
  #rows = new Map<number, HTMLElement>();
  #observer: IntersectionObserver;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** Draws into `root`, whose content it owns until `destroy`. */
  constructor(root: HTMLElement, content: SheetContent, view: SheetView) {
    this.#root = root;
    this.#content = content;
    this.#view = view;
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: `${AHEAD}px 0px` });
    root.addEventListener('click', this.#click);
    this.#layOut();
  }

  destroy(): void {
    clearTimeout(this.#idle);
    this.#observer.disconnect();
    this.#root.removeEventListener('click', this.#click);
    this.#root.replaceChildren();
  }

  show(view: SheetView): void {
    if (view.unfolded !== this.#view.unfolded) this.#opened = new Set();
    this.#view = view;
    this.#rows = new Map();
    this.#layOut();
  }

  /** The first place of a change, drawn and unfolded if it was not; null where the present layout has none. */
  find(change: number, kind?: 'departed' | 'arrived'): HTMLElement | null {
    const rows = this.#content.survey.facts[change]?.rows ?? [];
    for (const row of rows) this.#open(row);
    const selector = `[data-change="${change}"]${kind ? `.${kind}` : ''}`;
    for (const row of rows) {
      const found = this.#rows.get(row)?.querySelector<HTMLElement>(selector);
      if (found) return found;
    }
    return this.#root.querySelector<HTMLElement>(selector);
  }

  /** The row, drawn and unfolded if it was not. */
  row(index: number): HTMLElement | null {
    this.#open(index);
    return this.#rows.get(index) ?? null;
  }

  /** The first row, of those shown and accepted, that ends below this height in the window (px). */
  rowBelow(height: number, accepts: (row: number) => boolean): number | null {
    for (const { el, rows } of this.#chunks) {
      if (el.getBoundingClientRect().bottom <= height) continue;
      for (const row of rows) {
        if (!accepts(row)) continue;
        const drawn = this.#rows.get(row);
        if (!drawn || drawn.getBoundingClientRect().bottom > height) return row;
      }
    }
    return null;
  }

  /** Every change that the reader looks for, as far as possible at its true height, otherwise at its share of its chunk. */
  marks(): Mark[] {
    const origin = this.#root.getBoundingClientRect().top;
    const marks: Mark[] = [];
    for (const { el, rows } of this.#chunks) {
      const { top, height } = el.getBoundingClientRect();
      const total = rows.reduce((sum, row) => sum + this.#weight(row), 0);
      let before = 0;
      for (const row of rows) {
        const changes = (this.#content.survey.rows[row]?.changes ?? []).filter((change) =>
          this.#view.matters.has(change),
        );
        const weight = this.#weight(row);
        changes.forEach((change, index) => {
          const share = (before + (weight * (index + 0.5)) / changes.length) / total;
          marks.push({ change, top: top - origin + share * height });
        });
        before += weight;
      }
    }
    return marks;
  }

  /** About how many pixels a row is high. */
  #weight(row: number): number {
    const size = this.#content.survey.rows[row]?.size ?? 0;
    return 44 + Math.ceil(size / (this.#view.layout === 'unified' ? 74 : 46)) * 30;
  }

  readonly #click = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLElement>('[data-unfold]');
    if (!button) return;
    const [from, to] = (button.dataset.unfold ?? '').split('-').map(Number);
    if (from === undefined || to === undefined) return;
    this.#unfold(from, to);
  };

  /** Shows rows from..to-1 without moving what the reader looks at: the row above the fold, or the one below it where that is the edge. */
  #unfold(from: number, to: number): void {
    for (let row = from; row < to; row += 1) this.#opened.add(row);
    const anchor = this.#rows.get(from - 1) ?? this.#rows.get(to);
    const top = anchor?.getBoundingClientRect().top;
    this.#layOut();
    const first = this.row(from);
    if (anchor && top !== undefined) window.scrollBy(0, anchor.getBoundingClientRect().top - top);
    first?.setAttribute('tabindex', '-1');
    first?.focus({ preventScroll: true });
  }

  #open(row: number): void {
    if (!this.#chunkOfRow.has(row)) {
      this.#opened.add(row);
      this.#layOut();
    }
    const chunk = this.#chunkOfRow.get(row);
    if (chunk) this.#draw(chunk);
  }

  #layOut(): void {
    const { survey } = this.#content;
    const { matters, unfolded } = this.#view;
    const segments = fold(survey.rows, (change) => matters.has(change), unfolded ? 'all' : this.#opened);
    this.#observer.disconnect();
    this.#chunks = [];
    this.#chunkOfRow = new Map();
    const parts = segments.flatMap((segment) =>
      segment.folded ? [this.#foldBar(segment)] : this.#chunked(segment).map(({ el }) => el),
    );
    const notes = drawNotes(survey, this.#context('both'));
    this.#root.replaceChildren(...this.#columnHeads(), ...parts, ...notes);
    this.#root.dataset.layout = this.#view.layout;
    for (const { el } of this.#chunks) this.#observer.observe(el);
    this.#drawTheRest();
  }

  #columnHeads(): HTMLElement[] {
    if (this.#view.layout === 'unified') return [];
    return [element('div', 'column-heads', ...this.#content.names.map((name) => element('span', '', name)))];
  }

  #chunked({ from, to }: Segment): Chunk[] {
    const chunks: Chunk[] = [];
    for (let start = from; start < to; start += CHUNK) {
      const rows = Array.from({ length: Math.min(CHUNK, to - start) }, (_, index) => start + index);
      const el = element('div', 'row-chunk');
      el.style.setProperty('--height', `${rows.reduce((sum, row) => sum + this.#weight(row), 0)}px`);
      const chunk = { el, rows, drawn: false };
      for (const row of rows) this.#chunkOfRow.set(row, chunk);
      this.#chunkOfElement.set(el, chunk);
      this.#chunks.push(chunk);
      chunks.push(chunk);
      // What was drawn before stays drawn.
      if (rows.some((row) => this.#rows.has(row))) this.#draw(chunk);
    }
    return chunks;
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const chunk = isIntersecting ? this.#chunkOfElement.get(target) : undefined;
      if (chunk) this.#draw(chunk);
    }
  }

  #drawTheRest(): void {
    clearTimeout(this.#idle);
    let next = 0;
    const slice = (): void => {
      const until = performance.now() + SLICE;
      for (; next < this.#chunks.length && performance.now() < until; next += 1)
        this.#draw(this.#chunks[next] as Chunk);
      if (next < this.#chunks.length) this.#idle = setTimeout(slice, SLICE);
    };
    this.#idle = setTimeout(slice, SLICE);
  }

  #draw(chunk: Chunk): void {
    if (chunk.drawn) return;
    chunk.drawn = true;
    this.#observer.unobserve(chunk.el);
    chunk.el.append(...chunk.rows.map((row) => this.#drawRow(row)));
  }

  #drawRow(index: number): HTMLElement {
    const known = this.#rows.get(index);
    if (known) return known;
    const block = this.#content.blocks[index] as ComparedNode;
    const row = element('div', 'compared-row');
    row.dataset.row = String(index);
    row.dataset.is = headingLevel(block);
    if (this.#content.survey.rows[index]?.changes.some((change) => this.#view.matters.has(change)))
      row.classList.add('changed');
    const sides: Side[] = this.#view.layout === 'unified' ? ['both'] : ['before', 'after'];
    for (const side of sides) {
      const cell = element('div', `prose side-${side}`, ...drawBlock(block, this.#context(side)));
      if (!cell.hasChildNodes()) cell.classList.add('nothing');
      row.append(cell);
    }
    this.#rows.set(index, row);
    return row;
  }

  #context(side: Side): DrawContext {
    const { survey, authors } = this.#content;
    return { side, authors, noteByKey: survey.noteByKey, matters: (change) => this.#view.matters.has(change) };
  }

  #foldBar({ from, to }: Segment): HTMLElement {
    const { survey, blocks } = this.#content;
    const paragraphs = survey.rows.slice(from, to).reduce((sum, { blocks: count }) => sum + Math.max(1, count), 0);
    const others = survey.rows.slice(from, to).some(({ changes }) => changes.length > 0);
    const words = `${paragraphs} ${others ? '' : 'unchanged '}paragraphs${others ? ' without changes of this choice' : ''}`;
    const button = (label: string, first: number, last: number, name: string): HTMLElement => {
      const el = element('button', 'button quiet small', label);
      el.type = 'button';
      el.dataset.unfold = `${first}-${last}`;
      if (name !== label) el.setAttribute('aria-label', name);
      return el;
    };
    const some = to - from > SOME + 2;
    const bar = element('div', 'stretch', element('span', 'stretch-words', words));
    const buttons = element('span', 'stretch-buttons', button('Show all', from, to, `Show all: ${words}`));
    if (some && from > 0)
      buttons.prepend(button(`${SOME} more ↓`, from, from + SOME, `${SOME} more ↓ below what stands above`));
    if (some && to < blocks.length)
      buttons.append(button(`${SOME} more ↑`, to - SOME, to, `${SOME} more ↑ above what follows`));
    bar.append(buttons);
    const trail = this.#trail(from, to);
    if (trail !== '') bar.append(element('span', 'stretch-trail', trail));
    return bar;
  }

  /** "Land › Water": the headings over what follows a fold, as far as they are folded away. */
  #trail(from: number, to: number): string {
    if (to >= this.#content.blocks.length) return '';
    const open: { title: string; level: number; block: number }[] = [];
    for (const section of this.#content.sections) {
      if (section.block > to) break;
      while ((open.at(-1)?.level ?? 0) >= section.level) open.pop();
      open.push(section);
    }
    if (open.at(-1)?.block === to) return '';
    if (!open.some(({ block }) => block >= from)) return '';
    return open.map(({ title }) => title).join(' › ');
  }
}

/** "h1" to "h4" for a heading, which stands further from what is above it. */
function headingLevel(block: ComparedNode): string {
  const inner = block.op === 'arrived' ? block.node : block;
  const node =
    'node' in inner ? inner.node : inner.op === 'regrouped' ? inner.after[0]?.[0] : (inner.after ?? inner.before);
  if (!node || !('type' in node) || node.type !== 'heading') return 'block';
  return `h${String(node.attrs?.level ?? 1)}`;
}
