/** Blocks that were put into a list or a quote where they stood, or taken out of one. */
import type { Block, Side } from './tree.ts';

/** Ranges of indexes. One container (`isWrap`: of the newer blocks, else of the older ones) and the blocks opposite that are in it. */
export interface Wrap {
  readonly b0: number;
  readonly b1: number;
  readonly a0: number;
  readonly a1: number;
  readonly isWrap: boolean;
}

interface Link {
  readonly b: number;
  readonly a: number;
  readonly weight: number;
}

/** In order, not crossing each other; of those that cross, the one with most text. */
export function findWraps(
  before: readonly Block[],
  after: readonly Block[],
  sides: { readonly before: Side; readonly after: Side },
): Wrap[] {
  const isOpen = (block: Block) => !block.partner && block.children.length > 0;
  if (before.length === 0 || after.length === 0 || ![...before, ...after].some(isOpen)) return [];
  const links = findLinks(before, after, sides.before);
  const best = (key: 'b' | 'a') => {
    const found = new Map<number, Link>();
    for (const link of links) if (link.weight > (found.get(link[key])?.weight ?? 0)) found.set(link[key], link);
    return found;
  };
  const [bestOfB, bestOfA] = [best('b'), best('a')];
  const wraps: (Wrap & { weight: number })[] = [];
  const collect = (own: 'b' | 'a', blocks: readonly Block[], bestOfOther: ReadonlyMap<number, Link>) => {
    const spans = new Map<number, { from: number; to: number; weight: number }>();
    for (const [other, link] of bestOfOther) {
      if (!isOpen(blocks[link[own]]!)) continue;
      const span = spans.get(link[own]) ?? { from: other, to: other + 1, weight: 0 };
      span.from = Math.min(span.from, other);
      span.to = Math.max(span.to, other + 1);
      span.weight += link.weight;
      spans.set(link[own], span);
    }
    for (const [index, { from, to, weight }] of spans) {
      wraps.push(
        own === 'a'
          ? { b0: from, b1: to, a0: index, a1: index + 1, isWrap: true, weight }
          : { b0: index, b1: index + 1, a0: from, a1: to, isWrap: false, weight },
      );
    }
  };
  collect('b', before, bestOfA);
  collect('a', after, bestOfB);
  wraps.sort((one, other) => other.weight - one.weight);
  const chosen: Wrap[] = [];
  for (const wrap of wraps) {
    // All chosen ones are in order on both sides, so only its neighbours can cross it.
    let at = chosen.findIndex((other) => other.b0 >= wrap.b1 || other.a0 >= wrap.a1);
    if (at < 0) at = chosen.length;
    const [left, right] = [chosen[at - 1], chosen[at]];
    if (left && (left.b1 > wrap.b0 || left.a1 > wrap.a0)) continue;
    if (right && (right.b0 < wrap.b1 || right.a0 < wrap.a1)) continue;
    chosen.splice(at, 0, wrap);
  }
  return chosen;
}

/** Which blocks here have their counterpart, or part of it, in which blocks there. */
function findLinks(before: readonly Block[], after: readonly Block[], side: Side): Link[] {
  const places = new Map(after.map((block, index) => [block, index]));
  const links = new Map<string, Link>();
  const add = (b: number, block: Block): void => {
    const counterparts = block.parts.length > 0 ? block.parts : block.partner ? [block.partner] : [];
    if (counterparts.length === 0) {
      for (const child of block.children) add(b, child);
      return;
    }
    let weight = 1;
    for (let leaf = block.first; leaf < block.end; leaf++) weight += side.units[leaf]!.length;
    for (const counterpart of counterparts) link(b, block, counterpart, weight);
  };
  const link = (b: number, block: Block, counterpart: Block, weight: number): void => {
    for (let around: Block | null = counterpart; around; around = around.parent) {
      const a = places.get(around);
      // A block whose counterpart stands here itself is no matter of wrapping: it moved.
      if (a === undefined || (around === counterpart && block === before[b])) continue;
      const key = `${b} ${a}`;
      links.set(key, { b, a, weight: weight + (links.get(key)?.weight ?? 0) });
      return;
    }
  };
  before.forEach((block, index) => {
    add(index, block);
  });
  return [...links.values()];
}
