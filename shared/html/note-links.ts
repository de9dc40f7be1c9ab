/** Which elements of an HTML text lead to which, looked up and not searched for: a text may have thousands of notes. */
import type { Element, Nodes, Root } from 'hast';

const INLINE = /^(?:a|b|em|i|small|span|strong|sup)$/;
export const CONTAINERS: ReadonlySet<string> = new Set(['li', 'p', 'div', 'aside', 'dd']);

export class NoteLinks {
  /** Links to places in the text, in the order of the text, with their numbers in it. */
  readonly links = new Map<Element, number>();
  readonly #parents = new Map<Nodes, Nodes>();
  readonly #targets = new Map<string, Element>();
  /** Links, by what they lead to. */
  readonly #leading = new Map<Element, Element[]>();
  /** What links lead to, by what it stands in. */
  readonly #ledTo = new Map<Nodes, Element[]>();
  readonly #headed = new Map<Nodes, boolean>();

  constructor(root: Root) {
    const waiting: Nodes[] = [root];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      if (!('children' in node)) continue;
      for (const child of node.children.toReversed()) {
        this.#parents.set(child, node);
        waiting.push(child);
      }
      if (node.type !== 'element') continue;
      for (const name of [node.properties.id, node.properties.name]) {
        if (name && !this.#targets.has(String(name))) this.#targets.set(String(name), node);
      }
      if (isLink(node)) this.links.set(node, this.links.size);
    }
    for (const link of this.links.keys()) {
      const target = this.targetOf(link);
      if (!target) continue;
      const leading = this.#leading.get(target);
      if (leading) leading.push(link);
      else {
        this.#leading.set(target, [link]);
        const outer = this.#parents.get(target)!;
        this.#ledTo.set(outer, [...(this.#ledTo.get(outer) ?? []), target]);
      }
    }
  }

  parentOf(node: Nodes): Nodes | undefined {
    return this.#parents.get(node);
  }

  targetOf(link: Element): Element | undefined {
    return isLink(link) ? this.#targets.get(fragmentOf(link)) : undefined;
  }

  /** The block around what the link leads to, unless it holds sections: links back and forth are also those of a table of contents. */
  noteAt(link: Element): Element | null {
    let note: Nodes | undefined = this.targetOf(link);
    while (note?.type === 'element' && INLINE.test(note.tagName)) note = this.#parents.get(note);
    const outer = note && this.#parents.get(note);
    const isInside =
      outer?.type === 'element' && (outer.tagName === 'li' || (outer.tagName === 'div' && outer.properties.id));
    if (isInside) note = outer;
    return note?.type === 'element' && CONTAINERS.has(note.tagName) && !this.#hasHeading(note) ? note : null;
  }

  /** The first link in the note that leads to the other link, to the `sup` around it, or to something within it or beside it. */
  backLink(note: Element, link: Element): Element | undefined {
    const outer = this.#parents.get(link);
    const places = [...within(link), ...(outer ? [outer, ...(this.#ledTo.get(outer) ?? [])] : [])];
    return places
      .flatMap((place) => this.#leading.get(place as Element) ?? [])
      .filter((back) => this.isWithin(back, note))
      .sort((one, other) => this.links.get(one)! - this.links.get(other)!)[0];
  }

  isWithin(node: Nodes, container: Nodes): boolean {
    for (let at: Nodes | undefined = node; at; at = this.#parents.get(at)) if (at === container) return true;
    return false;
  }

  #hasHeading(node: Nodes): boolean {
    const known = this.#headed.get(node);
    if (known !== undefined) return known;
    const isHeading = node.type === 'element' && /^h[1-6]$/.test(node.tagName);
    const has = isHeading || ('children' in node && node.children.some((child) => this.#hasHeading(child)));
    this.#headed.set(node, has);
    return has;
  }
}

const isLink = ({ tagName, properties }: Element): boolean =>
  tagName === 'a' && String(properties.href ?? '').startsWith('#');

const within = (node: Element): Element[] => [
  node,
  ...node.children.flatMap((child) => (child.type === 'element' ? within(child) : [])),
];

const fragmentOf = (link: Element): string => {
  const name = String(link.properties.href).slice(1);
  try {
    return decodeURIComponent(name);
  } catch (error) {
    if (error instanceof URIError) return name;
    throw error;
  }
};
