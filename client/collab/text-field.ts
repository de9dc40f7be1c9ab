/** Binds an input or textarea to a Y.Text: small edits out, remote edits in without moving the caret. */
import * as Y from 'yjs';

export interface TextEdit {
  readonly at: number;
  readonly deleted: number;
  readonly inserted: string;
}

/**
 * The smallest single replacement that turns `before` into `after`, in UTF-16 units. `caret` is where the caret stands in `after`: it
 * decides between equal places, so that an `a` typed into `aaa` lands where it was typed. Never splits a surrogate pair.
 */
export function editBetween(before: string, after: string, caret = after.length): TextEdit {
  const shorter = Math.min(before.length, after.length);
  let end = 0;
  const mostEnd = Math.min(shorter, Math.max(0, after.length - caret));
  while (end < mostEnd && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  let start = 0;
  while (start < shorter - end && before[start] === after[start]) start += 1;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  if (isHigh(before, start - 1) || isHigh(after, start - 1)) start -= 1;
  if (isLow(before, before.length - end) || isLow(after, after.length - end)) end -= 1;
  return { at: start, deleted: before.length - end - start, inserted: after.slice(start, after.length - end) };
}

const isHigh = (text: string, at: number): boolean => /[\ud800-\udbff]/.test(text[at] ?? '');
const isLow = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text[at] ?? '');

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Keeps both equal until the returned function is called. `origin` marks the edits, for undo and to know them again. */
export function bindField(field: Field, ytext: Y.Text, origin: object, changed: () => void): () => void {
  let composing = false;
  const push = (): void => {
    if (composing) return;
    const edit = editBetween(ytext.toString(), field.value, field.selectionStart ?? undefined);
    if (edit.deleted === 0 && edit.inserted === '') return;
    ytext.doc?.transact(() => {
      if (edit.deleted > 0) ytext.delete(edit.at, edit.deleted);
      if (edit.inserted !== '') ytext.insert(edit.at, edit.inserted);
    }, origin);
    changed();
  };
  /** Where the caret stands, as a place that moves with the text. */
  const anchor = (index: number | null) => Y.createRelativePositionFromTypeIndex(ytext, index ?? 0, -1);
  let carets: Y.RelativePosition[] = [];
  const remember = (): void => {
    if (field.value === ytext.toString()) carets = [anchor(field.selectionStart), anchor(field.selectionEnd)];
  };
  const pull = (): void => {
    const text = ytext.toString();
    // An input method's half-made word must not be touched; it is merged when it is done.
    if (composing || field.value === text) return;
    const [start, end] = carets.map((caret) =>
      ytext.doc ? Y.createAbsolutePositionFromRelativePosition(caret, ytext.doc)?.index : undefined,
    );
    field.value = text;
    if (start !== undefined && end !== undefined && field.matches(':focus')) field.setSelectionRange(start, end);
    changed();
  };
  const observe = (event: Y.YTextEvent): void => {
    if (event.transaction.origin !== origin) pull();
    remember();
  };
  let before = '';
  const compose = (event: Event): void => {
    composing = event.type === 'compositionstart';
    if (composing) before = ytext.toString();
    else merge();
  };
  /** What was composed is an edit of the text as it was at the start; others may have written since. */
  const merge = (): void => {
    const own = editBetween(before, field.value, field.selectionStart ?? undefined);
    const others = editBetween(before, ytext.toString());
    const moved = others.at < own.at ? Math.max(others.at, own.at + others.inserted.length - others.deleted) : own.at;
    if (others.deleted === 0 && others.inserted === '') push();
    else if (own.inserted !== '') {
      ytext.doc?.transact(() => ytext.insert(moved, own.inserted), origin);
      carets = [anchor(moved + own.inserted.length), anchor(moved + own.inserted.length)];
    }
    pull();
    remember();
  };
  field.value = ytext.toString();
  const listeners: [string, (event: Event) => void][] = [
    ['input', push],
    ['compositionstart', compose],
    ['compositionend', compose],
    ['select', remember],
    ['keyup', remember],
    ['pointerup', remember],
    ['focus', remember],
  ];
  for (const [name, listener] of listeners) field.addEventListener(name, listener);
  ytext.observe(observe);
  changed();
  return () => {
    for (const [name, listener] of listeners) field.removeEventListener(name, listener);
    ytext.unobserve(observe);
  };
}
