/** What happens with what people paste, drop, and click outside the text. */
import { Plugin, TextSelection } from '@tiptap/pm/state';
import { showToast } from '../toasts.ts';
import { readPastedHtml } from './pasted-html.ts';

export function pastePlugin(): Plugin {
  return new Plugin({
    props: {
      transformPastedHTML: pastedHtml,
      handleDOMEvents: {
        /** A click below the last block goes on writing there, also below a table or a picture. */
        mousedown(view, event) {
          const last = view.dom.lastElementChild;
          if (
            event.target !== view.dom ||
            !view.editable ||
            !last ||
            event.clientY <= last.getBoundingClientRect().bottom
          )
            return false;
          event.preventDefault();
          const { doc, schema, tr } = view.state;
          // A paragraph can be gone on with: a mere click writes nothing.
          if (doc.lastChild?.type.name !== 'paragraph' && schema.nodes.paragraph)
            tr.insert(doc.content.size, schema.nodes.paragraph.create());
          view.dispatch(tr.setSelection(TextSelection.atEnd(tr.doc)).scrollIntoView());
          view.focus();
          return true;
        },
      },
    },
  });
}

/** What is left out is said. */
function pastedHtml(html: string): string {
  const left = new Set<string>();
  const read = readPastedHtml(html, (what) => left.add(what));
  if (left.size > 0) showToast({ text: `Pasted without ${[...left].join(', and without ')}.` });
  return read;
}
