/** Our own exports tell in words of a picture that is not in the file: makes a figure of these words again. */
import type { Element, ElementContent, Nodes, RootContent } from 'hast';

/** Changes the nodes. Such words are in an element of the class `picture`, in a figure or, from a wiki, in a `div` of the class `plan-figure`. */
export function restorePictures(nodes: RootContent[]): void {
  for (const node of nodes) {
    if (node.type !== 'element') continue;
    const isWiki = node.tagName === 'div' && hasClass(node, 'plan-figure');
    const told = isWiki || node.tagName === 'figure' ? find(node, (each) => hasClass(each, 'picture')) : undefined;
    if (!told) restorePictures(node.children);
    else {
      if (isWiki) toFigure(node, told);
      toImage(told);
    }
  }
}

function toImage(told: Element): void {
  const alt = find(told, (each) => hasClass(each, 'alt'));
  const address = find(told, ({ tagName }) => tagName === 'a' || tagName === 'code');
  told.tagName = 'img';
  told.properties = {
    alt: alt ? textOf(alt) : '',
    ...(address && { src: String(address.properties.href ?? textOf(address)) }),
  };
  told.children = [];
}

/** On a wiki it is one paragraph of lines: the picture, its caption, its credit as small print. */
function toFigure(node: Element, told: Element): void {
  const lines = node.children.flatMap((child) =>
    child.type === 'element' && child.tagName === 'p' ? child.children : [child],
  );
  const legend = lines.slice(lines.indexOf(told) + 1).filter((child) => !isLayout(child));
  if (isBreak(legend[0])) legend.shift();
  const last = legend.at(-1);
  if (last?.type === 'element' && last.tagName === 'small' && isBreak(legend.at(-2))) legend.splice(-2, 1);
  node.tagName = 'figure';
  node.children = [told, { type: 'element', tagName: 'figcaption', properties: {}, children: legend }];
}

function find(node: Element, fits: (element: Element) => boolean): Element | undefined {
  for (const child of node.children) {
    if (child.type !== 'element') continue;
    const found = fits(child) ? child : find(child, fits);
    if (found) return found;
  }
  return undefined;
}

const hasClass = ({ properties }: Element, name: string): boolean =>
  Array.isArray(properties.className) && properties.className.includes(name);

const isBreak = (node: ElementContent | undefined): boolean => node?.type === 'element' && node.tagName === 'br';
const isLayout = (node: ElementContent): boolean => node.type === 'text' && /^\s*\n\s*$/.test(node.value);

const textOf = (node: Nodes): string => {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
};
