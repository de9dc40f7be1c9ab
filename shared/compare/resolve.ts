/** The document in which some changes of a comparison are accepted and the others rejected. */
import type { ComparedInline, ComparedNode, Comparison, NodeJSON, Shape } from './comparison.ts';
import { fitDocument } from './fit.ts';
import { marksKey } from './node.ts';
import { Ordinals } from './places.ts';

/**
 * All accepted gives exactly the newer document, all rejected exactly the older one, and anything between a document that is valid in
 * the schema. `takes`: whether the change of that number is accepted.
 */
export function resolve(comparison: Comparison, takes: (change: number) => boolean): NodeJSON {
  const taken = comparison.changes.map((_, number) => takes(number));
  const resolution = new Resolution(comparison.blocks, taken);
  let content = resolution.content();
  if (resolution.isTorn) content = new Resolution(comparison.blocks, resolution.withAllMoves()).content();
  const document: NodeJSON = { type: 'doc', content };
  return taken.every((value) => value === taken[0]) ? document : fitDocument(document);
}

class Resolution {
  readonly #blocks: readonly ComparedNode[];
  readonly #taken: readonly boolean[];
  /** What moved, by the change and its number in it. */
  readonly #moved = new Map<string, ComparedNode>();
  readonly #movedAway = new Map<ComparedNode & { op: 'departed' }, string>();
  /** What moved and has been written, where it was or where it is. */
  readonly #written = new Set<ComparedNode>();

  constructor(blocks: readonly ComparedNode[], taken: readonly boolean[]) {
    this.#blocks = blocks;
    this.#taken = taken;
    const [departed, arrived] = [new Ordinals(), new Ordinals()];
    const find = (node: ComparedNode): void => {
      if (node.op === 'departed') this.#movedAway.set(node, departed.next(node.change));
      if (node.op === 'arrived') {
        this.#moved.set(arrived.next(node.change), node.node);
        find(node.node);
      }
      if (node.op === 'container') node.children.forEach(find);
    };
    blocks.forEach(find);
  }

  content(): NodeJSON[] {
    return this.#blocks.flatMap((block) => this.#node(block));
  }

  /**
   * Whether something was written nowhere: of containers that moved into each other, some moved and some did not, so that each
   * is inside another, all around.
   */
  get isTorn(): boolean {
    return this.#written.size < this.#moved.size;
  }

  withAllMoves(): boolean[] {
    const moves = new Set(this.#movedAway.keys().map(({ change }) => change));
    return this.#taken.map((taken, change) => taken || moves.has(change));
  }

  #move(node: ComparedNode): NodeJSON[] {
    this.#written.add(node);
    return this.#node(node);
  }

  #node(node: ComparedNode): NodeJSON[] {
    switch (node.op) {
      case 'same':
        return [node.node];
      case 'inserted':
        return this.#taken[node.change] ? [node.node] : [];
      case 'deleted':
        return this.#taken[node.change] ? [] : [node.node];
      case 'departed':
        return this.#taken[node.change] ? [] : this.#move(this.#moved.get(this.#movedAway.get(node)!)!);
      case 'arrived':
        return this.#taken[node.change] ? this.#move(node.node) : [];
      case 'container': {
        const children = node.children.flatMap((child) => this.#node(child));
        const shape = this.#shape(node);
        return shape ? [withContent(shape, children)] : children;
      }
      case 'text':
        return [this.#withText(this.#shape(node), node.inline)];
      case 'regrouped':
        return this.#regrouped(node);
    }
  }

  #shape<T extends Shape | null>({ before, after, change }: { before: T; after: T; change: number | null }): T {
    return change === null || this.#taken[change] ? after : before;
  }

  #regrouped({ before, after, change, inline }: ComparedNode & { op: 'regrouped' }): NodeJSON[] {
    const [shapes, other] = this.#taken[change] ? [after, 'deleted'] : [before, 'inserted'];
    const texts: NodeJSON[][] = [[]];
    for (const part of inline) {
      if (part.op !== 'break') texts.at(-1)!.push(...this.#inline(part));
      else if (part.side !== other) texts.push([]);
    }
    return shapes.map(
      (around, index) =>
        around.reduceRight<NodeJSON[]>((content, shape) => [withContent(shape, content)], joinText(texts[index]!))[0]!,
    );
  }

  #inline(part: ComparedInline): NodeJSON[] {
    switch (part.op) {
      case 'same':
        return [part.node];
      case 'inserted':
        return this.#taken[part.change] ? [part.node] : [];
      case 'deleted':
        return this.#taken[part.change] ? [] : [part.node];
      case 'formatted':
        return [this.#taken[part.change] ? part.after : part.before];
      case 'note':
        return [this.#withText(this.#shape(part), part.inline)];
      case 'break':
        return [];
    }
  }

  #withText(shape: Shape, inline: readonly ComparedInline[]): NodeJSON {
    return withContent(shape, joinText(inline.flatMap((part) => this.#inline(part))));
  }
}

const withContent = (shape: Shape, content: readonly NodeJSON[]): NodeJSON =>
  content.length === 0 ? shape : { ...shape, content };

/** Neighbouring texts with the same marks are one. */
function joinText(content: readonly NodeJSON[]): NodeJSON[] {
  const result: NodeJSON[] = [];
  for (const node of content) {
    const last = result.at(-1);
    if (node.type === 'text' && last?.type === 'text' && marksKey(last.marks) === marksKey(node.marks)) {
      result[result.length - 1] = { ...last, text: `${last.text}${node.text}` };
    } else result.push(node);
  }
  return result;
}
