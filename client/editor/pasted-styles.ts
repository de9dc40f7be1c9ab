/** Turns the styles of pasted HTML into the elements that say the same. */

/** Elements for what a style says; an element is needed only where it says so itself. */
const ELEMENTS: readonly (readonly [property: string, value: RegExp, element: string])[] = [
  ['font-weight', /^(bold|bolder|[6-9]\d\d)$/, 'strong'],
  ['font-style', /^(italic|oblique)/, 'em'],
  ['text-decoration', /underline/, 'u'],
  ['text-decoration-line', /underline/, 'u'],
  ['text-decoration', /line-through/, 's'],
  ['text-decoration-line', /line-through/, 's'],
  ['vertical-align', /^super$/, 'sup'],
  ['vertical-align', /^sub$/, 'sub'],
];
/** Elements that a style may take back: `<b style="font-weight: normal">` is what Docs wraps everything in. */
const TAKEN_BACK: readonly (readonly [property: string, value: RegExp, elements: string])[] = [
  ['font-weight', /^(normal|lighter|[1-5]\d\d)$/, 'b, strong'],
  ['font-style', /^normal/, 'i, em'],
  ['text-decoration', /^none/, 'u, s, del, strike'],
];
/** Headings and header cells are bold by themselves, links underlined: saying so again would be formatting nobody chose. */
const BY_NATURE: Readonly<Record<string, string>> = { strong: 'h1, h2, h3, h4, h5, h6, th', u: 'a' };

/** Changes what `body` holds, so that it looks the same by its elements alone. Styles are in `data-style`, where nothing applies them. */
export function stylesAsElements(body: HTMLElement): void {
  for (const element of body.querySelectorAll('[data-style]')) {
    const styles = declarations(element.getAttribute('data-style') ?? '');
    element.removeAttribute('data-style');
    for (const [property, value, name] of ELEMENTS) {
      const nature = BY_NATURE[name];
      if (value.test(styles.get(property) ?? '') && !(nature && element.closest(nature))) wrapContent(element, name);
    }
    for (const [property, value, elements] of TAKEN_BACK) {
      if (value.test(styles.get(property) ?? '') && element.matches(elements))
        element.replaceWith(...element.childNodes);
    }
  }
}

const declarations = (style: string): Map<string, string> =>
  new Map(
    style.split(';').map((declaration) => {
      const [property = '', ...value] = declaration.split(':');
      return [property.trim().toLowerCase(), value.join(':').trim().toLowerCase()];
    }),
  );

/** Puts an element around each run of inline content, going into blocks: a list does not fit into `<strong>`. */
function wrapContent(element: Element, name: string): void {
  const blocks = 'p, div, ul, ol, li, table, tbody, tr, td, th, h1, h2, h3, h4, h5, h6, blockquote, pre, figure';
  if (element.querySelector(blocks)) {
    for (const child of element.children) if (child.matches(blocks)) wrapContent(child, name);
    return;
  }
  const wrapper = element.ownerDocument.createElement(name);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}
