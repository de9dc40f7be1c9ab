/** Makes the Tiptap editor of a plan: the schema, the binding to Yjs, and how nodes look and behave while people write. */
import { type AnyExtension, Editor, Extension, type Node as TiptapNode } from '@tiptap/core';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { schemaExtensions } from '../../shared/schema/extensions.ts';
import { caretBlockPlugin } from './caret-block.ts';
import { Collaboration } from './collaboration.ts';
import { figureView } from './figure.ts';
import { footnoteKeys, footnotePlugin, footnoteView } from './footnote.ts';
import { pastePlugin } from './paste.ts';
import { pastedPicturesPlugin } from './pasted-pictures.ts';
import { pastedTextPlugin } from './pasted-text.ts';
import { picturesPlugin, type SendPicture } from './pictures.ts';
import { planEndKeys } from './plan-ends.ts';
import { promptPlugin } from './prompts.ts';
import { tableScrollPlugin } from './tables.ts';

export interface PlanEditorOptions {
  readonly element: HTMLElement;
  /** Holds the whole content already: a plan is opened once it has arrived (R6). */
  readonly ydoc: Y.Doc;
  readonly awareness: Awareness;
  readonly user: { readonly name: string; readonly color: string };
  readonly editable: boolean;
  /** Mod-k was pressed. */
  readonly onEditLink: () => void;
  readonly planId: string;
  readonly sendPicture: SendPicture;
  /** Somebody wants to choose or describe the picture of the figure at this place. */
  readonly onEditFigure: (pos: number) => void;
  /** Mod-/ was pressed. */
  readonly onShortcuts: () => void;
}

const withViews = (extension: AnyExtension, { onEditFigure }: PlanEditorOptions): AnyExtension => {
  if (extension.name === 'figure')
    return (extension as TiptapNode).extend({ addNodeView: () => figureView(onEditFigure) });
  // "end.Next" looks like a host to the library: only what is plainly an address becomes a link by itself.
  if (extension.name === 'link')
    return extension.configure({ shouldAutoLink: (url: string) => /^(https?:\/\/|mailto:|www\.)|@/i.test(url) });
  if (extension.name === 'footnote')
    return (extension as TiptapNode).extend({
      // Before the other keymaps: Enter and the arrows mean something else inside a note.
      priority: 1000,
      addNodeView: () => footnoteView,
      addProseMirrorPlugins: () => [footnotePlugin],
      addKeyboardShortcuts() {
        const { editor } = this;
        return Object.fromEntries(Object.entries(footnoteKeys).map(([keys, run]) => [keys, () => run({ editor })]));
      },
    });
  return extension;
};

export function createPlanEditor(options: PlanEditorOptions): Editor {
  const { element, ydoc, awareness, user, editable } = options;
  const page = Extension.create({
    name: 'planPage',
    addProseMirrorPlugins() {
      const { editor } = this;
      return [
        caretBlockPlugin,
        promptPlugin,
        pastedTextPlugin(),
        pastePlugin(),
        pastedPicturesPlugin(options.planId),
        picturesPlugin(options.sendPicture),
        tableScrollPlugin(() => editor.isEditable),
      ];
    },
    addKeyboardShortcuts: () => ({
      ...planEndKeys,
      'Mod-k': () => {
        options.onEditLink();
        return true;
      },
      'Mod-/': () => {
        options.onShortcuts();
        return true;
      },
      'Mod-\\': ({ editor }) => editor.chain().clearNodes().unsetAllMarks().run(),
    }),
  });
  return new Editor({
    element,
    editable,
    // The page's own style sheet holds these rules: a policy against inline styles would refuse them.
    injectCSS: false,
    extensions: [
      ...schemaExtensions.map((extension) => withViews(extension, options)),
      Collaboration.configure({ ydoc, awareness, user }),
      page,
    ],
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': 'Text of the plan',
        class: 'prose',
        spellcheck: 'true',
      },
      handleScrollToSelection: () => false,
      // Room for the sticky header above and, on a phone, the toolbar below.
      scrollMargin: { top: 140, bottom: 120, left: 8, right: 8 },
      scrollThreshold: { top: 120, bottom: 100, left: 0, right: 0 },
    },
  });
}
