/** Reads the HTML of a whole text into a plan's content; what the schema has no place for is listed, and its text kept where it has any. */
import type { JSONContent } from '@tiptap/core';
import type { Element, Nodes, RootContent } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import type { Loss } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import { schema } from '../../shared/schema/schema.ts';
import { isKnownName, MAX_ELEMENTS_DEEP, readHtmlNodes } from './html.ts';
import type { Losses } from './losses.ts';
import { parseNested, tooDeep } from './text.ts';
import { restorePictures } from './told-pictures.ts';

/** What a file holds that is not Markdown. */
export interface Imported {
  frontMatter: FrontMatter;
  content: JSONContent;
  losses: Loss[];
  /** Pictures that the file carries, by the addresses that figures name them with; absent: none. */
  pictures?: ReadonlyMap<string, Uint8Array>;
}

/** A plan of 50,000 words has a tenth of this; parsing and reading take time that grows faster than the file. */
const MAX_ELEMENTS = 50_000;

/** Elements whose text is not for readers, and what they are called. */
const DROPPED: Record<string, string> = {
  script: 'scripts',
  style: '',
  head: '',
  template: '',
  noscript: '',
  iframe: 'embedded pages',
  object: 'embedded objects',
  embed: 'embedded objects',
  video: 'videos',
  audio: 'sound recordings',
  canvas: 'drawings',
  svg: 'drawings',
  math: 'formulas',
  select: 'form fields',
  textarea: 'form fields',
};

/** Throws `too-large` and `invalid-document`. */
export function readHtmlContent(html: string, losses: Losses): JSONContent {
  const tree = parseHtml(html);
  restorePictures(tree.children);
  return toContent(tree.children, losses);
}

/** Throws `too-large` for more elements than are read, `invalid-document` for elements nested beyond reason. */
export function parseHtml(html: string, { fragment = true }: { fragment?: boolean } = {}): ReturnType<typeof fromHtml> {
  const elements = html.match(/<[a-z]/gi)?.length ?? 0;
  if (elements > MAX_ELEMENTS) {
    throw new CommonplanError(
      'too-large',
      `The file has ${elements.toLocaleString('en')} elements; up to ${MAX_ELEMENTS.toLocaleString('en')} can be imported.`,
    );
  }
  const tree = parseNested(() => fromHtml(html, { fragment }), 'The file', MAX_ELEMENTS_DEEP);
  const waiting: { node: Nodes; depth: number }[] = [{ node: tree, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.depth > MAX_ELEMENTS_DEEP) throw tooDeep('The file', MAX_ELEMENTS_DEEP);
    if ('children' in next.node) for (const node of next.node.children) waiting.push({ node, depth: next.depth + 1 });
  }
  return tree;
}

/** A document of the schema, checked. */
export function toContent(children: RootContent[], losses: Losses): JSONContent {
  const blocks = readHtmlNodes(clean(children, losses));
  const content = blocks.length > 0 ? blocks : [{ type: 'paragraph' }];
  const document = schema.nodeFromJSON({ type: 'doc', content });
  document.check();
  return document.toJSON();
}

/** Without what is not text; elements that are not known are left out around their text. */
function clean(nodes: RootContent[], losses: Losses): RootContent[] {
  return nodes.flatMap((node): RootContent[] => {
    if (node.type === 'text') return [node];
    if (node.type !== 'element') return [];
    const dropped = DROPPED[node.tagName];
    if (dropped !== undefined) {
      if (dropped) losses.add(dropped, `<${node.tagName}>`);
      return [];
    }
    const children = clean(node.children, losses) as Element['children'];
    return isKnownName(node.tagName) ? [{ ...node, children }] : children;
  });
}
