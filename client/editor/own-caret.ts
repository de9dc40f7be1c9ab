/** Tells the others where one's caret is: seldom enough for a crowd, and only where it means something. */
import { Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import type { Awareness } from 'y-protocols/awareness';
import type { FlowBinding } from '../../shared/document/binding.ts';
import { sameValue } from '../../shared/document/format.ts';
import { toAnchor } from '../../shared/document/positions.ts';

/** Shortest time (ms) between two messages. */
const INTERVAL = 1000 / 15;

/**
 * The caret is told of from the first time it is in the text. It stays when the person turns to something else on the page, and goes when
 * they turn to another page, lose the right to write, or leave.
 */
export function ownCaretPlugin(binding: FlowBinding, awareness: Awareness): Plugin {
  return new Plugin({
    view(view) {
      let entered = view.hasFocus();
      let timer: ReturnType<typeof setTimeout> | undefined;
      let last = 0;
      const tell = (): void => {
        timer = undefined;
        // While the editor lags behind the flow (an input method is at work), its positions mean nothing to the others.
        if (view.isDestroyed || view.state.doc !== binding.doc) return;
        const shown = entered && view.editable && !document.hidden;
        setCursor(awareness, shown ? cursorOf(view, binding) : null);
        last = performance.now();
      };
      const tellSoon = (): void => {
        timer ??= setTimeout(tell, Math.max(0, last + INTERVAL - performance.now()));
      };
      const enter = (): void => {
        entered = true;
        tellSoon();
      };
      view.dom.addEventListener('focus', enter);
      document.addEventListener('visibilitychange', tell);
      return {
        update(_view, before) {
          if (entered && before.selection !== view.state.selection) tellSoon();
          else if (entered && view.editable !== (awareness.getLocalState()?.cursor != null)) tellSoon();
        },
        destroy() {
          clearTimeout(timer);
          view.dom.removeEventListener('focus', enter);
          document.removeEventListener('visibilitychange', tell);
          setCursor(awareness, null);
        },
      };
    },
  });
}

function cursorOf(view: EditorView, binding: FlowBinding): object {
  const { anchor, head } = view.state.selection;
  const anchored = toAnchor(binding.ydoc, binding.view, anchor);
  return { anchor: anchored, head: head === anchor ? anchored : toAnchor(binding.ydoc, binding.view, head) };
}

function setCursor(awareness: Awareness, cursor: object | null): void {
  const state = awareness.getLocalState();
  if (state && !sameValue(state.cursor ?? null, cursor)) awareness.setLocalStateField('cursor', cursor);
}
