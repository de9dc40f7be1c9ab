/** A plan's content between Y.Doc and ProseMirror document: write it once, read it, rewrite it. No editor, no DOM. */
import { Fragment, Node } from '@tiptap/pm/model';
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
      fillers: new Set(),
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

/** The document with nodes of another in place of those that equal them: what shares its nodes is known to be unchanged, padding too. */
function sharingNodes(doc: Node, other: Node): Node {
  const keyOf = (node: Node) => `${node.type.name} ${node.textContent}`;
  const known = new Map<string, Node[]>();
  for (const node of other.children) {
    const list = known.get(keyOf(node));
    if (list) list.push(node);
    else known.set(keyOf(node), [node]);
  }
  const shared = doc.children.map((node) => {
    const list = known.get(keyOf(node)) ?? [];
    const at = list.findIndex((old) => old.eq(node));
    return at < 0 ? node : list.splice(at, 1)[0]!;
  });
  return doc.copy(Fragment.fromArray(shared));
}

/**
 * Changes the content into the given document by the smallest forward edit: unchanged blocks and words keep their identity,
 * so that concurrent edits, comments and carets on them stay (R14: restoring is an ordinary edit).
 * @throws RangeError when the content is not valid in the schema
 */
export function rewriteContent(ydoc: Y.Doc, content: Node | NodeJSON): void {
  const binding = new FlowBinding(ydoc, schema, () => binding.doc);
  try {
    binding.edit(sharingNodes(toNode(content), binding.doc));
  } finally {
    binding.destroy();
  }
}
