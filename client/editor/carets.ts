/** Other people's carets and selections in the text, with their names; and one's own, told to them. */
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { Awareness } from 'y-protocols/awareness';
import type { FlowBinding } from '../../shared/document/binding.ts';
import { sameValue } from '../../shared/document/format.ts';
import { fromAnchor, toAnchor } from '../../shared/document/positions.ts';
import '../styles/carets.css';

interface RemoteCaret {
  readonly client: number;
  readonly name: string;
  readonly color: string;
  readonly anchor: unknown;
  readonly head: unknown;
}

/** The plugin's state is the decorations; a transaction with this meta makes them anew from presence. */
const caretsKey = new PluginKey<DecorationSet>('carets');

/** Reads presence; it comes from other people's clients, so every field is looked at. */
function remoteCarets(awareness: Awareness): RemoteCaret[] {
  const carets: RemoteCaret[] = [];
  for (const [client, state] of awareness.getStates()) {
    if (client === awareness.clientID) continue;
    const { cursor, user } = state as { cursor?: { anchor?: unknown; head?: unknown }; user?: Record<string, unknown> };
    if (!cursor || typeof user?.name !== 'string' || typeof user.color !== 'string') continue;
    const color = CSS.supports('color', user.color) ? user.color : 'gray';
    carets.push({ client, name: user.name.slice(0, 80), color, anchor: cursor.anchor, head: cursor.head });
  }
  return carets;
}

/** A caret takes no room and its label shows for a while; a new element for each place starts that while again. */
function caretElement({ name, color }: RemoteCaret): HTMLElement {
  const caret = document.createElement('span');
  caret.className = 'remote-caret';
  caret.style.setProperty('--caret-color', color);
  // Screen readers hear who is here from the list of people; a name inside the text would be read as text.
  caret.setAttribute('aria-hidden', 'true');
  const label = document.createElement('span');
  label.className = 'remote-caret-label';
  label.textContent = name;
  // Keeps the caret from being a place to break a line.
  caret.append('\u2060', label);
  return caret;
}

function decorations(doc: EditorState['doc'], binding: FlowBinding, awareness: Awareness): DecorationSet {
  const found: Decoration[] = [];
  for (const caret of remoteCarets(awareness)) {
    const anchor = fromAnchor(binding.ydoc, binding.view, caret.anchor);
    const head = fromAnchor(binding.ydoc, binding.view, caret.head);
    if (anchor === null || head === null) continue;
    const key = `${caret.client} ${JSON.stringify(caret.head)} ${caret.name} ${caret.color}`;
    const place = doc.resolve(Math.min(head, doc.content.size));
    if (place.parent.inlineContent) {
      found.push(Decoration.widget(place.pos, () => caretElement(caret), { key, side: -1, ignoreSelection: true }));
    }
    const block = place.depth > 0 ? place.before(1) : place.nodeAfter ? place.pos : null;
    if (block !== null) {
      const size = doc.nodeAt(block)?.nodeSize ?? 0;
      // Blocks off screen are skipped by the browser, and whatever leaves them clipped: a label must not be.
      found.push(Decoration.node(block, block + size, { class: 'has-remote-caret' }));
    }
    const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
    if (from < to) {
      found.push(Decoration.inline(from, to, { class: 'remote-selection', style: `--caret-color: ${caret.color}` }));
    }
  }
  return DecorationSet.create(doc, found);
}

/** Shows the others' carets. Between news from presence they move with the text. */
export function caretsPlugin(binding: FlowBinding, awareness: Awareness): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: caretsKey,
    state: {
      init: (_, state) => decorations(state.doc, binding, awareness),
      apply(transaction: Transaction, shown) {
        // Presence speaks of the flow; only when the editor shows just that can its places be looked up.
        if (transaction.getMeta(caretsKey) && transaction.doc === binding.doc) {
          return decorations(transaction.doc, binding, awareness);
        }
        return shown.map(transaction.mapping, transaction.doc);
      },
    },
    props: {
      decorations(state) {
        return caretsKey.getState(state);
      },
    },
    view(view) {
      let frame = 0;
      const refresh = () => {
        frame = 0;
        // Not while composing: the input method's text must not be drawn anew under it.
        if (view.isDestroyed || view.composing) return;
        view.dispatch(view.state.tr.setMeta(caretsKey, true).setMeta('addToHistory', false));
      };
      const changed = (_: unknown, origin: unknown) => {
        if (origin !== 'local') frame ||= requestAnimationFrame(refresh);
      };
      awareness.on('change', changed);
      return {
        destroy() {
          cancelAnimationFrame(frame);
          awareness.off('change', changed);
        },
      };
    },
  });
}

/** Tells the others where one's caret is; nothing when the editor has not the focus. */
export function shareCaret(view: EditorView, binding: FlowBinding, awareness: Awareness): void {
  const state = awareness.getLocalState();
  if (!state || view.state.doc !== binding.doc) return;
  const { anchor, head } = view.state.selection;
  const place = (pos: number) => toAnchor(binding.ydoc, binding.view, pos);
  const cursor = view.hasFocus() ? { anchor: place(anchor), head: place(head) } : null;
  if (!sameValue(state.cursor ?? null, cursor)) awareness.setLocalStateField('cursor', cursor);
}
