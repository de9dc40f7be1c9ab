/** Keys that go to the start or the end of the plan: browsers lose their way where a table, a list or a figure is first or last. */
import type { Editor } from '@tiptap/core';
import { Selection, TextSelection } from '@tiptap/pm/state';

type Run = (props: { editor: Editor }) => boolean;

/** Puts the caret at that end; with `extend` it selects up to there. */
function goTo(end: 'start' | 'end', extend: boolean): Run {
  return ({ editor: { state, view } }) => {
    const there = end === 'start' ? Selection.atStart(state.doc) : Selection.atEnd(state.doc);
    const { $anchor } = state.selection;
    const selection = extend ? TextSelection.between($anchor, end === 'start' ? there.$from : there.$to) : there;
    view.dispatch(state.tr.setSelection(selection).scrollIntoView());
    return true;
  };
}

const keysTo = (end: 'start' | 'end', ...keys: string[]): [string, Run][] =>
  keys.flatMap((key) => [
    [key, goTo(end, false)],
    [`Shift-${key}`, goTo(end, true)],
  ]);

/** `Meta-Arrow…` is the Mac's way; elsewhere that key belongs to the system, and Control with an arrow goes by paragraphs. */
export const planEndKeys: Record<string, Run> = Object.fromEntries([
  ...keysTo('start', 'Mod-Home', 'Meta-ArrowUp'),
  ...keysTo('end', 'Mod-End', 'Meta-ArrowDown'),
]);
