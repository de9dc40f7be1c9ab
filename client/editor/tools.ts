/** Everything the toolbar and the bar below it can do to the text: names, keys, whether it holds at the caret, and how it is done. */
import type { Editor } from '@tiptap/core';
import { insertFootnote } from './footnote.ts';

export interface Tool {
  readonly id: string;
  /** What it does, as the button's name. */
  readonly label: string;
  /** In Tiptap's notation, e.g. `Mod-Shift-b`; absent where there is none. */
  readonly keys?: string;
  /** Whether it holds at the caret; absent for actions that are done and over. */
  readonly active?: (editor: Editor) => boolean;
  /** Whether it can be done now; absent for what always can. */
  readonly enabled?: (editor: Editor) => boolean;
  readonly run: (editor: Editor) => void;
}

/** Tiptap's own `focus` waits for the next drawing, and loses the keys that are pressed before it. */
export function focusText({ view }: Editor): void {
  if (!view.hasFocus()) view.focus();
}

const chain = (editor: Editor) => {
  focusText(editor);
  return editor.chain();
};

const mark = (id: string, label: string, keys: string | undefined, name = id): Tool => ({
  id,
  label,
  ...(keys ? { keys } : {}),
  active: (editor) => editor.isActive(name),
  run: (editor) => chain(editor).toggleMark(name).run(),
});

const itemType = (editor: Editor): 'listItem' | 'taskItem' => (editor.isActive('taskItem') ? 'taskItem' : 'listItem');

export const HISTORY: readonly Tool[] = [
  { id: 'undo', label: 'Undo', keys: 'Mod-z', enabled: (e) => e.can().undo(), run: (e) => chain(e).undo().run() },
  { id: 'redo', label: 'Redo', keys: 'Mod-Shift-z', enabled: (e) => e.can().redo(), run: (e) => chain(e).redo().run() },
];

export const MARKS: readonly Tool[] = [
  mark('bold', 'Bold', 'Mod-b'),
  mark('italic', 'Italic', 'Mod-i'),
  mark('underline', 'Underline', 'Mod-u'),
  mark('strike', 'Strikethrough', 'Mod-Shift-s'),
  mark('highlight', 'Highlight', 'Mod-Shift-h'),
  mark('code', 'Code', 'Mod-e'),
  mark('superscript', 'Superscript', 'Mod-.'),
  mark('subscript', 'Subscript', 'Mod-,'),
  {
    id: 'clear',
    label: 'Clear formatting',
    keys: 'Mod-\\',
    run: (editor) => chain(editor).clearNodes().unsetAllMarks().run(),
  },
];

export const LISTS: readonly Tool[] = [
  {
    id: 'bulletList',
    label: 'Bulleted list',
    keys: 'Mod-Shift-8',
    active: (e) => e.isActive('bulletList'),
    run: (e) => chain(e).toggleBulletList().run(),
  },
  {
    id: 'orderedList',
    label: 'Numbered list',
    keys: 'Mod-Shift-7',
    active: (e) => e.isActive('orderedList'),
    run: (e) => chain(e).toggleOrderedList().run(),
  },
  {
    id: 'taskList',
    label: 'Task list',
    keys: 'Mod-Shift-9',
    active: (e) => e.isActive('taskList'),
    run: (e) => chain(e).toggleTaskList().run(),
  },
  {
    id: 'outdent',
    label: 'Move item out',
    keys: 'Shift-Tab',
    enabled: (e) => e.can().liftListItem(itemType(e)),
    run: (e) => chain(e).liftListItem(itemType(e)).run(),
  },
  {
    id: 'indent',
    label: 'Move item in',
    keys: 'Tab',
    enabled: (e) => e.can().sinkListItem(itemType(e)),
    run: (e) => chain(e).sinkListItem(itemType(e)).run(),
  },
];

