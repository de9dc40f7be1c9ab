/** Reads the inline content of an HTML element into that of a textblock of the schema. */
import type { Element, ElementContent, RootContent } from 'hast';
import { figure, linkMark } from './attributes.ts';
import { InlineContent, type Mark, withMark } from './inline.ts';
import { MARK_OF_TAG } from './phrasing.ts';

export type HtmlNode = RootContent | ElementContent;

/** Marked as nothing to tell those of who cannot see it (https://www.w3.org/TR/wai-aria-1.2/#presentation). */
export const isDecorative = ({ properties }: Element): boolean =>
  /^(?:presentation|none)$/.test(String(properties.role));

export const isElement = (node: HtmlNode): node is Element => node.type === 'element';

export function readInlineHtml(children: HtmlNode[], inNote = false): InlineContent {
  const inline = new InlineContent();
  walk(children, [], inline, inNote);
  dropLayout(inline);
  return inline;
}

function walk(children: HtmlNode[], marks: Mark[], inline: InlineContent, inNote: boolean): void {
  for (const node of children) {
    if (node.type === 'text') inline.text(node.value.replace(/[ \t]*\n[ \t\n]*/g, '\n'), marks);
    if (!isElement(node)) continue;
    const { tagName: name, properties } = node;
    if (name === 'br') inline.lineBreak(marks);
    else if (name === 'img') {
      const title = new InlineContent();
      title.text(String(properties.title ?? ''), []);
      if (!inNote)
        inline.figures.push(
          figure(properties.src, String(properties.alt ?? ''), '', title.nodes, {
            decorative: isDecorative(node),
          }),
        );
      else inline.text(String(properties.alt ?? ''), marks);
    } else if (name === 'sup' && properties.dataFootnote !== undefined && !inNote) {
      inline.footnote(readInlineHtml(node.children, true).nodes, marks);
    } else {
      const type = MARK_OF_TAG[name];
      const isLink = name === 'a' && properties.href !== undefined;
      const link = isLink ? linkMark(properties.href, properties.title as string) : null;
      const mark = type ? { type } : link;
      walk(node.children, mark ? withMark(marks, mark) : marks, inline, inNote);
    }
  }
}

/** White space around a line ending is layout: a space inside a line, nothing at its edges. */
function dropLayout(inline: InlineContent): void {
  const { nodes } = inline;
  nodes.forEach((node, index) => {
    if (node.type !== 'text') return;
    const start = index === 0 ? node.text?.replace(/^\n+/, '') : node.text;
    const text = index === nodes.length - 1 ? start?.replace(/\n+$/, '') : start;
    node.text = text?.replace(/\n+/g, ' ');
  });
  nodes.splice(0, nodes.length, ...nodes.filter((node) => node.type !== 'text' || node.text));
}
