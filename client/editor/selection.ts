/** Selections that survive everybody's edits: taken before a change, put back after it. */
import type { Node } from '@tiptap/pm/model';
import { AllSelection, type EditorState, NodeSelection, Selection, TextSelection } from '@tiptap/pm/state';
import { CellSelection, cellAround } from '@tiptap/pm/tables';
import type { FlowBinding } from '../../shared/document/binding.ts';
import { type Anchor, fromAnchor, toAnchor } from '../../shared/document/positions.ts';

/** A selection in terms of the flow. Whole nodes are held by the place right before them. */
export type Bookmark =
  | { readonly kind: 'all' }
  | { readonly kind: 'text' | 'cells' | 'other'; readonly anchor: Anchor; readonly head: Anchor }
  | { readonly kind: 'node'; readonly anchor: Anchor; readonly type: string };

/** Null while the editor shows something else than the flow, and for a place that only the view has (padding of a table). */
export function bookmark(binding: FlowBinding, { doc, selection }: EditorState): Bookmark | null {
  if (doc !== binding.doc) return null;
  if (selection instanceof AllSelection) return { kind: 'all' };
  const place = (pos: number): Anchor | null => {
    const anchor = toAnchor(binding.ydoc, binding.view, pos);
    return fromAnchor(binding.ydoc, binding.view, anchor) === pos ? anchor : null;
  };
  const anchor = place(selection.anchor);
  if (!anchor) return null;
  if (selection instanceof NodeSelection) return { kind: 'node', anchor, type: selection.node.type.name };
  const head = selection.empty ? anchor : place(selection.head);
  if (!head) return null;
  if (selection instanceof CellSelection) {
    const [anchorCell, headCell] = [place(selection.$anchorCell.pos), place(selection.$headCell.pos)];
    return anchorCell && headCell && { kind: 'cells', anchor: anchorCell, head: headCell };
  }
  return { kind: selection instanceof TextSelection ? 'text' : 'other', anchor, head };
}

/**
 * The selection that a bookmark stands for; null when its place cannot be told any more.
 * @param doc equals `binding.doc`
 */
export function restore(binding: FlowBinding, mark: Bookmark, doc: Node): Selection | null {
  if (mark.kind === 'all') return new AllSelection(doc);
  const anchor = fromAnchor(binding.ydoc, binding.view, mark.anchor);
  if (anchor === null) return null;
  const $anchor = doc.resolve(anchor);
  if (mark.kind === 'node') {
    const pos = nodeAt(doc, anchor, mark.type);
    return pos === null ? Selection.near($anchor) : NodeSelection.create(doc, pos);
  }
  const head = fromAnchor(binding.ydoc, binding.view, mark.head);
  if (head === null) return null;
  const $head = doc.resolve(head);
  if (mark.kind === 'cells') {
    const [anchorCell, headCell] = [cellAt(doc, anchor), cellAt(doc, head)];
    const table = (pos: number): Node => doc.resolve(pos).node(-1);
    if (anchorCell !== null && headCell !== null && table(anchorCell) === table(headCell))
      return CellSelection.create(doc, anchorCell, headCell);
  }
  return TextSelection.between($anchor, $head);
}

/** Where the node of this type is that stood at a position: there still, or around it, when others wrapped or lifted it. */
function nodeAt(doc: Node, pos: number, type: string): number | null {
  const isIt = (node: Node | null | undefined): boolean => node?.type.name === type && NodeSelection.isSelectable(node);
  if (isIt(doc.nodeAt(pos))) return pos;
  const $pos = doc.resolve(pos);
  for (let depth = $pos.depth; depth > 0; depth--) if (isIt($pos.node(depth))) return $pos.before(depth);
  return null;
}

function cellAt(doc: Node, pos: number): number | null {
  const role: unknown = doc.nodeAt(pos)?.type.spec.tableRole;
  if (role === 'cell' || role === 'header_cell') return pos;
  return cellAround(doc.resolve(pos))?.pos ?? null;
}