export const INSERTS: readonly Tool[] = [
  { id: 'footnote', label: 'Footnote', keys: 'Mod-Alt-f', active: (e) => e.isActive('footnote'), run: insertFootnote },
  {
    id: 'blockquote',
    label: 'Quotation',
    keys: 'Mod-Shift-b',
    active: (e) => e.isActive('blockquote'),
    run: (e) => chain(e).toggleBlockquote().run(),
  },
  {
    id: 'table',
    label: 'Table',
    active: (e) => e.isActive('table'),
    enabled: (e) => !e.isActive('table'),
    run: (e) => chain(e).insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
  },
  {
    id: 'codeBlock',
    label: 'Code block',
    keys: 'Mod-Alt-c',
    active: (e) => e.isActive('codeBlock'),
    run: (e) => chain(e).toggleCodeBlock().run(),
  },
  { id: 'horizontalRule', label: 'Line across the page', run: (e) => chain(e).setHorizontalRule().run() },
];

const table = (id: string, label: string, run: (editor: Editor) => void, enabled?: Tool['enabled']): Tool => ({
  id,
  label,
  run,
  ...(enabled ? { enabled } : {}),
});

export const TABLE: readonly Tool[] = [
  table('rowBefore', 'Row above', (e) => chain(e).addRowBefore().run()),
  table('rowAfter', 'Row below', (e) => chain(e).addRowAfter().run()),
  table('columnBefore', 'Column before', (e) => chain(e).addColumnBefore().run()),
  table('columnAfter', 'Column after', (e) => chain(e).addColumnAfter().run()),
  table(
    'mergeCells',
    'Merge cells',
    (e) => chain(e).mergeCells().run(),
    (e) => e.can().mergeCells(),
  ),
  table(
    'splitCell',
    'Split cell',
    (e) => chain(e).splitCell().run(),
    (e) => e.can().splitCell(),
  ),
  table('headerRow', 'Header row', (e) => chain(e).toggleHeaderRow().run()),
  table('headerColumn', 'Header column', (e) => chain(e).toggleHeaderColumn().run()),
  table('deleteRow', 'Delete row', (e) => chain(e).deleteRow().run()),
  table('deleteColumn', 'Delete column', (e) => chain(e).deleteColumn().run()),
  table('deleteTable', 'Delete table', (e) => chain(e).deleteTable().run()),
];

/** What a line of text can be. The value is that of the toolbar's choice. */
export const BLOCKS = [
  { value: '0', label: 'Text', keys: 'Mod-Alt-0' },
  { value: '1', label: 'Heading 1', keys: 'Mod-Alt-1' },
  { value: '2', label: 'Heading 2', keys: 'Mod-Alt-2' },
  { value: '3', label: 'Heading 3', keys: 'Mod-Alt-3' },
  { value: '4', label: 'Heading 4', keys: 'Mod-Alt-4' },
] as const;

export type BlockValue = (typeof BLOCKS)[number]['value'];

export function blockAt(editor: Editor): BlockValue {
  const level = [1, 2, 3, 4].find((candidate) => editor.isActive('heading', { level: candidate }));
  return String(level ?? 0) as BlockValue;
}

export function setBlock(editor: Editor, value: BlockValue): void {
  if (value === '0') chain(editor).setParagraph().run();
  else
    chain(editor)
      .setHeading({ level: Number(value) as 1 | 2 | 3 | 4 })
      .run();
}

/** Keys that have no button. */
export const MORE_KEYS = [
  { label: 'Link', keys: 'Mod-k' },
  { label: 'New line in the same paragraph', keys: 'Shift-Enter' },
  { label: 'Back from a footnote or a bar to the text', keys: 'Escape' },
  { label: 'From the text to the toolbar', keys: 'Alt-F10' },
  { label: 'Next cell, previous cell', keys: 'Tab' },
  { label: 'This list of keys', keys: 'Mod-/' },
] as const;

/** `Mod-Shift-b` as people read it on this machine: `Ctrl+Shift+B` or `⇧⌘B`. */
export function readableKeys(keys: string, mac: boolean): string {
  const parts = keys.split(/-(?!$)/).map((part) => (part.length === 1 ? part.toUpperCase() : part));
  if (!mac) return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+');
  const symbols: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Escape: 'esc', Tab: '⇥' };
  return parts.map((part) => symbols[part] ?? part).join('');
}
