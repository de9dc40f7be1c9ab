/** Makes lists of what word processors write for them in HTML: paragraphs with signs, a list for each item, lists beside items. */
import type { Element, ElementContent, Root, RootContent } from 'hast';

/** An item that says how deep it is in a list, instead of being there. */
interface FlatItem {
  /** From 0. */
  readonly level: number;
  readonly ordered: boolean;
  /** As HTML's `type`; null: numbers. */
  readonly type: string | null;
  readonly start: number;
  readonly item: Element;
}

type Parent = Root | Element;

/** Changes the tree. */
export function meantLists(parent: Parent): void {
  for (const child of parent.children) if (child.type === 'element') meantLists(child);
  if (parent.type === 'element' && isList(parent)) return;
  const flat = parent.children.map(flatItems);
  if (flat.some((items) => items !== null)) gather(parent, flat);
  if (parent.children.some((child) => isList(child) && child.children.some(isList))) nest(parent);
}

/** Puts each run of flat items into lists, one in the other. */
function gather(parent: Parent, flat: readonly (FlatItem[] | null)[]): void {
  const children: ElementContent[] = [];
  let open: { list: Element; level: number }[] = [];
  for (const [at, child] of (parent.children as ElementContent[]).entries()) {
    const items = flat[at];
    if (!items) {
      // White space between items is layout.
      if (open.length > 0 && child.type === 'text' && child.value.trim() === '') continue;
      if (child.type !== 'comment') open = [];
      children.push(child);
      continue;
    }
    for (const { level, ordered, type, start, item } of items) {
      while (open.length > 0 && open.at(-1)!.level > level) open.pop();
      const last = open.at(-1);
      const tagName = ordered ? 'ol' : 'ul';
      if (last?.level === level && last.list.tagName === tagName) last.list.children.push(item);
      else {
        if (last?.level === level) open.pop();
        const properties = ordered ? { start, ...(type && { type }) } : {};
        const list: Element = { type: 'element', tagName, properties, children: [item] };
        const outer = open.at(-1)?.list.children.at(-1);
        (outer?.type === 'element' ? outer.children : children).push(list);
        open.push({ list, level });
      }
    }
  }
  parent.children = children;
}

/** Takes the signs out of the paragraphs. */
function flatItems(node: ElementContent | RootContent): FlatItem[] | null {
  if (node.type !== 'element') return null;
  return ofWord(node) ?? ofWordOnline(node) ?? ofGoogle(node);
}

/** `style="mso-list: l0 level2 lfo1"`: the sign is in the paragraph, and says what the list counts with. */
function ofWord(node: Element): FlatItem[] | null {
  const level = /mso-list:\s*l\d+\s+level(\d)/i.exec(String(node.properties.style ?? ''))?.[1];
  if (level === undefined || !/^(?:p|div|li)$/.test(node.tagName)) return null;
  const sign = textOf(takeSign(node)).replace(/[\s\u00a0]+/g, '');
  const [, counted] = /^\(?(\d+|[a-z]{1,6})[.)]\)?$/i.exec(sign) ?? [];
  const children: ElementContent[] = node.tagName === 'p' ? [{ ...node, properties: {} }] : node.children;
  return [{ level: Number(level) - 1, ...countingOf(counted), item: element('li', children) }];
}

/** The words of the sign, which go. */
function takeSign(node: Element): ElementContent[] {
  for (const child of node.children) {
    if (child.type !== 'element') continue;
    if (/mso-list:\s*ignore/i.test(String(child.properties.style ?? ''))) {
      node.children = node.children.filter((each) => each !== child);
      return child.children;
    }
    const found = takeSign(child);
    if (found.length > 0) return found;
  }
  return [];
}

function countingOf(sign: string | undefined): Pick<FlatItem, 'ordered' | 'type' | 'start'> {
  if (sign === undefined) return { ordered: false, type: null, start: 1 };
  if (/^\d/.test(sign)) return { ordered: true, type: null, start: Number(sign) };
  const isUpper = sign === sign.toUpperCase();
  const lower = sign.toLowerCase();
  // A list that begins with i counts i, ii, iii; one that goes on after h is rare.
  const roman = /^[ivx]+$/.test(lower) ? romanOf(lower) : 0;
  if (roman > 0) return { ordered: true, type: isUpper ? 'I' : 'i', start: roman };
  return { ordered: true, type: isUpper ? 'A' : 'a', start: lower.charCodeAt(0) - 96 };
}

