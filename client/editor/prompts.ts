/** Guiding prompts of a template, and the invitation of an empty plan: shown in empty paragraphs, never part of the text. */
import type { Node } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { perBlock } from './block-memo.ts';

const INVITATION = 'Start writing here, or paste what you have.';

interface Prompt {
  readonly offset: number;
  readonly size: number;
  readonly text: string;
}

const promptsIn = perBlock((block): readonly Prompt[] => {
  const prompts: Prompt[] = [];
  const look = (node: Node, offset: number): void => {
    const text: unknown = node.attrs.prompt;
    if (node.type.name === 'paragraph' && node.content.size === 0 && typeof text === 'string')
      prompts.push({ offset, size: node.nodeSize, text });
  };
  look(block, 0);
  block.descendants((node, pos) => look(node, pos + 1));
  return prompts;
});

function decorate(doc: Node): DecorationSet {
  const decorations: Decoration[] = [];
  const show = (pos: number, size: number, text: string) =>
    decorations.push(Decoration.node(pos, pos + size, { class: 'prompt', 'data-prompt': text }));
  doc.forEach((block, pos) => {
    for (const { offset, size, text } of promptsIn(block)) show(pos + offset, size, text);
  });
  const only = doc.childCount === 1 ? doc.firstChild : null;
  if (decorations.length === 0 && only?.type.name === 'paragraph' && only.content.size === 0)
    show(0, only.nodeSize, INVITATION);
  return DecorationSet.create(doc, decorations);
}

export const promptPlugin = new Plugin<{ doc: Node; decorations: DecorationSet }>({
  state: {
    init: (_config, { doc }) => ({ doc, decorations: decorate(doc) }),
    apply: (_tr, before, _old, { doc }) => (doc === before.doc ? before : { doc, decorations: decorate(doc) }),
  },
  props: {
    decorations(state) {
      return this.getState(state)?.decorations;
    },
  },
});
