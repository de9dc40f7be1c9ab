/** Pasted Markdown and MediaWiki text: it is there as text at once, and becomes what it says when the server has read it. */
import { Fragment, Slice } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import type { z } from 'zod';
import type { convertText } from '../../shared/convert-api.ts';
import { looksLikeMarkdown, looksLikeWikitext } from '../../shared/import.ts';
import { schema } from '../../shared/schema/schema.ts';
import { api } from '../api.ts';
import { showToast } from '../toasts.ts';

type Format = z.infer<typeof convertText>['format'];

/** Where text stands that is being read. */
interface Waiting {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const key = new PluginKey<readonly Waiting[]>('pasted text');
/** Milliseconds after which it stays text. */
const PATIENCE = 8_000;

export function pastedTextPlugin(): Plugin<readonly Waiting[]> {
  let isPlain = false;
  return new Plugin<readonly Waiting[]>({
    key,
    state: {
      init: () => [],
      apply(transaction, waiting) {
        const mapped = waiting.map(({ from, to, text }) => ({
          ...{ text, from: transaction.mapping.map(from, -1), to: transaction.mapping.map(to, 1) },
        }));
        const change = transaction.getMeta(key) as { begins?: Waiting; ends?: string } | undefined;
        const left = change?.ends === undefined ? mapped : mapped.filter(({ text }) => text !== change.ends);
        return change?.begins ? [...left, change.begins] : left;
      },
    },
    props: {
      handleKeyDown(_view, event) {
        // Pasted with Shift, text stays as it is.
        isPlain = event.shiftKey;
        return false;
      },
      handlePaste(view, event) {
        const data = event.clipboardData;
        const text = data?.getData('text/plain').trim() ?? '';
        const format = data?.types.includes('text/html') || isPlain ? null : formatOf(text);
        const isCode = view.state.selection.$from.parent.type.spec.code;
        if (!format || isCode || !view.editable) return false;
        isPlain = true;
        const { from } = view.state.selection;
        view.pasteText(text, event);
        isPlain = false;
        void read(view, { from, to: view.state.selection.to, text }, format);
        return true;
      },
    },
  });
}

const formatOf = (text: string): Format | null =>
  looksLikeWikitext(text) ? 'wikitext' : looksLikeMarkdown(text) ? 'md' : null;

async function read(view: EditorView, begins: Waiting, format: Format): Promise<void> {
  const { text } = begins;
  const pasted = wordsAt(view, begins);
  view.dispatch(view.state.tr.setMeta(key, { begins }));
  // Offline, or refused: then it is the text that was pasted.
  const converted = await api.convert({ text, format }, AbortSignal.timeout(PATIENCE)).catch(() => null);
  if (view.isDestroyed) return;
  const place = key.getState(view.state)?.find((each) => each.text === text);
  const transaction = view.state.tr.setMeta(key, { ends: text });
  // Who has gone on writing in it keeps what is written.
  if (converted && place && wordsAt(view, place) === pasted) {
    const { content } = schema.nodeFromJSON(converted.content);
    const only = content.childCount === 1 && content.firstChild?.type.name === 'paragraph';
    const nodes = Fragment.fromJSON(view.state.schema, content.toJSON());
    transaction.replaceRange(place.from, place.to, only ? Slice.maxOpen(nodes) : new Slice(nodes, 0, 0));
    const { losses } = converted;
    if (losses.length > 0)
      showToast({ text: `In the pasted text there are ${losses.map(({ what }) => what).join('; ')}.` });
  }
  view.dispatch(transaction.scrollIntoView());
}

const wordsAt = ({ state: { doc } }: EditorView, { from, to }: Waiting): string =>
  doc.textBetween(from, Math.min(to, doc.content.size), '\n', ' ');
