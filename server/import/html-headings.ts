/** Makes the headings of an HTML file those of a plan: its title stands above the text, and the highest below it is of the first level. */
import type { Element, Nodes, Root } from 'hast';

const HEADING = /^h[1-6]$/;

/**
 * Changes the tree. Where the only h1 is the first heading and holds nothing but text, it is the title and goes; its words are
 * returned. Numbers that our own export put there go. Where the highest heading left is of a lower level than the first, all rise by as much.
 */
export function liftHeadings(root: Root): string | null {
  const headings = find(root, []);
  for (const { element } of headings) dropNumber(element);
  const [first] = headings;
  const isTitle =
    first?.element.tagName === 'h1' &&
    headings.filter(({ element }) => element.tagName === 'h1').length === 1 &&
    isText(first.element);
  const title = isTitle ? wordsOf(first.element).replace(/\s+/g, ' ').trim() : '';
  const rest = title ? headings.slice(1) : headings;
  if (title) first!.parent.children = first!.parent.children.filter((child) => child !== first!.element) as never;
  const highest = Math.min(...rest.map(({ element }) => levelOf(element)));
  if (rest.length > 0) for (const { element } of rest) element.tagName = `h${levelOf(element) - highest + 1}`;
  return title || null;
}

interface Found {
  readonly element: Element;
  readonly parent: Element | Root;
}

function find(parent: Element | Root, found: Found[]): Found[] {
  for (const child of parent.children) {
    if (child.type !== 'element') continue;
    if (HEADING.test(child.tagName)) found.push({ element: child, parent });
    else find(child, found);
  }
  return found;
}

/** Our own export writes numbers, as elements, before the words. */
function dropNumber(heading: Element): void {
  const [number, space, ...rest] = heading.children;
  if (number?.type !== 'element' || number.tagName !== 'span') return;
  if (!Array.isArray(number.properties.className) || !number.properties.className.includes('number')) return;
  if (space?.type === 'text') heading.children = [{ ...space, value: space.value.replace(/^ /, '') }, ...rest];
}

const levelOf = ({ tagName }: Element): number => Number(tagName[1]);

const isText = ({ children }: Element): boolean =>
  children.every(
    (child) =>
      child.type !== 'element' || (/^(?:a|b|br|code|em|font|i|span|strong|u)$/.test(child.tagName) && isText(child)),
  );

const wordsOf = (node: Nodes): string => {
  if (node.type === 'text') return node.value;
  if (node.type === 'element' && node.tagName === 'br') return ' ';
  return 'children' in node ? node.children.map(wordsOf).join('') : '';
};
