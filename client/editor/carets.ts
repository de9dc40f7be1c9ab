/** Other people's carets and selections in the text, with their names. */
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, Selection } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { Awareness } from 'y-protocols/awareness';
import type { FlowBinding } from '../../shared/document/binding.ts';
import { sameValue } from '../../shared/document/format.ts';
import { fromAnchor } from '../../shared/document/positions.ts';
import { presenceSchema } from '../../shared/protocol.ts';
import '../styles/carets.css';
import { caretColorClass } from './caret-color.ts';
import { isFromFlow } from './from-flow.ts';

/** How long (ms) a name stays after a caret has moved. */
const NAME_SHOWN = 2500;
/** Room (px) that a name may need; nearer to the edge than that, it is written towards the other side. */
const NAME_ROOM = 200;

interface Shown {
  readonly decorations: DecorationSet;
  /** How many times others changed the text: carets are looked up anew then, since a message may overtake the text it is about. */
  readonly received: number;
}

/** The meta of a transaction that brings decorations looked up anew. */
const key = new PluginKey<Shown>('carets');

export function caretsPlugin(binding: FlowBinding, awareness: Awareness): Plugin<Shown> {
  return new Plugin<Shown>({
    key,
    state: {
      init: () => ({ decorations: DecorationSet.empty, received: 0 }),
      apply(transaction, shown) {
        const fresh = transaction.getMeta(key) as DecorationSet | undefined;
        if (!transaction.docChanged) return fresh ? { ...shown, decorations: fresh } : shown;
        return {
          decorations: shown.decorations.map(transaction.mapping, transaction.doc),
          received: shown.received + (isFromFlow(transaction) ? 1 : 0),
        };
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
    view: (view) => new CaretsView(view, binding, awareness),
  });
}

class CaretsView {
  readonly #view: EditorView;
  readonly #binding: FlowBinding;
  readonly #awareness: Awareness;
  readonly #carets = new Map<number, Caret>();
  #frame = 0;
  #late = false;

  constructor(view: EditorView, binding: FlowBinding, awareness: Awareness) {
    this.#view = view;
    this.#binding = binding;
    this.#awareness = awareness;
    awareness.on('change', this.#presenceChanged);
    this.#refreshSoon();
  }

  update(view: EditorView, before: EditorView['state']): void {
    const news = key.getState(before)?.received !== key.getState(view.state)?.received;
    // A caret that is not shown may be one whose text comes only now.
    if ((news && this.#awareness.getStates().size > 1) || (this.#late && !this.#busy)) this.#refreshSoon();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#awareness.off('change', this.#presenceChanged);
    for (const caret of this.#carets.values()) caret.destroy();
  }

  /** Not while an input method composes: the text must not be drawn anew under it; nor while the editor lags behind the flow. */
  get #busy(): boolean {
    return this.#view.composing || this.#view.state.doc !== this.#binding.doc;
  }

  readonly #presenceChanged = ({ added, updated, removed }: Record<string, number[]>): void => {
    const others = [...added!, ...updated!, ...removed!].some((client) => client !== this.#awareness.clientID);
    if (others) this.#refreshSoon();
  };

  #refreshSoon(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#late = this.#busy;
      if (!this.#view.isDestroyed && !this.#late) this.#refresh();
    });
  }

  #refresh(): void {
    const view = this.#view;
    const { doc } = view.state;
    const decorations: Decoration[] = [];
    const moved: Caret[] = [];
    const gone = new Set(this.#carets.keys());
    for (const [client, state] of this.#awareness.getStates()) {
      // States come from other people's clients: one that is not of our form has no caret.
      const presence = client === this.#awareness.clientID ? null : presenceSchema.safeParse(state).data;
      if (!presence?.cursor) continue;
      const { anchor, head } = presence.cursor;
      const place = fromAnchor(this.#binding.ydoc, this.#binding.view, head);
      const start = sameValue(anchor, head) ? place : fromAnchor(this.#binding.ydoc, this.#binding.view, anchor);
      if (place === null || start === null) continue;
      gone.delete(client);
      const caret = this.#carets.get(client) ?? new Caret(client);
      this.#carets.set(client, caret);
      caret.belongTo(presence.user.name, presence.user.color, presence.idle === true);
      if (caret.moveTo(JSON.stringify(head))) moved.push(caret);
      decorations.push(...decorationsOf(doc, caret, start, place));
    }
    for (const client of gone) {
      this.#carets.get(client)?.destroy();
      this.#carets.delete(client);
    }
    if (decorations.length === 0 && key.getState(view.state)?.decorations === DecorationSet.empty) return;
    const set = DecorationSet.create(doc, decorations);
    view.dispatch(view.state.tr.setMeta(key, set).setMeta('addToHistory', false));
    const edge = moved.length > 0 ? view.dom.getBoundingClientRect().right : 0;
    for (const caret of moved) caret.showName(edge);
  }
}

function decorationsOf(doc: Node, { element, className, key: id }: Caret, anchor: number, head: number): Decoration[] {
  const $head = doc.resolve(head);
  const place = $head.parent.inlineContent ? $head : Selection.near($head, -1).$head;
  const decorations: Decoration[] = [];
  if (place.parent.inlineContent) {
    // Before one's own caret: what one writes oneself goes behind it.
    const spec = { key: id, side: -1, ignoreSelection: true };
    decorations.push(Decoration.widget(place.pos, element, spec));
  }
  if (place.depth > 0) {
    decorations.push(Decoration.node(place.before(1), place.after(1), { class: 'holds-caret' }));
  }
  if (anchor !== head) {
    const attributes = { class: `remote-selection ${className}` };
    decorations.push(Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), attributes));
  }
  return decorations;
}

/** One window's caret: an element that lives as long as the caret, so that its name can fade by itself. */
class Caret {
  readonly element = document.createElement('span');
  className = '';
  key: string;
  #head = '';
  #fading: ReturnType<typeof setTimeout> | undefined;

  constructor(client: number) {
    this.key = `caret ${client}`;
    // Screen readers hear who is here from the list of people; in the text a name would be read as text.
    this.element.setAttribute('aria-hidden', 'true');
    this.element.className = 'remote-caret';
  }

  belongTo(name: string, color: string, idle: boolean): void {
    const colorClass = caretColorClass(color);
    const { classList, dataset } = this.element;
    if (colorClass !== this.className) {
      if (this.className) classList.remove(this.className);
      if (colorClass) classList.add(colorClass);
      this.className = colorClass;
    }
    // Drawn by the style sheet: no text of the page, so nothing copies, counts or finds it.
    if (dataset.name !== name) dataset.name = name;
    classList.toggle('idle', idle);
  }

  /** Whether that is another place than before. */
  moveTo(head: string): boolean {
    if (head === this.#head) return false;
    this.#head = head;
    return true;
  }

  /** @param edge right edge (px) of the text, which the name must not cross */
  showName(edge: number): void {
    const { element } = this;
    element.classList.toggle('towards-start', element.getBoundingClientRect().left > edge - NAME_ROOM);
    element.classList.add('moving');
    clearTimeout(this.#fading);
    this.#fading = setTimeout(() => element.classList.remove('moving'), NAME_SHOWN);
  }

  destroy(): void {
    clearTimeout(this.#fading);
  }
}
