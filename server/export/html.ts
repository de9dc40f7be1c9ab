/** Writes parts of the tree as HTML inside Markdown: tables that Markdown cannot say, and the blocks in their cells. */
import type { BlockContent, Data, ListItem, PhrasingContent } from 'mdast';
import type { Formatting, Grid, GridCell, MarkedCode } from './nodes.ts';

export const FORMATTING_TAGS: Record<Formatting['type'], string> = {
  underline: 'u',
  highlight: 'mark',
  subscript: 'sub',
  superscript: 'sup',
  monospace: 'code',
};

/** Text as it stands between tags or in a quoted attribute. No line feed is left: a blank line would end the HTML block. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\n', '&#10;');

/** A start tag. Attributes without a value are left out; `|` is escaped because it would end a cell of a Markdown table. */
export function startTag(name: string, attributes: Record<string, string | number | null | undefined> = {}): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeHtml(String(value)).replaceAll('|', '&#124;')}"`);
  return `<${name}${written.join('')}>`;
}

/** White space at the edge of a line or cell, where a reader would trim it. */
export const encodeSpace = (space: string): string => (space === '\t' ? '&#x9;' : '&#x20;');

export const languageAttributes = (data: Data | undefined): Record<string, string | undefined> => ({
  lang: data?.lang,
  dir: data?.dir,
});

/** One line for each row, so that a changed cell changes one line. */
export function gridToHtml(grid: Grid): string {
  const rows = grid.children.map((row) => `<tr>${row.children.map(cell).join('')}</tr>`);
  return `<table>\n${rows.join('\n')}\n</table>`;
}

/** On one line: inside `pre`, what breaks a line is a line feed. */
export function markedCodeToHtml({ lang, children }: MarkedCode): string {
  const text = phrasing(children).replaceAll('<br>', '&#10;');
  return `<pre>${startTag('code', { class: lang && `language-${lang}` })}${text}</code></pre>`;
}

function cell(node: GridCell): string {
  const name = node.header ? 'th' : 'td';
  const attributes = {
    colspan: node.colspan === 1 ? null : node.colspan,
    rowspan: node.rowspan === 1 ? null : node.rowspan,
    align: node.align,
    'data-colwidth': node.widths?.join(','),
  };
  return `${startTag(name, attributes)}${contents(node.children)}</${name}>`;
}

/** A single paragraph needs no tag of its own. */
function contents(children: BlockContent[]): string {
  const [only] = children;
  const isBare =
    children.length === 1 && !only?.data && (only?.type === 'paragraph' || only?.type === 'emptyParagraph');
  return isBare ? phrasing(only.children) : blocks(children);
}

const blocks = (children: BlockContent[]): string => children.map(block).join('');

function block(node: BlockContent): string {
  switch (node.type) {
    case 'paragraph':
    case 'emptyParagraph':
      return `${startTag('p', languageAttributes(node.data))}${phrasing(node.children)}</p>`;
    case 'heading':
      return `${startTag(`h${node.depth}`, languageAttributes(node.data))}${phrasing(node.children)}</h${node.depth}>`;
    case 'blockquote':
      return `<blockquote>${node.children.map((child) => block(child as BlockContent)).join('')}</blockquote>`;
    case 'list': {
      const items = node.children.map(listItem).join('');
      const start = node.start === 1 ? null : node.start;
      return node.ordered
        ? `${startTag('ol', { start, type: node.data?.numbering })}${items}</ol>`
        : `<ul>${items}</ul>`;
    }
    case 'code':
      return `<pre>${startTag('code', { class: node.lang && `language-${node.lang}` })}${escapeHtml(node.value)}</code></pre>`;
    case 'markedCode':
      return markedCodeToHtml(node);
    case 'thematicBreak':
      return '<hr>';
    case 'figure': {
      const caption = node.children.length > 0 ? `<span data-caption="">${phrasing(node.children)}</span>` : '';
      const credit = node.credit ? `<small>${escapeHtml(node.credit)}</small>` : '';
      const image = startTag('img', {
        src: node.url ?? '',
        alt: node.alt,
        role: node.decorative ? 'presentation' : null,
      });
      const legend = caption || credit ? `<figcaption>${caption}${credit}</figcaption>` : '';
      return `${startTag('figure', languageAttributes(node.data))}${image}${legend}</figure>`;
    }
    case 'grid':
      return gridToHtml(node).replaceAll('\n', '');
    default:
      throw new TypeError(`The tree of a plan holds no ${node.type}`);
  }
}

function listItem(node: ListItem): string {
  const box = startTag('input', { type: 'checkbox', checked: node.checked ? '' : null, disabled: '' });
  return `<li>${typeof node.checked === 'boolean' ? box : ''}${contents(node.children as BlockContent[])}</li>`;
}

function phrasing(nodes: PhrasingContent[]): string {
  return nodes.map(phrase).join('');
}

function phrase(node: PhrasingContent): string {
  switch (node.type) {
    case 'text':
      return escapeHtml(node.value);
    case 'inlineCode':
      return `<code>${escapeHtml(node.value)}</code>`;
    case 'break':
      return '<br>';
    case 'strong':
      return `<strong>${phrasing(node.children)}</strong>`;
    case 'emphasis':
      return `<em>${phrasing(node.children)}</em>`;
    case 'delete':
      return `<del>${phrasing(node.children)}</del>`;
    case 'link':
      return `${startTag('a', { href: node.url, title: node.title })}${phrasing(node.children)}</a>`;
    case 'footnote':
      // Markdown is not read inside an HTML block, so neither is [^1]: the note stands in place, raised.
      return `<sup data-footnote="">${phrasing(node.children)}</sup>`;
    case 'insertion':
      return `<ins>${phrasing(node.children)}</ins>`;
    case 'deletion':
      return `<del>${phrasing(node.children)}</del>`;
    case 'changeNote':
      return `<sub>[${escapeHtml(node.value)}]</sub>`;
    case 'underline':
    case 'highlight':
    case 'subscript':
    case 'superscript':
    case 'monospace':
      return `<${FORMATTING_TAGS[node.type]}>${phrasing(node.children)}</${FORMATTING_TAGS[node.type]}>`;
    default:
      throw new TypeError(`The tree of a plan holds no ${node.type}`);
  }
}
