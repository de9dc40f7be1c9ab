/** Reads an HTML file, as browsers, word processors and our own export save it, into a plan. */
import type { Element, Nodes, Root, RootContent } from 'hast';
import { meantByOffice } from '../../shared/html/office.ts';
import { safeImageUrl } from '../../shared/schema/safe-url.ts';
import { frontMatterOf } from './front-matter.ts';
import { type Imported, parseHtml, toContent } from './html-content.ts';
import { liftHeadings } from './html-headings.ts';
import { stylesAsElements } from './html-styles.ts';
import { Losses } from './losses.ts';
import { checkText } from './text.ts';
import { restorePictures } from './told-pictures.ts';

const longest = (text: string, length = 500): string => text.replace(/\s+/g, ' ').trim().slice(0, length);

/**
 * Where the file has one `<main>`, that is the text. Nothing is fetched. Throws `too-large`, `not-text` and `invalid-document`.
 */
export function importHtml(source: string): Imported {
  const losses = new Losses();
  const tree = parseHtml(checkText(source), { fragment: false });
  const mains = find(tree, 'main');
  const [body] = mains.length === 1 ? mains : find(tree, 'body');
  const only = body && onlyElement(body);
  // What is pasted into other sites is one element that says its language.
  const inner = only?.tagName === 'div' && only.properties.lang ? only : body;
  const text: Root = { type: 'root', children: inner?.children ?? [] };
  stylesAsElements(text, tree);
  meantByOffice(text, (what, example) => losses.add(what, example));
  restorePictures(text.children);
  tidy(text.children, losses);
  const title = liftHeadings(text);
  const named = find(tree, 'title')[0];
  return {
    frontMatter: readHead(tree, title ?? (named ? wordsOf(named) : ''), inner?.properties.lang),
    content: toContent(text.children, losses),
    losses: losses.list(),
  };
}

function readHead(tree: Nodes, title: string, language: unknown): Imported['frontMatter'] {
  const metas = find(tree, 'meta');
  const values = (name: string) =>
    metas
      .filter(({ properties }) => String(properties.name ?? '').toLowerCase() === name)
      .map(({ properties }) => longest(String(properties.content ?? ''), 20_000))
      .filter(Boolean);
  return frontMatterOf({
    title: longest(title),
    language: find(tree, 'html')[0]?.properties.lang ?? language,
    authors: values('author'),
    summary: values('description')[0],
    keywords: values('keywords').flatMap((line) => line.split(',')),
    licence: values('dcterms.rights')[0],
    subtitle: values('dcterms.alternative')[0],
    place: values('dcterms.spatial')[0],
    status: values('plan.status')[0],
    stream: values('plan.stream')[0],
  });
}

/** Pictures that are in the file itself, and links within it, as what they can be here. */
function tidy(nodes: RootContent[], losses: Losses): void {
  for (const node of nodes) {
    if (node.type !== 'element') continue;
    const { properties } = node;
    if (node.tagName === 'a' && /^#./.test(String(properties.href ?? ''))) {
      losses.add('links to places in the file, kept as text', wordsOf(node) || String(properties.href));
      delete properties.href;
    }
    if (node.tagName === 'img' && properties.src !== undefined && !safeImageUrl(properties.src)) {
      const words = String(properties.alt ?? '') || String(properties.src ?? '').slice(0, 60);
      losses.add('pictures, which are not taken over: add each again where it stood', words);
    }
    tidy(node.children, losses);
  }
}

function onlyElement({ children }: Element): Element | undefined {
  const [only, ...others] = children.filter((child) => child.type !== 'text' || child.value.trim() !== '');
  return only?.type === 'element' && others.length === 0 ? only : undefined;
}

const find = (node: Nodes, name: string): Element[] => {
  const own = node.type === 'element' && node.tagName === name ? [node] : [];
  return 'children' in node ? [...own, ...node.children.flatMap((child) => find(child, name))] : own;
};

const wordsOf = (node: Nodes): string => {
  if (node.type === 'text') return node.value;
  return 'children' in node ? longest(node.children.map(wordsOf).join('')) : '';
};
