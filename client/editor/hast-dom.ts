/** Between elements of a page and the plain tree (hast) that what is shared with the server works on. */
import type { ElementContent, Element as HastElement, Root } from 'hast';

/**
 * Attributes become properties as parsers of HTML name them: `className` a list, `dataAriaLevel`. Styles are read from `data-style`, where
 * pasted HTML keeps them (pasted-html.ts).
 */
export function toHast(parent: ParentNode): Root {
  return { type: 'root', children: childrenOf(parent) };
}

function childrenOf(parent: ParentNode): ElementContent[] {
  return [...parent.childNodes].flatMap((node): ElementContent[] => {
    if (node instanceof Text) return [{ type: 'text', value: node.data }];
    if (!(node instanceof Element)) return [];
    const properties: HastElement['properties'] = {};
    for (const { name, value } of node.attributes) {
      if (!NAME.test(name)) continue;
      if (name === 'class') properties.className = [...node.classList];
      else if (name === 'data-style') properties.style = value;
      else properties[name.startsWith('data-') ? name.replace(/-([a-z])/g, upper) : name] = value;
    }
    return [{ type: 'element', tagName: node.localName, properties, children: childrenOf(node) }];
  });
}

/** Parsers of HTML take more for a name than a page can make. */
const NAME = /^[a-z_][\w:.-]*$/i;
const upper = (_: string, letter: string): string => letter.toUpperCase();

/** Puts the tree in the place of what the element holds. */
export function fromHast(parent: Element, tree: Root): void {
  parent.replaceChildren(...tree.children.flatMap((node) => domOf(node as ElementContent, parent.ownerDocument)));
}

function domOf(node: ElementContent, page: Document): Node[] {
  if (node.type === 'text') return [page.createTextNode(node.value)];
  if (node.type !== 'element') return [];
  const element = page.createElement(NAME.test(node.tagName) ? node.tagName : 'span');
  for (const [name, value] of Object.entries(node.properties)) {
    if (name === 'className' && Array.isArray(value)) element.className = value.join(' ');
    else if (name === 'style') element.setAttribute('data-style', String(value));
    else element.setAttribute(attributeOf(name), String(value));
  }
  element.append(...node.children.flatMap((child) => domOf(child, page)));
  return [element];
}

const attributeOf = (name: string): string =>
  /^data[A-Z]/.test(name) ? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : name;
