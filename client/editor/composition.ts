/** Keeps others' changes away from the block in which an input method is composing, without losing any: pure part. */
import type { Node, ResolvedPos } from '@tiptap/pm/model';
import { type EditorState, TextSelection } from '@tiptap/pm/state';
import { type Mappable, Mapping, ReplaceStep, type Step, StepMap, Transform } from '@tiptap/pm/transform';
import { changeStart, stepsBetween } from '../../shared/document/steps.ts';

/** A comparison of two texts fills a table of this many fields at most; longer ones count as changed altogether. */
const MOST_FIELDS = 4_000_000;

/** Whether a step on `state.doc` changes the block that the caret is in, or its edges. */
export function touchesCaretBlock({ selection }: EditorState, step: Step): boolean {
  // Whatever else is selected, there is no telling what the input method holds.
  if (!(selection instanceof TextSelection)) return true;
  const start = selection.$from.before(blockDepth(selection.$from));
  const end = selection.$to.after(blockDepth(selection.$to));
  let touches = false;
  step.getMap().forEach((from, to) => {
    if (from < end && to > start) touches = true;
  });
  return touches;
}

/**
 * Does to `theirs` what `steps` do to `base`, where `theirs` is `base` with others' changes. Only what stood in `base` is deleted,
 * and what is inserted is inserted, even where others have taken its block away.
 * @param caret a position in `base`
 * @param place where `caret` is in `theirs`
 * @returns the document, where it was changed (see `changeStart`), and where `caret` is in it
 */
export function rebase(
  base: Node,
  steps: readonly Step[],
  caret: number,
  theirs: Node,
  place: number,
): { doc: Node; hint: number | null; place: number } {
  const result = new Transform(theirs);
  let mine = base;
  let at = caret;
  for (const step of steps) {
    const there = result.mapping.map(place);
    if (step instanceof ReplaceStep && inOneBlock(mine, step, at)) {
      replaceInBlock(result, step, blockMap(mine, at, result.doc, there), there);
    } else {
      const mapped = step.map(new Mapping(stepsBetween(mine, result.doc).steps.map((each) => each.getMap())));
      if (mapped) result.maybeStep(mapped);
    }
    mine = step.apply(mine).doc ?? mine;
    at = step.getMap().map(at);
  }
  return { doc: result.doc, hint: changeStart(result), place: result.mapping.map(place) };
}

/** Maps positions in the block around `pos` to the block around `place` in another version of the document. */
export function blockMap(doc: Node, pos: number, other: Node, place: number): Mappable {
  const [$pos, $place] = [doc.resolve(pos), other.resolve(place)];
  const [depth, otherDepth] = [blockDepth($pos), blockDepth($place)];
  if (depth === 0 || otherDepth === 0) return new Mapping(stepsBetween(doc, other).steps.map((step) => step.getMap()));
  const [start, end] = [$pos.before(depth), $pos.after(depth)];
  const [otherStart, otherEnd] = [$place.before(otherDepth), $place.after(otherDepth)];
  const changes = changedRanges(tokens($pos.node(depth)), tokens($place.node(otherDepth)));
  return new StepMap([
    ...[0, start, otherStart],
    ...changes.flatMap(([from, size, newSize]) => [start + 1 + from, size, newSize]),
    ...[end, doc.content.size - end, other.content.size - otherEnd],
  ]);
}

/** Depth of the textblock around a position, footnotes being part of theirs; 0 between blocks. */
function blockDepth($pos: ResolvedPos): number {
  for (let depth = $pos.depth; depth > 0; depth--) {
    if ($pos.node(depth).isTextblock && !$pos.node(depth).isInline) return depth;
  }
  return 0;
}

function inOneBlock(doc: Node, { from, to }: ReplaceStep, caret: number): boolean {
  const [$from, $to, $caret] = [doc.resolve(from), doc.resolve(to), doc.resolve(caret)];
  const depth = blockDepth($caret);
  if (depth === 0 || !$from.sameParent($to)) return false;
  return from >= $caret.start(depth) && to <= $caret.end(depth);
}

function replaceInBlock(result: Transform, { from, to, slice }: ReplaceStep, map: Mappable, place: number): void {
  // Before what others wrote at the same place: one's own word stays together.
  const start = map.mapResult(from, -1);
  const deletes = result.steps.length;
  // One by one, so that what others wrote between two deleted characters stays.
  for (let pos = to - 1; pos >= from; pos--) {
    const [left, right] = [map.mapResult(pos, 1), map.mapResult(pos + 1, -1)];
    if (!left.deletedAfter && !right.deletedBefore && left.pos < right.pos) result.delete(left.pos, right.pos);
  }
  if (slice.size === 0) return;
  const at = result.mapping.slice(deletes).map(start.deleted ? place : start.pos, -1);
  result.replaceRange(at, at, slice);
}

/** A block's content, one string for each position between two. */
function tokens(block: Node): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (node.isText) found.push(...(node.text ?? '').split(''));
    else {
      found.push(`<${node.type.name}>`);
      node.forEach(visit);
      if (!node.isLeaf) found.push(`</${node.type.name}>`);
    }
  };
  block.forEach(visit);
  return found;
}

/** Where two sequences differ, by their longest common subsequence: start, length and new length of each stretch. */
function changedRanges(before: readonly string[], after: readonly string[]): [number, number, number][] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const [height, width] = [before.length - start - tail, after.length - start - tail];
  if (height === 0 && width === 0) return [];
  if (height === 0 || width === 0 || height * width > MOST_FIELDS) return [[start, height, width]];
  const common = new Uint16Array((height + 1) * (width + 1));
  const field = (i: number, j: number): number => i * (width + 1) + j;
  const equal = (i: number, j: number): boolean => before[start + i] === after[start + j];
  for (let i = height - 1; i >= 0; i--) {
    for (let j = width - 1; j >= 0; j--) {
      common[field(i, j)] = equal(i, j)
        ? common[field(i + 1, j + 1)]! + 1
        : Math.max(common[field(i + 1, j)]!, common[field(i, j + 1)]!);
    }
  }
  const ranges: [number, number, number][] = [];
  let [i, j] = [0, 0];
  while (i < height || j < width) {
    const [fromI, fromJ] = [i, j];
    while ((i < height || j < width) && !(i < height && j < width && equal(i, j))) {
      if (j === width || (i < height && common[field(i + 1, j)]! >= common[field(i, j + 1)]!)) i++;
      else j++;
    }
    if (i > fromI || j > fromJ) ranges.push([start + fromI, i - fromI, j - fromJ]);
    while (i < height && j < width && equal(i, j)) {
      i++;
      j++;
    }
  }
  return ranges;
}
