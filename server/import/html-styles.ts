/** Turns what programs say by style, inline or by classes, into the elements that say it. */
import type { Element, Nodes, Root } from 'hast';

/** Elements for what a style says. */
const ELEMENTS: readonly (readonly [property: string, value: RegExp, tagName: string])[] = [
  ['font-weight', /^(?:bold|bolder|[6-9]\d\d)$/, 'strong'],
  ['font-style', /^(?:italic|oblique)/, 'em'],
  ['text-decoration', /underline/, 'u'],
  ['text-decoration', /line-through/, 's'],
  ['vertical-align', /^super$/, 'sup'],
  ['vertical-align', /^sub$/, 'sub'],
];
const HEADING = /^(?:h[1-6]|th)$/;

/** Changes `text`, a part of `file`, in whose head the classes are. Only spans say by style what other elements say by themselves. */
export function stylesAsElements(text: Root, file: Nodes): void {
  const classes = new Map<string, string>();
  for (const css of stylesIn(file)) {
    // Rules for one class, as programs write them; a page's own design says nothing of single words.
    for (const [, name, said] of css.matchAll(/(?<=^|[}\s])\.([\w-]+)\s*\{([^{}]*)\}/g)) {
      classes.set(name!, `${classes.get(name!) ?? ''};${said}`);
    }
  }
  apply(text, classes, { isHeading: false, isLink: false });
}

function apply(node: Root | Element, classes: ReadonlyMap<string, string>, within: Within): void {
  for (const child of node.children) {
    if (child.type !== 'element') continue;
    const { tagName } = child;
    const inside = {
      isHeading: within.isHeading || HEADING.test(tagName),
      isLink: within.isLink || tagName === 'a' || child.children.some((each) => isNamed(each, 'a')),
    };
    apply(child, classes, inside);
    if (!/^(?:span|b|strong|i|em)$/.test(tagName)) continue;
    const names = Array.isArray(child.properties.className) ? child.properties.className.map(String) : [];
    const said = declarations(
      [...names.map((name) => classes.get(name) ?? ''), String(child.properties.style ?? '')].join(';'),
    );
    if (/^(?:b|strong)$/.test(tagName) && /^(?:normal|400)$/.test(said.get('font-weight') ?? ''))
      child.tagName = 'span';
    if (/^(?:i|em)$/.test(tagName) && said.get('font-style') === 'normal') child.tagName = 'span';
    if (tagName !== 'span') continue;
    for (const [property, value, name] of ELEMENTS) {
      const isNature = (name === 'strong' && inside.isHeading) || (name === 'u' && inside.isLink);
      if (isNature || !value.test(said.get(property) ?? '')) continue;
      child.children = [{ type: 'element', tagName: name, properties: {}, children: child.children }];
    }
  }
}

/** Headings are bold by themselves, links underlined: saying so again would be formatting that nobody chose. */
interface Within {
  readonly isHeading: boolean;
  readonly isLink: boolean;
}

const declarations = (style: string): Map<string, string> =>
  new Map(
    style.split(';').map((declaration) => {
      const [property = '', ...value] = declaration.split(':');
      return [property.trim().toLowerCase(), value.join(':').trim().toLowerCase()];
    }),
  );

function stylesIn(node: Nodes): string[] {
  if (isNamed(node, 'style')) return node.children.map((child) => (child.type === 'text' ? child.value : ''));
  return 'children' in node ? node.children.flatMap(stylesIn) : [];
}

const isNamed = (node: Nodes, tagName: string): node is Element => node.type === 'element' && node.tagName === tagName;
