/** A snapshot's content as a document to read: headings with places to jump to, notes numbered and at the end, passages by who wrote them. */
import type { Contribution, SnapshotContent } from '../../shared/api.ts';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { isInline, sizeOf, textOf } from '../../shared/compare/node.ts';
import { authoredPieces } from './authored-pieces.ts';
import { blockElement, element, marked } from './elements.ts';

export interface ReadHeading {
  /** ProseMirror position; the element's id is `at-` and this. */
  readonly pos: number;
  readonly level: number;
  readonly text: string;
}

export interface Reading {
  readonly blocks: DocumentFragment;
  readonly headings: readonly ReadHeading[];
  /** A list item for each note, in the order of the text. */
  readonly notes: readonly HTMLLIElement[];
  /** Runs of text by one contribution, in the order of the text. */
  readonly passages: readonly Passage[];
}

export interface Passage {
  readonly element: HTMLElement;
  readonly contribution: Contribution;
}

export const headingId = (pos: number): string => `at-${pos}`;

type Authorship = Pick<SnapshotContent, 'authorship' | 'contributions'>;

/** `authorship` null: nobody's passages are marked. The DOM holds no address that is not safe, and no picture of another origin. */
export function renderReading(content: NodeJSON, authorship: Authorship | null): Reading {
  return new Renderer(authorship).document(content);
}

class Renderer {
  readonly #authorship: Authorship | null;
  readonly #headings: ReadHeading[] = [];
  readonly #notes: HTMLLIElement[] = [];
  readonly #passages: Passage[] = [];

  constructor(authorship: Authorship | null) {
    this.#authorship = authorship;
  }

  document(content: NodeJSON): Reading {
    const blocks = document.createDocumentFragment();
    this.#children(content, 0, blocks);
    return { blocks, headings: this.#headings, notes: this.#notes, passages: this.#passages };
  }

  /** `start`: position of the first child. */
  #children({ content = [] }: NodeJSON, start: number, into: Node): void {
    if (content.some(isInline)) {
      this.#inline(content, start, into);
      return;
    }
    let pos = start;
    for (const child of content) {
      into.appendChild(this.#block(child, pos));
      pos += sizeOf(child);
    }
  }

  #block(node: NodeJSON, pos: number): HTMLElement {
    const { outer, content } = blockElement(node);
    if (node.type === 'heading') {
      outer.id = headingId(pos);
      outer.tabIndex = -1;
      const text = textOf(withoutNotes(node)).trim();
      if (text !== '') this.#headings.push({ pos, level: Number(node.attrs?.level ?? 1), text });
    }
    this.#children(node, pos + 1, content);
    return outer;
  }

  #inline(nodes: readonly NodeJSON[], start: number, into: Node): void {
    let pos = start;
    let passage: Passage | null = null;
    for (const node of nodes) {
      if (node.type === 'footnote') {
        into.appendChild(this.#note(node, pos));
        passage = null;
      } else if (node.type === 'text') {
        for (const { text, by } of authoredPieces(node.text ?? '', pos, this.#authorship?.authorship ?? [])) {
          passage = this.#passageFor(by === null ? null : (this.#authorship?.contributions[by] ?? null), passage, into);
          (passage?.element ?? into).appendChild(marked(document.createTextNode(text), node.marks));
        }
      } else if (node.type === 'hardBreak') (passage?.element ?? into).appendChild(element('br'));
      pos += sizeOf(node);
    }
  }

  /** The passage that goes on, or a new one; null where nobody is known. */
  #passageFor(contribution: Contribution | null, before: Passage | null, into: Node): Passage | null {
    if (contribution === null || before?.contribution === contribution) return contribution && before;
    const passage = { element: element('span', 'passage'), contribution };
    into.appendChild(passage.element);
    this.#passages.push(passage);
    return passage;
  }

  #note(node: NodeJSON, pos: number): HTMLElement {
    const number = this.#notes.length + 1;
    const text = element('span');
    const back = element('a', 'note-back', `${number}`);
    back.href = `#note-mark-${number}`;
    back.setAttribute('aria-label', `${number}: back to the text`);
    const item = element('li', '', back, text);
    item.id = `note-${number}`;
    // Before its text: a note within this one would be counted after it.
    this.#notes.push(item);
    this.#children(node, pos + 1, text);
    if (!text.hasChildNodes()) text.append(element('em', '', 'Empty note'));
    const mark = element('a', 'note-mark', `${number}`);
    mark.href = `#note-${number}`;
    mark.id = `note-mark-${number}`;
    mark.setAttribute('aria-label', `Note ${number}`);
    return element('sup', '', mark);
  }
}

const withoutNotes = (node: NodeJSON): NodeJSON => ({
  ...node,
  content: (node.content ?? []).filter(({ type }) => type !== 'footnote'),
});
