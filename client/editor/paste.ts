/** What happens with what people paste, drop, and click outside the text. */
import { Plugin, TextSelection } from '@tiptap/pm/state';
import { showToast } from '../toasts.ts';
import { readPastedHtml } from './pasted-html.ts';

/** `onPictures` hears that picture files were pasted or dropped and could not be taken. */
export function pastePlugin(onPictures: () => void): Plugin {
  const refusePictures = (data: DataTransfer | null): boolean => {
    const files = [...(data?.files ?? [])];
    // Word and spreadsheets put a picture of the text beside the text: the text is what is meant.
    const hasText = data?.types.includes('text/html') || data?.types.includes('text/plain');
    if (hasText || !files.some(({ type }) => type.startsWith('image/'))) return false;
    onPictures();
    return true;
  };
  return new Plugin({
    props: {
      transformPastedHTML: pastedHtml,
      handlePaste: (_view, event) => refusePictures(event.clipboardData),
      handleDrop: (_view, event) => {
        const refused = refusePictures(event.dataTransfer);
        if (refused) event.preventDefault();
        return refused;
      },
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
