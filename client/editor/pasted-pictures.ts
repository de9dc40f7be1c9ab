/** Pictures in what people paste and drop: files, pictures that stand in the HTML, and figures of other plans. */
import { type Node, Slice } from '@tiptap/pm/model';
import { Plugin, type Transaction } from '@tiptap/pm/state';
import { CommonplanError } from '../../shared/errors.ts';
import { imageAddress, readImageAddress } from '../../shared/schema/image-address.ts';
import { NetworkError } from '../api.ts';
import { parseInertHtml } from '../inert-html.ts';
import { addUpload, insertPictures, type Upload } from './pictures.ts';

/** Stands for the plan while a picture of the clipboard has no address yet. Never leaves this file. */
const CLIPBOARD = 'clipboard';

/** `planId`: of the plan that is written in. Others' pictures are copied into it, so that whoever reads it sees them. */
export function pastedPicturesPlugin(planId: string): Plugin {
  const clipboard = new Map<string, string>();
  /** Whether the HTML that is being pasted was copied in an editor like this one, which knows where a selection ended. */
  let isOurs = false;

  /** The schema takes no address that holds a picture, so it gets one that stands for it. */
  const standIns = (html: string): string =>
    html.replace(
      /(<img\b[^>]*?\ssrc\s*=\s*)(["'])(data:image\/[^"']+)\2/gi,
      (_tag, before: string, quote: string, data) => {
        const random = crypto.getRandomValues(new Uint8Array(32));
        const address = imageAddress(CLIPBOARD, [...random].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
        clipboard.set(address, String(data));
        return `${before}${quote}${address}${quote}`;
      },
    );

  const reader = (src: string): Upload['read'] => {
    const data = clipboard.get(src);
    clipboard.delete(src);
    return data === undefined ? (signal) => fetchPicture(src, signal) : () => Promise.resolve(decode(data));
  };

  return new Plugin({
    props: {
      transformPastedHTML(html) {
        isOurs = html.includes('data-pm-slice');
        return standIns(html);
      },
      transformPasted: (slice) => withWholeFigures(slice, isOurs),
      handlePaste(view, event) {
        const files = picturesOf(event.clipboardData);
        if (files.length === 0) return false;
        insertPictures(
          view,
          files.map((file) => ({ file })),
        );
        return true;
      },
      handleDrop(view, event, _slice, moved) {
        const files = moved ? [] : picturesOf(event.dataTransfer);
        if (files.length === 0) return false;
        event.preventDefault();
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        insertPictures(
          view,
          files.map((file) => ({ file })),
          at?.pos,
        );
        return true;
      },
    },
    appendTransaction(transactions, _before, { doc, tr }) {
      if (!transactions.some(isPasteOrDrop)) return null;
      for (const { pos, src } of foreignFigures(doc, planId)) {
        addUpload(tr.setNodeAttribute(pos, 'src', null), pos, reader(src));
      }
      return tr.docChanged ? tr : null;
    },
  });
}

/** Words of a caption are words; a figure from elsewhere, or without a caption, is a figure, and never only its words. */
function withWholeFigures({ content, openStart, openEnd }: Slice, isOurs: boolean): Slice {
  const isWhole = (node: Node | null): boolean => node?.type.name === 'figure' && (!isOurs || node.content.size === 0);
  return new Slice(content, isWhole(content.firstChild) ? 0 : openStart, isWhole(content.lastChild) ? 0 : openEnd);
}

const isPasteOrDrop = (tr: Transaction): boolean => Boolean(tr.getMeta('paste')) || tr.getMeta('uiEvent') === 'drop';

function foreignFigures(doc: Node, planId: string): { pos: number; src: string }[] {
  const found: { pos: number; src: string }[] = [];
  doc.descendants((node, pos) => {
    const address = node.type.name === 'figure' ? readImageAddress(node.attrs.src) : null;
    if (address && address.planId !== planId) found.push({ pos, src: String(node.attrs.src) });
    return !node.isTextblock;
  });
  return found;
}

/** The picture files, unless they only show what is there as text, too: word processors and spreadsheets add such a picture. */
function picturesOf(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
  if (files.length === 0 || !data) return [];
  const html = data.getData('text/html');
  if (html === '') return data.types.includes('text/plain') ? [] : files;
  // A picture that was copied on a page: its HTML names the page's address, which nobody here may fetch.
  const { body } = parseInertHtml(html);
  return body.textContent.trim() === '' && body.querySelectorAll('img').length === 1 ? files : [];
}

function decode(data: string): Blob {
  const [, type = '', encoding, body = ''] = /^data:([^;,]*)[^,]*?(;base64)?,(.*)$/s.exec(data) ?? [];
  const text = encoding ? atob(body.replace(/\s/g, '')) : decodeURIComponent(body);
  return new Blob([Uint8Array.from(text, (char) => char.charCodeAt(0))], { type });
}

/** A picture of another plan, if this person may read that. */
async function fetchPicture(src: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(src, { signal }).catch((error: unknown) => {
    throw signal.aborted ? error : new NetworkError(error);
  });
  if (response.ok) return response.blob();
  throw new CommonplanError('not-found', 'This picture belongs to another plan, and you have no access to it there.');
}
