/** Seeded random numbers and random plan contents, for property tests and the fuzz. */
import { Fragment, type Mark, type Node, type Schema } from '@tiptap/pm/model';

/** A reproducible source of chance (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer from 0 up to, not including, `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

/** Gives out words that no other replica gives out: what the ledger of the fuzz counts. */
export type WordSource = () => string;

/** Random content of a schema that has at least our core nodes. */
export class RandomContent {
  readonly #schema: Schema;
  readonly #random: Random;
  readonly #word: WordSource;

  constructor(schema: Schema, random: Random, word: WordSource) {
    this.#schema = schema;
    this.#random = random;
    this.#word = word;
  }

  document(blocks: number): Node {
    const nodes: Node[] = [];
    while (nodes.length < blocks) nodes.push(this.block(3));
    return this.#schema.topNodeType.create(null, nodes);
  }

  marks(): readonly Mark[] {
    const { marks } = this.#schema;
    let set: readonly Mark[] = [];
    if (!this.#random.chance(0.3)) return set;
    const names = Object.keys(marks);
    for (let i = 0; i < 1 + this.#random.below(2); i++) {
      const type = marks[this.#random.pick(names)]!;
      const attrs = type.name === 'link' ? { href: `https://example.org/${this.#random.below(3)}` } : null;
      set = type.create(attrs).addToSet(set);
    }
    return set;
  }

  inline(most: number, inFootnote = false): Node[] {
    const { nodes } = this.#schema;
    const result: Node[] = [];
    for (let i = this.#random.below(most + 1); i > 0; i--) {
      const chance = this.#random.next();
      if (chance < 0.1 && nodes.hardBreak) result.push(nodes.hardBreak.create(null, null, this.marks()));
      else if (chance < 0.2 && nodes.footnote && !inFootnote)
        result.push(nodes.footnote.create(null, this.inline(3, true)));
      else result.push(this.#schema.text(`${this.#word()} `, this.marks()));
    }
    return merge(result);
  }

  paragraph(): Node {
    const attrs = this.#random.chance(0.1) ? { lang: 'nl', dir: this.#random.pick([null, 'rtl', 'ltr']) } : null;
    return this.#schema.nodes.paragraph!.create(attrs, this.inline(4));
  }

  block(depth: number): Node {
    const { nodes } = this.#schema;
    const random = this.#random;
    const kinds = ['paragraph', 'paragraph', 'heading', 'codeBlock', 'horizontalRule', 'figure'];
    if (depth > 0) kinds.push('bulletList', 'orderedList', 'taskList', 'blockquote', 'table');
    const kind = random.pick(kinds.filter((name) => nodes[name]));
    switch (kind) {
      case 'heading':
        return nodes.heading!.create({ level: 1 + random.below(4) }, this.inline(3));
      case 'codeBlock': {
        const text = Array.from({ length: random.below(3) }, () => this.#word()).join('\n');
        return nodes.codeBlock!.create({ language: random.pick([null, 'ts']) }, text ? this.#schema.text(text) : null);
      }
      case 'horizontalRule':
        return nodes.horizontalRule!.create();
      case 'figure':
        return nodes.figure!.create(
          { src: random.pick([null, 'https://x.org/a.png']), alt: random.pick(['', 'alt']) },
          this.inline(2),
        );
      case 'bulletList':
        return nodes.bulletList!.create(null, this.items('listItem', depth));
      case 'orderedList':
        return nodes.orderedList!.create({ start: random.pick([1, 1, 5]) }, this.items('listItem', depth));
      case 'taskList':
        return nodes.taskList!.create(null, this.items('taskItem', depth));
      case 'blockquote':
        return nodes.blockquote!.create(null, this.blocks(1 + random.below(2), depth - 1));
      case 'table':
        return this.table(depth);
      default:
        return this.paragraph();
    }
  }

  blocks(count: number, depth: number): Node[] {
    return Array.from({ length: count }, () => this.block(depth));
  }

  items(type: 'listItem' | 'taskItem', depth: number): Node[] {
    return Array.from({ length: 1 + this.#random.below(3) }, () => {
      const attrs = type === 'taskItem' ? { checked: this.#random.chance(0.3) } : null;
      const more = this.#random.chance(0.3) ? this.blocks(1, depth - 1) : [];
      return this.#schema.nodes[type]!.create(attrs, [this.paragraph(), ...more]);
    });
  }

  /** A rectangular table, now and then with spans; in every column some cell starts. */
  table(depth: number, spans = this.#random.chance(0.4)): Node {
    const random = this.#random;
    const { table, tableRow, tableCell, tableHeader } = this.#schema.nodes;
    const width = 1 + random.below(3);
    const height = 1 + random.below(3);
    const taken = Array.from({ length: height }, () => new Array<boolean>(width).fill(false));
    const align = random.chance(0.2) ? 'right' : null;
    const starts = new Set<number>();
    const rows = taken.map((row, y) => {
      const cells: Node[] = [];
      for (let x = 0; x < width; x++) {
        if (row[x]) continue;
        let colspan = spans && random.chance(0.3) ? 2 : 1;
        while (x + colspan > width || row.slice(x, x + colspan).some(Boolean)) colspan--;
        const rowspan = spans && random.chance(0.3) && y + 1 < height ? 2 : 1;
        starts.add(x);
        for (let dy = 0; dy < rowspan; dy++) taken[y + dy]!.fill(true, x, x + colspan);
        const type = y === 0 && random.chance(0.7) ? tableHeader! : tableCell!;
        const content = random.chance(0.1) && depth > 1 ? this.blocks(1, depth - 2) : [this.paragraph()];
        cells.push(type.create({ colspan, rowspan, align }, content));
      }
      return tableRow!.create(null, cells);
    });
    return starts.size < width ? this.table(depth, false) : table!.create(null, rows);
  }
}

/** Joins neighbouring text with equal marks, as documents have it. */
function merge(nodes: readonly Node[]): Node[] {
  let content = Fragment.empty;
  for (const node of nodes) content = content.append(Fragment.from(node));
  return [...content.content];
}
