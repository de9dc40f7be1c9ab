/** One walk through a comparison: which row of the page holds which change, what each change took and gave, and the numbers of the footnotes. */
import type {
  ComparedInline,
  ComparedNode,
  Comparison,
  NodeJSON,
  Place,
  Shape,
} from '../../shared/compare/comparison.ts';
import { isTextBlock, sizeOf, textOf } from '../../shared/compare/node.ts';

/** One child of the document. */
export interface Row {
  /** Numbers of the changes in it, each once, in reading order. */
  readonly changes: readonly number[];
  /** Paragraphs, headings, items and cells in it, for saying how much is folded away. */
  readonly blocks: number;
  /** About how many characters it has, for guessing its height before it is drawn. */
  readonly size: number;
  /** Where it stood in the older document; empty where it did not. */
  readonly before: Place;
}

/** What a change is about. Texts are excerpts. */
export interface Facts {
  /** Rows where it shows, the first first; a moved block has two. */
  readonly rows: number[];
  removed: string;
  added: string;
  /** The node that became another, or whose attributes changed. */
  shapes: { readonly before: Shape | null; readonly after: Shape | null } | null;
  /** The same words with other marks. */
  formatted: { readonly before: NodeJSON; readonly after: NodeJSON } | null;
  /** The kind of block that came or went as a whole; null: only words did. */
  block: Shape | null;
}

/** A footnote as the list at the end has it. */
export interface ListedNote {
  /** The node or the compared note, by which its place in the text finds its number. */
  readonly key: object;
  readonly item: ComparedInline;
  readonly row: number;
  /** Its number in either document; null where it is not. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface Survey {
  readonly rows: readonly Row[];
  /** By number of change. */
  readonly facts: readonly Facts[];
  readonly notes: readonly ListedNote[];
  readonly noteByKey: ReadonlyMap<object, ListedNote>;
}

/** Characters that an excerpt keeps. */
const EXCERPT = 160;

class Surveyor {
  readonly facts: Facts[];
  readonly notes: ListedNote[] = [];
  #row = 0;
  #blocks = 0;
  #size = 0;
  #changes = new Set<number>();
  #before = 0;
  #numbers = { before: 0, after: 0 };

  constructor(changes: number) {
    this.facts = Array.from({ length: changes }, () => ({
      rows: [],
      removed: '',
      added: '',
      shapes: null,
      formatted: null,
      block: null,
    }));
  }

