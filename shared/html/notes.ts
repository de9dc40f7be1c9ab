/** Finds the notes of an HTML text and puts each where it is referred to, as the readers of content expect. */
import type { Element, Nodes, Root } from 'hast';

/** Characters that notes referred to again may add. */
const MAX_REPEATED = 1_000_000;
const INLINE = /^(?:a|b|em|i|small|span|strong|sup)$/;
const CONTAINERS = new Set(['li', 'p', 'div', 'aside', 'dd']);

/**
 * A link is a reference to a note where what it leads to has a link back to it: so word processors, wikis and our own export write
 * them. Changes the tree: the link, with the `sup` around it, becomes `<sup data-footnote>`, and the note is taken from its place.
 */
export function placeNotes(root: Root): void {
  const parents = new Map<Nodes, Nodes>();
  const targets = new Map<string, Element>();
  const links: Element[] = [];
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (!('children' in node)) continue;
    for (const child of [...node.children].reverse()) {
      parents.set(child, node);
      waiting.push(child);
    }
    if (node.type !== 'element') continue;
    for (const name of [node.properties.id, node.properties.name]) {
      if (name && !targets.has(String(name))) targets.set(String(name), node);
    }
    if (node.tagName === 'a' && String(node.properties.href ?? '').startsWith('#')) links.push(node);
  }

  const targetOf = (link: Element) => targets.get(fragmentOf(link));
  const found: { reference: Element; note: Element }[] = [];
  for (const link of links) {
    const note = noteAt(targetOf(link), parents);
    if (!note || isWithin(link, note, parents)) continue;
    const back = links.find((other) => isWithin(other, note, parents) && leadsTo(targetOf(other), link, parents));
    // Of the two, the note is the one that stands later.
    if (back && links.indexOf(back) > links.indexOf(link)) found.push({ reference: link, note });
  }

  const texts = new Map<Element, Element['children']>();
  let allowance = MAX_REPEATED;
  for (const { reference, note } of found) {
    const known = texts.get(note);
    const text =
      known ??
      trimmed(withoutBackLinks(note.children, new Set(found.map((each) => each.reference)), targetOf, parents));
    if (known) allowance -= JSON.stringify(known).length;
    if (allowance < 0) return;
    texts.set(note, text);
    const outer = parents.get(reference);
    const place = outer?.type === 'element' && outer.tagName === 'sup' ? outer : reference;
    place.tagName = 'sup';
    place.properties = { dataFootnote: '' };
    place.children = text;
  }
  for (const note of texts.keys()) remove(note, parents);
}

/** The block around the target, unless it holds sections: links back and forth are also those of a table of contents. */
function noteAt(target: Nodes | undefined, parents: Map<Nodes, Nodes>): Element | null {
  let note = target;
  while (note?.type === 'element' && INLINE.test(note.tagName)) note = parents.get(note);
  const outer = note && parents.get(note);
  const isInside =
    outer?.type === 'element' && (outer.tagName === 'li' || (outer.tagName === 'div' && outer.properties.id));
  if (isInside) note = outer;
  return note?.type === 'element' && CONTAINERS.has(note.tagName) && !hasHeading(note) ? note : null;
}

const hasHeading = (node: Nodes): boolean =>
  (node.type === 'element' && /^h[1-6]$/.test(node.tagName)) || ('children' in node && node.children.some(hasHeading));

const fragmentOf = (link: Element): string => {
  const name = String(link.properties.href).slice(1);
  try {
    return decodeURIComponent(name);
  } catch (error) {
    if (error instanceof URIError) return name;
    throw error;
  }
};

function isWithin(node: Nodes, container: Nodes, parents: Map<Nodes, Nodes>): boolean {
  for (let at: Nodes | undefined = node; at; at = parents.get(at)) if (at === container) return true;
  return false;
}

/** At the reference itself, at the `sup` around it, or at something within it. */
const leadsTo = (target: Nodes | undefined, link: Element, parents: Map<Nodes, Nodes>): boolean =>
  target !== undefined &&
  (isWithin(target, link, parents) || target === parents.get(link) || parents.get(target) === parents.get(link));

/** White space around the number and the link back is layout. */
function trimmed(children: Element['children']): Element['children'] {
  return children
    .map((node, at) => {
      if (node.type !== 'text') return node;
      const start = at === 0 ? node.value.trimStart() : node.value;
      return { ...node, value: at === children.length - 1 ? start.trimEnd() : start };
    })
    .filter((node) => node.type !== 'text' || node.value !== '');
}

/** The note's text, without what leads back to it. */
function withoutBackLinks(
  children: Element['children'],
  references: Set<Element>,
  targetOf: (link: Element) => Element | undefined,
  parents: Map<Nodes, Nodes>,
): Element['children'] {
  return children.flatMap((node): Element['children'] => {
    if (node.type !== 'element') return [node];
    const target = node.tagName === 'a' && node.properties.href ? targetOf(node) : undefined;
    const isBack =
      target &&
      String(node.properties.href).startsWith('#') &&
      [...references].some((link) => leadsTo(target, link, parents));
    if (isBack) return [];
    const inside = withoutBackLinks(node.children, references, targetOf, parents);
    if (node.tagName === 'sup' && inside.length === 0) return [];
    return CONTAINERS.has(node.tagName) ? inside : [{ ...node, children: inside }];
  });
}

/** With the lists and sections around it that it was the last of, and the heading or rule above it. */
function remove(node: Nodes, parents: Map<Nodes, Nodes>): void {
  const parent = parents.get(node);
  if (!parent || !('children' in parent)) return;
  const children: Nodes[] = parent.children;
  const left = children.filter((child) => child !== node);
  parent.children = left as typeof parent.children;
  const isSomething = (child: Nodes) =>
    (child.type === 'text' && child.value.trim() !== '') ||
    (child.type === 'element' && !/^(?:h[1-6]|hr|br)$/.test(child.tagName));
  const isOwn = parent.type === 'element' && /^(?:ol|ul|dl|section|aside|div)$/.test(parent.tagName);
  if (isOwn && !left.some(isSomething)) remove(parent, parents);
}
