/** Where each change stands in both documents, and which sections the comparison has: found by walking through the finished tree. */
import type {
  Change,
  ChangeKind,
  ComparedInline,
  ComparedNode,
  NodeJSON,
  Place,
  Section,
  Shape,
} from './comparison.ts';
import { isInline, sizeOf, textOf } from './node.ts';

/** One for each level of moves inside moves. */
const MOST_PASSES = 20;

/** `kinds`: of the changes, by number. */
export function placeChanges(
  blocks: readonly ComparedNode[],
  kinds: readonly ChangeKind[],
): { changes: Change[]; sections: Section[] } {
  let departures: ReadonlyMap<string, number> = new Map();
  for (let pass = 1; ; pass++) {
    const walk = new Walk(departures);
    walk.document(blocks);
    // What moved may hold what moved in turn, whose place is right only once that of the outer one is.
    const settled = [...walk.departures].every(([key, at]) => departures.get(key) === at);
    departures = walk.departures;
    if (!settled && pass < MOST_PASSES) continue;
    const changes = kinds.map((kind, number): Change => {
      const { before, after, section } = walk.found[number]!;
      return { kind, before, after, section };
    });
    return { changes, sections: walk.sections };
  }
}

/** Where something departed from, or arrived at: the n-th of its change. */
export class Ordinals {
  readonly #counts = new Map<number, number>();

  next(change: number): string {
    const count = this.#counts.get(change) ?? 0;
    this.#counts.set(change, count + 1);
    return `${change}/${count}`;
  }
}

interface Found {
  before: Place;
  after: Place;
  section: number | null;
}

class Walk {
  readonly found: Found[] = [];
  readonly sections: Section[] = [];
  /** Positions in the older document. */
  readonly departures = new Map<string, number>();
  readonly #known: ReadonlyMap<string, number>;
  readonly #departed = new Ordinals();
  readonly #arrived = new Ordinals();
  #before = 0;
  #after = 0;
  #block = 0;

  constructor(known: ReadonlyMap<string, number>) {
    this.#known = known;
  }

  document(blocks: readonly ComparedNode[]): void {
    blocks.forEach((block, index) => {
      this.#block = index;
      this.#node(block);
    });
  }

  get #section(): number | null {
    return this.sections.length === 0 ? null : this.sections.length - 1;
  }

  #heading({ type, attrs }: Shape, title: string): void {
    if (type === 'heading') this.sections.push({ title, level: Number(attrs?.level ?? 1), block: this.#block });
  }

  #headingsIn(node: NodeJSON): void {
    if (node.type === 'heading') this.#heading(node, textOf(node));
    else if (node.type !== 'text')
      for (const child of node.content ?? []) if (!isInline(child)) this.#headingsIn(child);
  }

  /** Runs `inside` and notes what it went through as the change's; a place that is already known grows. */
  #touch(change: number | null, inside: () => void): void {
    const [b0, a0] = [this.#before, this.#after];
    const section = this.#section;
    inside();
    if (change === null) return;
    const own: Found = { before: { from: b0, to: this.#before }, after: { from: a0, to: this.#after }, section };
    const known = this.found[change];
    this.found[change] = known
      ? { before: union(known.before, own.before), after: union(known.after, own.after), section: known.section }
      : own;
  }

  #node(node: ComparedNode): void {
    switch (node.op) {
      case 'same':
        this.#headingsIn(node.node);
        this.#before += sizeOf(node.node);
        this.#after += sizeOf(node.node);
        break;
      case 'inserted':
        this.#headingsIn(node.node);
        this.#touch(node.change, () => {
          this.#after += sizeOf(node.node);
        });
        break;
      case 'deleted':
        this.#headingsIn(node.node);
        this.#touch(node.change, () => {
          this.#before += sizeOf(node.node);
        });
        break;
      case 'departed':
        this.departures.set(this.#departed.next(node.change), this.#before);
        this.#before += sizeOf(node.node);
        break;
      case 'arrived': {
        const before = this.#before;
        this.#before = this.#known.get(this.#arrived.next(node.change)) ?? 0;
        this.#touch(node.change, () => this.#node(node.node));
        this.#before = before;
        break;
      }
      case 'container':
        this.#touch(node.change, () => {
          this.#edge(node.before, node.after);
          for (const child of node.children) this.#node(child);
          this.#edge(node.before, node.after);
        });
        break;
      case 'text':
        this.#heading(node.after, textAfter(node.inline)[0]!);
        this.#touch(node.change, () => this.#text(node.before, node.after, node.inline));
        break;
      case 'regrouped': {
        const titles = textAfter(node.inline);
        node.after.forEach((shapes, index) => {
          this.#heading(shapes.at(-1)!, titles[index] ?? '');
        });
        this.#regrouped(node);
        break;
      }
    }
  }

  #edge(before: Shape | null, after: Shape | null): void {
    if (before) this.#before++;
    if (after) this.#after++;
  }

  #text(before: Shape, after: Shape, inline: readonly ComparedInline[]): void {
    this.#edge(before, after);
    for (const part of inline) this.#inline(part);
    this.#edge(before, after);
  }

  /** An item around a block of text takes a position on either side of it. */
  #regrouped({ before, after, change, inline }: ComparedNode & { op: 'regrouped' }): void {
    let [b, a] = [0, 0];
    this.#touch(change, () => {
      this.#before += before[0]!.length;
      this.#after += after[0]!.length;
      for (const part of inline) {
        if (part.op === 'break') {
          if (part.side !== 'inserted') this.#before += before[b++]!.length + before[b]!.length;
          if (part.side !== 'deleted') this.#after += after[a++]!.length + after[a]!.length;
        } else this.#inline(part);
      }
      this.#before += before.at(-1)!.length;
      this.#after += after.at(-1)!.length;
    });
  }

  #inline(inline: ComparedInline): void {
    switch (inline.op) {
      case 'same':
        this.#before += sizeOf(inline.node);
        this.#after += sizeOf(inline.node);
        break;
      case 'inserted':
        this.#touch(inline.change, () => {
          this.#after += sizeOf(inline.node);
        });
        break;
      case 'deleted':
        this.#touch(inline.change, () => {
          this.#before += sizeOf(inline.node);
        });
        break;
      case 'formatted':
        this.#touch(inline.change, () => {
          this.#before += sizeOf(inline.before);
          this.#after += sizeOf(inline.after);
        });
        break;
      case 'note':
        this.#touch(inline.change, () => this.#text(inline.before, inline.after, inline.inline));
        break;
      case 'break':
        break;
    }
  }
}

/** An empty place says only where something is missing: any other one goes before it. */
function union(known: Place, own: Place): Place {
  if (own.from === own.to) return known;
  if (known.from === known.to) return own;
  return { from: Math.min(known.from, own.from), to: Math.max(known.to, own.to) };
}

/** The newer text of a block, or of each of several. */
function textAfter(inline: readonly ComparedInline[]): string[] {
  const texts = [''];
  const add = (text: string) => {
    texts[texts.length - 1] += text;
  };
  for (const part of inline) {
    if (part.op === 'same' || part.op === 'inserted') add(textOf(part.node));
    else if (part.op === 'formatted') add(textOf(part.after));
    else if (part.op === 'break' && part.side !== 'deleted') texts.push('');
  }
  return texts;
}
