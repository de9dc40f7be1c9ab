/** A plan's content between Y.Doc and ProseMirror document: write it once, read it, rewrite it. No editor, no DOM. */
import { Node } from '@tiptap/pm/model';
import type * as Y from 'yjs';
import { schema } from '../schema/schema.ts';
import { FlowBinding } from './binding.ts';
import { readBlocks } from './blocks.ts';
import { contentRoots } from './format.ts';
import { renderDocument } from './render.ts';
import { writeEdit } from './write.ts';

/** ProseMirror JSON of a node. */
export type NodeJSON = ReturnType<Node['toJSON']>;

const toNode = (content: Node | NodeJSON): Node => {
  const node = content instanceof Node ? content : Node.fromJSON(schema, content);
  node.check();
  return node;
};

/**
 * Fills the empty content of a new plan. Only the server calls it, once, in the transaction that creates the plan (R6).
 * @throws RangeError when the content is not valid in the schema, or the Y.Doc has content already
 */
export function writeContent(ydoc: Y.Doc, content: Node | NodeJSON): void {
  const doc = toNode(content);
  if (contentRoots(ydoc).ytext.length > 0) throw new RangeError('Expected a Y.Doc without content');
  ydoc.transact(() => {
    writeEdit(ydoc, {
      schema: doc.type.schema,
      blocks: [],
      start: 0,
      nodes: doc.children,
      slots: [],
      hint: null,
      mode: 'changes',
    });
  });
}

/** The content of a plan in our schema. Total: whatever the Y.Doc holds shows as a valid document. Writes nothing. */
export function readContent(ydoc: Y.Doc): Node {
  const { ytext, yattrs } = contentRoots(ydoc);
  return renderDocument(schema, readBlocks(ytext), (key) => yattrs.get(key)).doc;
}

/**
 * Changes the content into the given document by the smallest forward edit: unchanged blocks and words keep their identity,
 * so that concurrent edits, comments and carets on them stay (R14: restoring is an ordinary edit).
 * @throws RangeError when the content is not valid in the schema
 */
export function rewriteContent(ydoc: Y.Doc, content: Node | NodeJSON): void {
  const binding = new FlowBinding(ydoc, schema, () => binding.doc);
  try {
    binding.edit(toNode(content));
  } finally {
    binding.destroy();
  }
}
