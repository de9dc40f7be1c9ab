/** Figures in the editor: the picture or a frame that says why there is none, the caption as text, the credit. */
import type { NodeViewRenderer } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';

/** The page asks no other origin for anything, so pictures from elsewhere are named, not fetched. */
export function isOwnPicture(src: string, base: string): boolean {
  try {
    return new URL(src, base).origin === new URL(base).origin;
  } catch {
    return false;
  }
}

function frame(title: string, ...lines: string[]): HTMLElement {
  const box = document.createElement('div');
  box.className = 'figure-frame';
  const strong = document.createElement('strong');
  strong.textContent = title;
  box.append(strong);
  for (const line of lines.filter(Boolean)) {
    const span = document.createElement('span');
    span.textContent = line;
    box.append(span);
  }
  return box;
}

/** The picture of a figure, or a frame that says why there is none. */
export function figurePicture(attrs: Readonly<Record<string, unknown>>): HTMLElement {
  const { src, alt } = attrs as { src: string | null; alt: string };
  if (!src) return frame('No picture chosen yet', alt);
  if (!isOwnPicture(src, location.href)) return frame('Picture on another site', src, alt);
  const img = document.createElement('img');
  img.alt = alt;
  img.draggable = false;
  img.addEventListener('error', () => img.replaceWith(frame('The picture could not be loaded', src, alt)), {
    once: true,
  });
  img.src = src;
  return img;
}

export const figureView: NodeViewRenderer = ({ node: first }) => {
  let node = first;
  const dom = document.createElement('figure');
  const shown = document.createElement('div');
  shown.className = 'figure-picture';
  shown.contentEditable = 'false';
  const contentDOM = document.createElement('figcaption');
  const credit = document.createElement('small');
  credit.contentEditable = 'false';
  dom.append(shown, contentDOM, credit);

  const draw = (before: Node | null): void => {
    const { src, alt, credit: by, lang, dir } = node.attrs as Record<string, string | null>;
    if (before?.attrs.src !== src || before?.attrs.alt !== alt) shown.replaceChildren(figurePicture(node.attrs));
    credit.textContent = by ?? '';
    credit.hidden = !by;
    for (const [name, value] of Object.entries({ lang, dir })) {
      if (value) dom.setAttribute(name, value);
      else dom.removeAttribute(name);
    }
    contentDOM.classList.toggle('empty', node.content.size === 0);
  };
  draw(null);
  return {
    dom,
    contentDOM,
    update(next) {
      if (next.type !== node.type) return false;
      const before = node;
      node = next;
      draw(before);
      return true;
    },
    ignoreMutation: (mutation) => mutation.type !== 'selection' && !contentDOM.contains(mutation.target),
  };
};