const ROMAN: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10 };
const romanOf = (sign: string): number =>
  [...sign].reduce((sum, letter, at) => {
    const value = ROMAN[letter]!;
    return sum + (value < (ROMAN[sign[at + 1] ?? ''] ?? 0) ? -value : value);
  }, 0);

/** Each item in a list of its own, with its level in an attribute. */
function ofWordOnline(node: Element): FlatItem[] | null {
  const lists = node.tagName === 'div' ? node.children.filter(isList) : isList(node) ? [node] : [];
  const others = node.tagName === 'div' ? node.children.filter((each) => !isBlank(each) && !isList(each)) : [];
  if (lists.length === 0 || others.length > 0) return null;
  const items = lists.flatMap((list) => list.children.filter(isItem).map((item) => ({ list, item })));
  const levels = items.map(({ item }) => Number(item.properties.dataAriaLevel));
  if (items.length === 0 || levels.some((level) => !(level > 0))) return null;
  return items.map(({ list, item }, at) => ({
    ...{ level: levels[at]! - 1, ordered: list.tagName === 'ol', type: null, item },
    start: Number(item.properties.dataAriaPosinset ?? 1) || 1,
  }));
}

/** A list for each level, which its class tells: `lst-kix_a1b2-1`. */
function ofGoogle(node: Element): FlatItem[] | null {
  if (!isList(node)) return null;
  const names = Array.isArray(node.properties.className) ? node.properties.className.map(String) : [];
  const level = names.map((name) => /^lst-.*-(\d)$/.exec(name)?.[1]).find(Boolean);
  if (level === undefined) return null;
  const start = Number(node.properties.start ?? 1) || 1;
  const ordered = node.tagName === 'ol';
  return node.children.filter(isItem).map((item) => ({ level: Number(level), ordered, type: null, start, item }));
}

/** Lists that stand in a list beside its items belong to the item before them, if need be the last of the list before. */
function nest(parent: Parent): void {
  const children: ElementContent[] = [];
  for (const child of parent.children as ElementContent[]) {
    const before = children.findLast((each) => !isBlank(each));
    const node = isList(child) ? nested(child, isList(before) ? before : null) : child;
    if (node) children.push(node);
  }
  parent.children = children;
}

/** Null where all of the list went on in the one before. */
function nested(list: Element, before: Element | null): Element | null {
  const items: Element[] = [];
  for (const child of list.children) {
    if (isItem(child)) items.push(child);
    else if (isList(child)) {
      const outer = items.at(-1) ?? before?.children.findLast(isItem);
      const last = outer?.children.findLast((each) => !isBlank(each));
      const inner = nested(child, isList(last) ? last : null);
      if (inner && outer) outer.children.push(inner);
      else if (inner) items.push(element('li', [inner]));
    } else if (!isBlank(child)) items.push(element('li', [child]));
  }
  const goesOn = before?.tagName === list.tagName && startOf(list) > 1 && startOf(list) === countedBy(before) + 1;
  if (goesOn) before.children.push(...items);
  return goesOn || items.length === 0 ? null : { ...list, children: items };
}

const startOf = ({ tagName, properties }: Element): number => (tagName === 'ol' ? Number(properties.start ?? 1) : 0);
const countedBy = (list: Element): number => startOf(list) - 1 + list.children.filter(isItem).length;

const isList = (node: ElementContent | RootContent | undefined): node is Element =>
  node?.type === 'element' && (node.tagName === 'ul' || node.tagName === 'ol');
const isItem = (node: ElementContent): node is Element => node.type === 'element' && node.tagName === 'li';
const isBlank = (node: ElementContent | RootContent): boolean =>
  node.type === 'comment' || (node.type === 'text' && node.value.trim() === '');

const element = (tagName: string, children: ElementContent[]): Element => ({
  ...{ type: 'element', tagName, properties: {}, children },
});

const textOf = (nodes: readonly ElementContent[]): string =>
  nodes
    .map((node) => (node.type === 'text' ? node.value : node.type === 'element' ? textOf(node.children) : ''))
    .join('');
