/** Which blocks of text were split or joined: neighbours whose words are those that their other half lacks. */
import type { Draft } from './draft.ts';
import { isItem } from './node.ts';
import type { Block, Side } from './tree.ts';
import type { WordBag } from './word-bag.ts';

/** One block that became several, or several that became one; neighbours in both documents. */
export interface Group {
  readonly before: readonly Block[];
  readonly after: readonly Block[];
}

/** The part of a neighbour's words that the other half must lack. */
const EXPLAINED = 0.6;

/**
 * Groups by one of their older blocks: a block of text, or a list item that holds nothing but one. What stands alone on its side is there
 * both as the text and as its item, for what was split may have come into a list, or out of one, as well. Takes back pairs in
 * which one is but a part of the other and nothing else of it was found.
 */
export function findGroups(before: Side, after: Side, draft: Draft): Map<Block, Group[]> {
  const groups = new Map<Block, Group[]>();
  const bagOf = (side: Side, leaf: Block) => side.units[leaf.first]!.bag;
  const grouped = new Set<Block>();
  for (const old of before.leaves) {
    const fresh = old.partner;
    if (!fresh || old.moved || !isProse(old) || !isProse(fresh) || old.number === fresh.number) continue;
    const [oldBag, freshBag] = [bagOf(before, old), bagOf(after, fresh)];
    const grow = (leaf: Block, side: Side, missing: WordBag): Block[] => {
      const found = [unitBlock(leaf)];
      let rest = missing;
      /** The neighbour on one side, if the other half lacks its words. */
      const neighbour = (of: Block, step: number) => {
        const block = of.siblings[of.index + step];
        const text = block && textIn(block);
        if (!text || text.partner || grouped.has(text) || isItem(block.node) !== isItem(of.node)) return null;
        const bag = bagOf(side, text);
        const explained = bag.weight === 0 ? 0 : draft.bags.shared(bag, rest) / bag.weight;
        return explained < EXPLAINED ? null : { block, text, bag, explained };
      };
      for (;;) {
        const [left, right] = [neighbour(found[0]!, -1), neighbour(found.at(-1)!, 1)];
        const next = (left?.explained ?? 0) > (right?.explained ?? 0) ? left : right;
        if (!next) return found;
        if (next === left) found.unshift(next.block);
        else found.push(next.block);
        rest = draft.bags.minus(rest, next.bag);
        grouped.add(next.text);
      }
    };
    const news = grow(fresh, after, draft.bags.minus(oldBag, freshBag));
    const olds = news.length > 1 ? [unitBlock(old)] : grow(old, before, draft.bags.minus(freshBag, oldBag));
    if (news.length > 1 || olds.length > 1) {
      const texts = (blocks: readonly Block[]) => blocks.map(textBlockOf);
      for (const leaf of texts(olds)) leaf.parts = texts(news);
      for (const older of asItemAndText(olds, old)) {
        const key = older.length > 1 ? unitBlock(old) : older[0]!;
        const own = asItemAndText(news, fresh).map((newer) => ({ before: older, after: newer }));
        groups.set(key, [...(groups.get(key) ?? []), ...own]);
      }
    } else if (old.partial) {
      old.partner = null;
      fresh.partner = null;
    }
  }
  return groups;
}

const isProse = ({ node }: Block): boolean => node.type === 'paragraph' || node.type === 'heading';

/** A list item that holds nothing but a block of text goes for it: Enter in it makes another item. */
const unitBlock = (leaf: Block): Block =>
  leaf.parent && isItem(leaf.parent.node) && leaf.parent.children.length === 1 ? leaf.parent : leaf;

const asItemAndText = (blocks: readonly Block[], text: Block): (readonly Block[])[] =>
  blocks.length === 1 && blocks[0] !== text ? [blocks, [text]] : [blocks];

/** The block of text that a block is or holds alone. */
function textIn(block: Block): Block | null {
  const leaf = isItem(block.node) && block.children.length === 1 ? block.children[0]! : block;
  return isProse(leaf) ? leaf : null;
}

/** The shapes of such a block from the outside in, and its text. */
export const textBlockOf = (block: Block): Block => textIn(block) ?? block;
