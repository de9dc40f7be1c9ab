/** Reads Markdown (CommonMark, GFM, footnotes, YAML front matter, some HTML) into a plan's front matter and content. */
import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { CommonplanError } from '../../shared/errors.ts';
import { schema } from '../../shared/schema/schema.ts';
import { readFrontMatter } from './front-matter.ts';
import type { Imported } from './html-content.ts';
import { Losses } from './losses.ts';
import { checkLines, checkText, parseNested, tooDeep } from './text.ts';
import { fromTree } from './tree.ts';

/** Containers that one line may open; parsing is quadratic in them. */
const MAX_CONTAINERS = 100;

/**
 * Reads everything that is text: what the schema has no place for stays as visible text, and is listed. Takes about a second for 100 pages, so
 * a server calls it in a worker. The title is the front matter's; where that names none, a first-level heading at the head of the
 * text that is the only one of its level is the title, and no longer part of the content.
 * `isPart`: it is no whole plan, so nothing in it is a title or front matter. Throws `too-large`, `not-text` or `invalid-document` (nested beyond reason).
 */
export function importMarkdown(
  text: string,
  { prompts = false, isPart = false }: { prompts?: boolean; isPart?: boolean } = {},
): Imported {
  const clean = checkText(text);
  checkLines(clean);
  const losses = new Losses();
  const { frontMatter, hasTitle, body } = readFrontMatter(isPart ? `\n${clean}` : clean, losses);
  const tree = parse(body);
  const title = hasTitle || isPart ? undefined : takeTitle(tree);
  const document = schema.nodeFromJSON(fromTree(tree, { prompts, losses }));
  document.check();
  return {
    frontMatter: title === undefined ? frontMatter : { ...frontMatter, title },
    content: document.toJSON(),
    losses: losses.list(),
  };
}

/** The text of a file. Throws `not-text` where it is neither UTF-8 nor UTF-16 with a byte order mark. */
export function decodeText(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = isUtf16 ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CommonplanError('not-text', undefined, { cause });
  }
}

function parse(text: string): Root {
  const deepest = new RegExp(`^(?:[ \\t]*(?:>|[-*+](?=[ \\t])|\\d{1,9}[.)](?=[ \\t]))){${MAX_CONTAINERS + 1}}`, 'm');
  if (deepest.test(text)) throw tooDeep('The text', MAX_CONTAINERS);
  // The transforms would make links of addresses that were escaped on purpose.
  const extensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));
  return parseNested(
    () => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: extensions }),
    'The text',
    MAX_CONTAINERS,
  );
}

/** Removes the title's heading from the tree, unless it holds more than text. */
function takeTitle(tree: Root): string | undefined {
  const [first] = tree.children;
  const isOnly = tree.children.filter((node) => node.type === 'heading' && node.depth === 1).length === 1;
  if (first?.type !== 'heading' || first.depth !== 1 || !isOnly) return undefined;
  let isText = true;
  let title = '';
  const read = (nodes: readonly Root['children'][number][]) => {
    for (const node of nodes) {
      if (node.type === 'break') title += ' ';
      else if ('children' in node) read(node.children as Root['children']);
      else if (node.type === 'text' || node.type === 'inlineCode') title += node.value;
      else isText = false;
    }
  };
  read(first.children);
  title = title.replace(/\s+/g, ' ').trim();
  if (title === '' || title.length > 500) return undefined;
  if (isText) tree.children.shift();
  return title;
}
