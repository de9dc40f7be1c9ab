/** Everything a person can do to a plan's content, at random places: the edits of the fuzz. */
import { createParagraphNear, joinBackward, lift, setBlockType, splitBlock, wrapIn } from '@tiptap/pm/commands';
import { type Node, Slice } from '@tiptap/pm/model';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from '@tiptap/pm/schema-list';
import { type Command, NodeSelection, TextSelection } from '@tiptap/pm/state';
import * as tables from '@tiptap/pm/tables';
import type { Manner } from './ledger.ts';
import { type Random, RandomContent, type WordSource } from './random.ts';
import type { Replica } from './replica.ts';

/** What an edit needs of a replica, so that other bindings can be put through the same. */
export type Person = Pick<Replica, 'state' | 'dispatch' | 'act'> & { undo: { undo(): unknown; redo(): unknown } };

/** An edit does its work on the replica, or nothing when it finds no place for it. */
export type EditAction = (replica: Person, random: Random, word: WordSource) => void;

/** Words stand between these, so that a word cut in part is told from one that is whole. */
export const wordText = (id: string): string => `⟨${id}⟩`;

/** Positions in textblocks (and footnotes) where a word may start: never inside another word. */
function boundaries(doc: Node): number[] {
  const result: number[] = [];
  doc.descendants((node, pos) => {
    if (!node.inlineContent) return true;
    let inWord = false;
    result.push(pos + 1);
    node.forEach((child, offset) => {
      if (!child.isText) {
        inWord = false;
        result.push(pos + 1 + offset + child.nodeSize);
        return;
      }
      const text = child.text ?? '';
      for (let i = 0; i < text.length; i++) {
        if (text[i] === '⟨') inWord = true;
        if (text[i] === '⟩') inWord = false;
        if (!inWord) result.push(pos + 1 + offset + i + 1);
      }
    });
    return true;
  });
  return result;
}

const places = (doc: Node, accepts: (node: Node) => boolean): number[] => {
  const result: number[] = [];
  doc.descendants((node, pos) => {
    if (accepts(node)) result.push(pos);
  });
  return result;
};

function putCaret(replica: Person, random: Random): boolean {
  const found = boundaries(replica.state.doc);
  if (found.length === 0) return false;
  const selection = TextSelection.create(replica.state.doc, random.pick(found));
  replica.dispatch(replica.state.tr.setSelection(selection));
  return true;
}

/** Selects from one place to another nearby, inside a block or across blocks. */
function select(replica: Person, random: Random, reach: number): boolean {
  const found = boundaries(replica.state.doc);
  if (found.length < 2) return false;
  const from = random.below(found.length);
  const to = Math.min(found.length - 1, from + 1 + random.below(reach));
  const selection = TextSelection.between(
    replica.state.doc.resolve(found[from]!),
    replica.state.doc.resolve(found[to]!),
  );
  replica.dispatch(replica.state.tr.setSelection(selection));
  return !selection.empty;
}

const run = (replica: Person, command: Command): boolean => command(replica.state, replica.dispatch);

/** At a random caret, a command made for the replica's schema. */
const atCaret =
  (command: (replica: Person, random: Random) => Command | null): EditAction =>
  (replica, random) => {
    if (!putCaret(replica, random)) return;
    const made = command(replica, random);
    if (made) run(replica, made);
  };

const across =
  (reach: number, command: (replica: Person, random: Random) => Command | null): EditAction =>
  (replica, random) => {
    if (!select(replica, random, reach)) return;
    const made = command(replica, random);
    if (made) run(replica, made);
  };

const inTable =
  (command: Command): EditAction =>
  (replica, random) => {
    const cells = places(replica.state.doc, ({ type }) => /^table(Cell|Header)$/.test(type.name));
    if (cells.length === 0) return;
    const at = random.pick(cells);
    const caret = TextSelection.near(replica.state.doc.resolve(at + 1));
    replica.dispatch(replica.state.tr.setSelection(caret));
    run(replica, command);
  };

const mergeCells: EditAction = (replica, random) => {
  const found = places(replica.state.doc, ({ type }) => type.name === 'table');
  if (found.length === 0) return;
  const start = random.pick(found);
  const map = tables.TableMap.get(replica.state.doc.nodeAt(start)!);
  const cell = () => start + 1 + random.pick(map.map);
  const selection = tables.CellSelection.create(replica.state.doc, cell(), cell());
  replica.dispatch(replica.state.tr.setSelection(selection));
  run(replica, tables.mergeCells);
};

