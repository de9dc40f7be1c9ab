/** Figures in the editor: the picture, or a frame that says why there is none; the caption as text; the credit; what is still missing. */
import type { NodeViewRenderer } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { type EditorState, NodeSelection } from '@tiptap/pm/state';
import type { Decoration, EditorView } from '@tiptap/pm/view';
import { discardUpload, retryUpload, type Upload, uploadFor } from './pictures.ts';

/** Where the figure is that the caret is in, or that is selected; null: neither. */
export function figureAt({ selection }: EditorState): number | null {
  const { $from, from } = selection;
  if (selection instanceof NodeSelection && selection.node.type.name === 'figure') return from;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name === 'figure') return $from.before(depth);
  }
  return null;
}

/** The page asks no other origin for anything, so pictures from elsewhere are named, not fetched. */
export function isOwnPicture(src: string, base: string): boolean {
  try {
    return new URL(src, base).origin === new URL(base).origin;
  } catch {
    return false;
  }
}

function element(name: string, className: string, ...children: (Element | string)[]): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

function frame(title: string, ...lines: string[]): HTMLElement {
  const strong = document.createElement('strong');
  strong.textContent = title;
  return element('div', 'figure-frame', strong, ...lines.filter(Boolean).map((line) => element('span', '', line)));
}

function button(label: string, run: () => void, className = 'button small'): HTMLButtonElement {
  const made = element('button', className, label) as HTMLButtonElement;
  made.type = 'button';
  // A press must not take the caret out of the text, nor begin to drag the figure.
  made.addEventListener('mousedown', (event) => {
    event.preventDefault();
    event.stopPropagation();
  });
  made.addEventListener('click', run);
  return made;
}

/** The picture of a figure, or a frame that says why there is none. */
export function figurePicture(attrs: Readonly<Record<string, unknown>>): HTMLElement {
  const { src, alt } = attrs as { src: string | null; alt: string };
  if (!src) return frame('No picture chosen yet', alt);
  if (!isOwnPicture(src, location.href)) return frame('Picture on another site', src, alt);
  const img = document.createElement('img');
  img.alt = alt;
  img.draggable = false;
  img.addEventListener('error', () => img.replaceWith(frame('The picture could not be loaded', alt)), { once: true });
  img.src = src;
  return img;
}

/** A picture that is on its way, for who sends it. */
function uploadPicture(
  { id, preview, failure, transient }: Upload,
  view: EditorView,
  chooseAnother: () => void,
): HTMLElement {
  const said = element('p', 'figure-upload-words');
  const box = element('div', 'figure-upload', said);
  box.setAttribute('role', failure ? 'alert' : 'status');
  if (preview) {
    const img = document.createElement('img');
    img.alt = '';
    img.draggable = false;
    img.src = preview;
    box.prepend(img);
  }
  if (failure === null) {
    const bar = document.createElement('progress');
    bar.setAttribute('aria-label', 'Adding the picture');
    said.append('Adding the picture …', bar);
  } else {
    const again = transient
      ? button('Try again', () => retryUpload(view, id), 'button small primary')
      : button('Choose another picture', chooseAnother, 'button small primary');
    said.append(
      element('strong', '', 'The picture was not added.'),
      ` ${failure}`,
      element(
        'span',
        'figure-upload-actions',
        again,
        button('Give it up', () => discardUpload(view, id)),
      ),
    );
  }
  return box;
}

/** `onEdit` hears that somebody wants to describe or choose the picture of the figure at this place. */
export const figureView =
  (onEdit: (pos: number) => void): NodeViewRenderer =>
  ({ node: first, decorations: firstDecorations, getPos, view }) => {
    let node = first;
    let upload = uploadFor(firstDecorations as readonly Decoration[]);
    const dom = document.createElement('figure');
    const shown = element('div', 'figure-picture');
    shown.contentEditable = 'false';
    const edit = (): void => {
      const pos = getPos();
      if (pos !== undefined) onEdit(pos);
    };
    const missing = button('Say what the picture shows', edit, 'button small figure-missing');
    missing.contentEditable = 'false';
    const contentDOM = document.createElement('figcaption');
    const credit = document.createElement('small');
    credit.contentEditable = 'false';
    dom.append(shown, missing, contentDOM, credit);

    const drawPicture = (): void => {
      const picture = upload ? uploadPicture(upload, view, edit) : figurePicture(node.attrs);
      shown.replaceChildren(picture);
      if (!upload && node.attrs.src === null) {
        picture.append(button('Choose a picture', edit, 'button small figure-choose'));
      }
    };

    const draw = (before: Node | null): void => {
      const { src, alt, decorative, credit: by, lang, dir } = node.attrs as Record<string, string | null>;
      if (!before || before.attrs.src !== src || before.attrs.alt !== alt) drawPicture();
      missing.hidden = upload !== undefined || src === null || alt !== '' || Boolean(decorative);
      credit.textContent = by ?? '';
      credit.hidden = !by;
      for (const [name, value] of Object.entries({ lang, dir })) {
        if (value) dom.setAttribute(name, value);
        else dom.removeAttribute(name);
      }
      contentDOM.classList.toggle('empty', node.content.size === 0);
    };
    const drawProgress = (): void => {
      const bar = shown.querySelector('progress');
      if (bar && upload && upload.progress > 0 && upload.progress < 1) bar.value = upload.progress;
      // The server is at work on it: nobody knows for how long.
      else bar?.removeAttribute('value');
    };
    draw(null);
    return {
      dom,
      contentDOM,
      update(next, decorations) {
        if (next.type !== node.type) return false;
        const before = node;
        const earlier = upload;
        node = next;
        upload = uploadFor(decorations as readonly Decoration[]);
        const isOther =
          earlier?.id !== upload?.id || earlier?.preview !== upload?.preview || earlier?.failure !== upload?.failure;
        draw(isOther ? null : before);
        drawProgress();
        return true;
      },
      stopEvent: (event) => event.target instanceof Element && event.target.closest('button') !== null,
      ignoreMutation: (mutation) => mutation.type !== 'selection' && !contentDOM.contains(mutation.target),
    };
  };
