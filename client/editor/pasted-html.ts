/**
 * Turns pasted HTML into HTML that says by its elements alone what it means. The server's policy keeps style attributes from being applied even in
 * the inert document that pasted HTML is read in, so the editor would take everything from Docs for bold and miss what is bold in it.
 */
import { meantByOffice, type Tell } from '../../shared/html/office.ts';
import { parseInertHtml } from '../inert-html.ts';
import { fromHast, toHast } from './hast-dom.ts';
import { stylesAsElements } from './pasted-styles.ts';

/** `tell` hears what is left out. What this editor copied itself is as it is meant. */
export function readPastedHtml(html: string, tell: Tell): string {
  if (/\sdata-pm-slice=/i.test(html)) return html;
  const inert = html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, '')
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, ' data-style='));
  const { body } = parseInertHtml(inert);
  makeLinksLocal(body);
  const tree = toHast(body);
  meantByOffice(tree, tell);
  fromHast(body, tree);
  for (const note of body.querySelectorAll('sup[data-footnote]')) {
    const footnote = body.ownerDocument.createElement('span');
    footnote.dataset.footnote = '';
    footnote.append(...note.childNodes);
    note.replaceWith(footnote);
  }
  stylesAsElements(body);
  return body.innerHTML;
}

/** Browsers make addresses whole when they copy: a link to a place that was copied too leads there. */
function makeLinksLocal(body: HTMLElement): void {
  const places = new Set(
    [...body.querySelectorAll('[id], [name]')].flatMap(({ id, attributes }) => [
      id,
      attributes.getNamedItem('name')?.value ?? '',
    ]),
  );
  for (const link of body.querySelectorAll('a[href*="#"]')) {
    const place = (link.getAttribute('href') ?? '').replace(/^[^#]*#/, '');
    if (place && places.has(place)) link.setAttribute('href', `#${place}`);
  }
}