const type: EditAction = (replica, random, word) => {
  if (putCaret(replica, random)) replica.dispatch(replica.state.tr.insertText(`${word()} `));
};

const remove =
  (reach: number): EditAction =>
  (replica, random) => {
    if (select(replica, random, reach)) replica.dispatch(replica.state.tr.deleteSelection());
  };

/** Cuts letters, so that words break and come back. */
const removeLetters: EditAction = (replica, random) => {
  if (!putCaret(replica, random)) return;
  const { from, $from } = replica.state.selection;
  const to = Math.min($from.end(), from + 1 + random.below(4));
  const text = replica.state.doc.textBetween(from, to);
  if (to > from && text.length === to - from) replica.dispatch(replica.state.tr.delete(from, to));
};

const mark: EditAction = (replica, random) => {
  if (!select(replica, random, 6)) return;
  const { marks } = replica.state.schema;
  const chosen = marks[random.pick(Object.keys(marks))]!;
  const { from, to } = replica.state.selection;
  const tr = replica.state.tr;
  if (random.chance(0.4)) tr.removeMark(from, to, chosen);
  else tr.addMark(from, to, chosen.create(chosen.name === 'link' ? { href: 'https://example.org' } : null));
  if (tr.docChanged) replica.dispatch(tr);
};

const blockType = (names: readonly string[]): EditAction =>
  across(3, ({ state }, random) => {
    const chosen = state.schema.nodes[random.pick(names)];
    // A code block has no footnotes, and the command drops them: that is a deletion the person did not see.
    if (
      !chosen ||
      (chosen.spec.code && hasFootnote(state.doc.slice(state.selection.from, state.selection.to).content))
    ) {
      return null;
    }
    return setBlockType(chosen, chosen.name === 'heading' ? { level: 1 + random.below(4) } : null);
  });

function hasFootnote(content: Slice['content']): boolean {
  let found = false;
  content.descendants((node) => {
    if (node.type.isInline && !node.isLeaf) found = true;
  });
  return found;
}

const attribute: EditAction = (replica, random) => {
  const { doc } = replica.state;
  const found = places(doc, ({ type: { name } }) =>
    ['taskItem', 'heading', 'paragraph', 'orderedList', 'figure'].includes(name),
  );
  if (found.length === 0) return;
  const pos = random.pick(found);
  const node = doc.nodeAt(pos)!;
  const changes: Record<string, unknown> =
    node.type.name === 'taskItem'
      ? { checked: !node.attrs.checked }
      : node.type.name === 'heading'
        ? { level: 1 + random.below(4) }
        : node.type.name === 'orderedList'
          ? { start: 1 + random.below(3) }
          : node.type.name === 'figure'
            ? { alt: random.pick(['', 'a', 'b']) }
            : { dir: random.pick([null, 'rtl']) };
  replica.dispatch(replica.state.tr.setNodeMarkup(pos, null, { ...node.attrs, ...changes }));
};

const paste: EditAction = (replica, random, word) => {
  if (!putCaret(replica, random)) return;
  const content = new RandomContent(replica.state.schema, random, () => wordText(word()));
  const pasted = content.document(1 + random.below(3));
  const open = random.chance(0.5) ? Slice.maxOpen(pasted.content) : new Slice(pasted.content, 0, 0);
  replica.dispatch(replica.state.tr.replaceSelection(open));
};

const insertFootnote: EditAction = (replica, random, word) => {
  if (!putCaret(replica, random)) return;
  const { state } = replica;
  const { footnote } = state.schema.nodes;
  const { $from, from } = state.selection;
  if (!footnote || !$from.parent.canReplaceWith($from.index(), $from.index(), footnote)) return;
  replica.dispatch(state.tr.insert(from, footnote.create(null, state.schema.text(`${wordText(word())} `))));
};

const insertRule: EditAction = (replica, random) => {
  const { horizontalRule } = replica.state.schema.nodes;
  if (horizontalRule && putCaret(replica, random)) {
    replica.dispatch(replica.state.tr.replaceSelectionWith(horizontalRule.create()));
  }
};

