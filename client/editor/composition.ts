/** Keeps others' changes away from the block in which an input method is composing, without losing any: pure part. */
import type { Node } from '@tiptap/pm/model';
import { type EditorState, TextSelection } from '@tiptap/pm/state';
import { Mapping, ReplaceStep, type Step, Transform } from '@tiptap/pm/transform';
import { changeStart, stepsBetween } from '../../shared/document/steps.ts';

/** Whether steps on `state.doc` change the block that the caret is in, or its edges. */
export function touchesCaretBlock(state: EditorState, steps: readonly Step[]): boolean {
  const { selection } = state;
  // Whatever else is selected, there is no telling what the input method holds.
  if (!(selection instanceof TextSelection)) return true;
  const start = selection.$from.before(selection.$from.depth);
  const end = selection.$to.after(selection.$to.depth);
  let touches = false;
  for (const step of steps) {
    step.getMap().forEach((from, to) => {
      if (from < end && to > start) touches = true;
    });
  }
  return touches;
}

/**
 * Does to `theirs` what `steps` do to `base`, where `theirs` is `base` with others' changes. Only what stood in `base` is deleted,
 * and what is inserted is inserted, even where others have taken its block away.
 * @returns the document, and the position where it was changed (see `changeStart`)
 */
export function rebase(base: Node, steps: readonly Step[], theirs: Node): { doc: Node; hint: number | null } {
  const result = new Transform(theirs);
  let mine = base;
  for (const step of steps) {
    const mapping = new Mapping(stepsBetween(mine, result.doc).steps.map((each) => each.getMap()));
    if (step instanceof ReplaceStep && mine.resolve(step.from).sameParent(mine.resolve(step.to))) {
      replaceInBlock(result, step, mapping);
    } else {
      const mapped = step.map(mapping);
      if (mapped) result.maybeStep(mapped);
    }
    mine = step.apply(mine).doc ?? mine;
  }
  return { doc: result.doc, hint: changeStart(result) };
}

function replaceInBlock(result: Transform, { from, to, slice }: ReplaceStep, mapping: Mapping): void {
  // One by one, so that what others wrote between two deleted characters stays.
  for (let pos = to - 1; pos >= from; pos--) {
    const [start, end] = [mapping.mapResult(pos, 1), mapping.mapResult(pos + 1, -1)];
    if (!start.deletedAfter && !end.deletedBefore && start.pos < end.pos) result.delete(start.pos, end.pos);
  }
  // Before what others wrote at the same place: one's own word stays together.
  const place = mapping.map(from, -1);
  if (slice.size > 0) result.replaceRange(place, place, slice);
}
