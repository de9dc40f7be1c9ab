/** Reads the inline content of an HTML element into that of a textblock of the schema. */
import type { Element, ElementContent, RootContent } from 'hast';
import { figure, linkMark } from './attributes.ts';
import { InlineContent, type Mark, withMark } from './inline.ts';
import { MARK_OF_TAG } from './phrasing.ts';

export type HtmlNode = RootContent | ElementContent;

export const isElement = (node: HtmlNode): node is Element => node.type === 'element';

/** Inline content. White space around a line ending is layout: a space inside a line, nothing at its edges. */
export function readInlineHtml(children: HtmlNode[]): InlineContent {
  const inline = new InlineContent();
  walk(children, [], inline, false);
  const edges = [inline.nodes[0], inline.nodes.at(-1)] as const;
  if (edges[0]?.type === 'text') edges[0].text = edges[0].text?.replace(/^\n+/, '');
  if (edges[1]?.type === 'text') edges[1].text = edges[1].text?.replace(/\n+$/, '');
  for (const node of inline.nodes) if (node.text) node.text = node.text.replace(/\n+/g, ' ');
  const kept = inline.nodes.filter((node) => node.type !== 'text' || node.text);
  inline.nodes.splice(0, inline.nodes.length, ...kept);
  return inline;
}

function walk(children: HtmlNode[], marks: Mark[], inline: InlineContent, inNote: boolean): void {
  for (const node of children) {
    if (node.type === 'text') inline.text(node.value.replace(/[ \t]*\r?\n[ \t\r\n]*/g, '\n'), marks);
    if (!isElement(node)) continue;
    const { tagName: name, properties } = node;
    if (name === 'br') inline.lineBreak(marks);
    else if (name === 'img') {
      const title = new InlineContent();
      title.text(String(properties.title ?? ''), []);
      if (!inNote) inline.figures.push(figure(properties.src, String(properties.alt ?? ''), '', title.nodes));
      else inline.text(String(properties.alt ?? ''), marks);
    } else if (name === 'sup' && properties.dataFootnote !== undefined && !inNote) {
      const note = new InlineContent();
      walk(node.children, [], note, true);
      inline.node({ type: 'footnote', ...(note.nodes.length > 0 ? { content: note.nodes } : {}) }, marks);
    } else {
      const type = MARK_OF_TAG[name];
      const link =
        name === 'a' && properties.href !== undefined ? linkMark(properties.href, properties.title as string) : null;
      const mark = type ? { type } : link;
      walk(node.children, mark ? withMark(marks, mark) : marks, inline, inNote);
    }
  }
}