/** Drags a block elsewhere: out of its place and in at another, in one transaction. */
const move: EditAction = (replica, random) => {
  const { doc } = replica.state;
  const found = places(
    doc,
    (node) => node.isBlock && NodeSelection.isSelectable(node) && node.type.name !== 'tableRow',
  );
  const from = random.pick(found);
  const targets = boundaries(doc);
  if (from === undefined || targets.length === 0) return;
  const node = doc.nodeAt(from)!;
  if (/^table(Cell|Header)$/.test(node.type.name)) return;
  const target = random.pick(targets);
  if (target >= from && target <= from + node.nodeSize) return;
  const tr = replica.state.tr;
  tr.setSelection(NodeSelection.create(doc, from)).deleteSelection();
  const to = tr.mapping.map(target);
  tr.insert(tr.doc.resolve(to).depth > 0 ? tr.doc.resolve(to).before(1) : to, dragged(node));
  replica.dispatch(tr);
};

/** Items cannot stand in the document; dragged out, their content does. */
const dragged = (node: Node): Node | readonly Node[] => (/Item$/.test(node.type.name) ? node.children : node);

const undo: EditAction = (replica) => replica.act(() => void replica.undo.undo());
const redo: EditAction = (replica) => replica.act(() => void replica.undo.redo());

/** What the ledger has to know of an edit. */
export const mannerOf = (edit: EditAction): Manner =>
  // Merging cells of several rows takes the lower ones' text past what stands beside the upper ones.
  edit === move || edit === mergeCells
    ? 'move'
    : edit === undo || edit === redo
      ? 'undo'
      : edit === removeLetters
        ? 'cut'
        : 'edit';

/** Every edit with its weight. */
export const EDITS: readonly (readonly [number, string, EditAction])[] = [
  [20, 'type', (replica, random, word) => type(replica, random, () => wordText(word()))],
  [5, 'delete in a block', remove(3)],
  [4, 'delete across blocks', remove(12)],
  [3, 'delete letters', removeLetters],
  [8, 'split', atCaret(() => splitBlock)],
  [
    4,
    'split item',
    atCaret(({ state }) => (state.schema.nodes.listItem ? splitListItem(state.schema.nodes.listItem) : null)),
  ],
  [6, 'join', joinAtStart],
  [4, 'heading', blockType(['heading', 'paragraph'])],
  [2, 'code or figure', blockType(['codeBlock', 'figure', 'paragraph'])],
  [
    4,
    'wrap in list',
    across(8, ({ state }, random) => {
      const list = state.schema.nodes[random.pick(['bulletList', 'orderedList', 'taskList'])];
      return list ? wrapInList(list) : null;
    }),
  ],
  [2, 'wrap in quote', across(8, ({ state }) => wrapIn(state.schema.nodes.blockquote!))],
  [4, 'indent', across(4, ({ state }, random) => itemCommand(state.schema.nodes, random, sinkListItem))],
  [4, 'lift item', across(4, ({ state }, random) => itemCommand(state.schema.nodes, random, liftListItem))],
  [2, 'lift', across(4, () => lift)],
  [6, 'mark', mark],
  [4, 'attribute', attribute],
  [4, 'paste', paste],
  [2, 'footnote', insertFootnote],
  [1, 'rule', insertRule],
  [1, 'paragraph near', atCaret(() => createParagraphNear)],
  [2, 'column before', inTable(tables.addColumnBefore)],
  [1, 'column after', inTable(tables.addColumnAfter)],
  [2, 'row before', inTable(tables.addRowBefore)],
  [1, 'row after', inTable(tables.addRowAfter)],
  [1, 'delete column', inTable(tables.deleteColumn)],
  [1, 'delete row', inTable(tables.deleteRow)],
  [1, 'header row', inTable(tables.toggleHeaderRow)],
  [2, 'merge cells', mergeCells],
  [1, 'split cell', inTable(tables.splitCell)],
  [1, 'cell alignment', inTable(tables.setCellAttr('align', 'right'))],
  [3, 'move', move],
  [5, 'undo', undo],
  [3, 'redo', redo],
];

function itemCommand(
  nodes: Person['state']['schema']['nodes'],
  random: Random,
  make: (item: NonNullable<(typeof nodes)[string]>) => Command,
): Command | null {
  const item = nodes[random.pick(['listItem', 'taskItem'])];
  return item ? make(item) : null;
}

function joinAtStart(replica: Person, random: Random): void {
  const blocks = places(replica.state.doc, (node) => node.isTextblock);
  const at = random.pick(blocks);
  if (at === undefined) return;
  replica.dispatch(replica.state.tr.setSelection(TextSelection.create(replica.state.doc, at + 1)));
  run(replica, joinBackward);
}
