/** The box before the item of a task list in HTML: a form control, or a sign, which is what wikis and other sites leave of one. */
import type { Element } from 'hast';
import { isElement } from './html-phrasing.ts';

const BOX = /^\s*([☐☑☒])[ \u00a0]?/u;

/** Whether the box before an item is ticked: a form control, or a sign where these are not to be had; null: there is none. */
export function boxOf(item: Element): boolean | null {
  const first = item.children.find((child) => child.type !== 'text' || child.value.trim() !== '');
  if (first?.type === 'text') return signOf(first.value);
  if (!first || !isElement(first)) return null;
  if (first.tagName === 'input') return first.properties.checked === true;
  return first.tagName === 'p' ? boxOf(first) : null;
}

const signOf = (text: string): boolean | null => {
  const sign = BOX.exec(text)?.[1];
  return sign ? sign !== '☐' : null;
};

/** Form controls are no text, and are not read. */
export function withoutBox(children: Element['children']): Element['children'] {
  const at = children.findIndex((child) => child.type !== 'text' || child.value.trim() !== '');
  const first = children[at];
  if (first?.type === 'text') return children.with(at, { ...first, value: first.value.replace(BOX, '') });
  return first && isElement(first) && first.tagName === 'p'
    ? children.with(at, { ...first, children: withoutBox(first.children) })
    : children;
}