  row(node: ComparedNode, index: number): Row {
    this.#row = index;
    this.#blocks = 0;
    this.#size = 0;
    this.#changes = new Set();
    const from = this.#before;
    this.#node(node, true, true);
    return {
      changes: [...this.#changes],
      blocks: this.#blocks,
      size: this.#size,
      before: { from, to: this.#before },
    };
  }

  #touch(change: number): Facts {
    this.#changes.add(change);
    const facts = this.facts[change];
    if (!facts) throw new RangeError(`Expected a change below ${this.facts.length}, got ${change}`);
    if (facts.rows.at(-1) !== this.#row) facts.rows.push(this.#row);
    return facts;
  }

  /** `old`, `now`: whether this stands here in that document, so that what moved is measured and numbered once. */
  #node(compared: ComparedNode, old: boolean, now: boolean): void {
    switch (compared.op) {
      case 'same':
        this.#whole(compared.node, old, now);
        break;
      case 'inserted': {
        const facts = this.#touch(compared.change);
        facts.added = joined(facts.added, textOf(compared.node));
        facts.block ??= compared.node;
        this.#whole(compared.node, false, now, 'inserted', compared.change);
        break;
      }
      case 'deleted':
      case 'departed': {
        const facts = this.#touch(compared.change);
        facts.removed = joined(facts.removed, textOf(compared.node));
        facts.block ??= compared.node;
        this.#whole(compared.node, old, false, 'deleted', compared.change);
        break;
      }
      case 'arrived':
        this.#touch(compared.change);
        this.#node(compared.node, false, now);
        break;
      case 'container': {
        if (compared.change !== null) this.#touch(compared.change).shapes ??= compared;
        const own = old && compared.before !== null ? 1 : 0;
        this.#before += own;
        for (const child of compared.children) this.#node(child, old, now);
        this.#before += own;
        break;
      }
      case 'text':
        if (compared.change !== null) this.#touch(compared.change).shapes ??= compared;
        this.#blocks += 1;
        this.#before += old ? 1 : 0;
        for (const inline of compared.inline) this.#inline(inline, old, now);
        this.#before += old ? 1 : 0;
        break;
      case 'regrouped':
        this.#touch(compared.change);
        this.#blocks += compared.after.length;
        this.#before += old ? 2 * compared.before.flat().length : 0;
        for (const inline of compared.inline) this.#inline(inline, old, now);
    }
  }

  #inline(inline: ComparedInline, old: boolean, now: boolean): void {
    switch (inline.op) {
      case 'same':
        this.#whole(inline.node, old, now);
        break;
      case 'inserted': {
        const facts = this.#touch(inline.change);
        facts.added = joined(facts.added, textOf(inline.node), '');
        this.#whole(inline.node, false, now, 'inserted', inline.change);
        break;
      }
      case 'deleted': {
        const facts = this.#touch(inline.change);
        facts.removed = joined(facts.removed, textOf(inline.node), '');
        this.#whole(inline.node, old, false, 'deleted', inline.change);
        break;
      }
      case 'formatted': {
        const facts = this.#touch(inline.change);
        facts.formatted ??= inline;
        facts.added = joined(facts.added, textOf(inline.after), '');
        this.#whole(inline.after, old, now);
        break;
      }
      case 'note':
        if (inline.change !== null) this.#touch(inline.change).shapes ??= inline;
        this.#note(inline, inline, old, now);
        this.#before += old ? 1 : 0;
        for (const part of inline.inline) this.#inline(part, old, now);
        this.#before += old ? 1 : 0;
        break;
      case 'break':
        break;
    }
  }

  /** A node that is the same through and through, or came or went with all it holds. */
  #whole(node: NodeJSON, old: boolean, now: boolean, op: 'same' | 'inserted' | 'deleted' = 'same', change = 0): void {
    if (old) this.#before += sizeOf(node);
    this.#inside(node, old, now, op, change);
  }

  #inside(node: NodeJSON, old: boolean, now: boolean, op: 'same' | 'inserted' | 'deleted', change: number): void {
    if (node.type === 'text') this.#size += node.text?.length ?? 0;
    if (isTextBlock(node)) this.#blocks += 1;
    if (node.type === 'footnote') this.#note(node, op === 'same' ? { op, node } : { op, node, change }, old, now);
    for (const child of node.content ?? []) this.#inside(child, old, now, op, change);
  }

  #note(key: object, item: ComparedInline, old: boolean, now: boolean): void {
    const before = old ? ++this.#numbers.before : null;
    const after = now ? ++this.#numbers.after : null;
    // A note of a block that moved away is listed where the block is now.
    if (now || item.op === 'deleted') this.notes.push({ key, item, row: this.#row, before, after });
  }
}

function joined(so: string, far: string, gap = ' '): string {
  if (so.length >= EXCERPT || far === '') return so;
  return so === '' ? far.slice(0, EXCERPT) : `${so}${gap}${far}`.slice(0, EXCERPT);
}

export function survey({ blocks, changes }: Comparison): Survey {
  const surveyor = new Surveyor(changes.length);
  const rows = blocks.map((block, index) => surveyor.row(block, index));
  return {
    rows,
    facts: surveyor.facts,
    notes: surveyor.notes,
    noteByKey: new Map(surveyor.notes.map((note) => [note.key, note])),
  };
}
