/** Finds the notes of an HTML text and puts each where it is referred to, as the readers of content expect. */
import type { Element, Nodes, Root } from 'hast';
import { CONTAINERS, NoteLinks } from './note-links.ts';

/** Characters that notes referred to again may add. */
const MAX_REPEATED = 1_000_000;

/**
 * A link is a reference to a note where what it leads to has a link back to it: so word processors, wikis and our own export write
 * them. Changes the tree: the link, with the `sup` around it, becomes `<sup data-footnote>`, and the note is taken from its place.
 */
export function placeNotes(root: Root): void {
  const links = new NoteLinks(root);
  const noteOf = new Map<Element, Element>();
  for (const [link, index] of links.links) {
    const note = links.noteAt(link);
    if (!note || links.isWithin(link, note)) continue;
    const back = links.backLink(note, link);
    // Of the two, the note is the one that stands later.
    if (back && links.links.get(back)! > index) noteOf.set(link, note);
  }

  const isBack = leadsToAnyOf(noteOf.keys(), links);
  const texts = new Map<Element, Element['children']>();
  let allowance = MAX_REPEATED;
  for (const [reference, note] of noteOf) {
    const known = texts.get(note);
    const text = known ?? trimmed(withoutBackLinks(note.children, isBack));
    if (known) allowance -= JSON.stringify(known).length;
    if (allowance < 0) break;
    texts.set(note, text);
    const outer = links.parentOf(reference);
    const place = outer?.type === 'element' && outer.tagName === 'sup' ? outer : reference;
    place.tagName = 'sup';
    place.properties = { dataFootnote: '' };
    place.children = text;
  }
  remove(new Set(texts.keys()), links);
}

/** Whether a link leads to one of the references, to the `sup` around it, or to something within it or beside it. */
function leadsToAnyOf(references: Iterable<Element>, links: NoteLinks): (link: Element) => boolean {
  const places = new Set<Nodes>();
  const around = new Set<Nodes>();
  for (const reference of references) {
    places.add(reference);
    const outer = links.parentOf(reference);
    if (outer) around.add(outer);
  }
  return (link) => {
    const target = links.targetOf(link);
    if (!target) return false;
    const outer = links.parentOf(target);
    if (around.has(target) || (outer && around.has(outer))) return true;
    for (let at: Nodes | undefined = target; at; at = links.parentOf(at)) if (places.has(at)) return true;
    return false;
  };
}

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
function withoutBackLinks(children: Element['children'], isBack: (link: Element) => boolean): Element['children'] {
  return children.flatMap((node): Element['children'] => {
    if (node.type !== 'element') return [node];
    if (isBack(node)) return [];
    const inside = withoutBackLinks(node.children, isBack);
    if (node.tagName === 'sup' && inside.length === 0) return [];
    return CONTAINERS.has(node.tagName) ? inside : [{ ...node, children: inside }];
  });
}

/** With the lists and sections around them that they were the last of, and the headings or rules above them. */
function remove(nodes: ReadonlySet<Nodes>, links: NoteLinks): void {
  const outer = new Set([...nodes].flatMap((node) => links.parentOf(node) ?? []));
  const emptied = new Set<Nodes>();
  for (const parent of outer) {
    if (!('children' in parent)) continue;
    const left = (parent.children as Nodes[]).filter((child) => !nodes.has(child));
    parent.children = left as typeof parent.children;
    const isOwn = parent.type === 'element' && /^(?:ol|ul|dl|section|aside|div)$/.test(parent.tagName);
    if (isOwn && !left.some(isSomething)) emptied.add(parent);
  }
  if (emptied.size > 0) remove(emptied, links);
}

const isSomething = (node: Nodes): boolean =>
  (node.type === 'text' && node.value.trim() !== '') ||
  (node.type === 'element' && !/^(?:h[1-6]|hr|br)$/.test(node.tagName));
