/** Turns a Markdown tree (mdast) into a plan's content: a document of the schema, as ProseMirror JSON. */
import type { JSONContent } from '@tiptap/core';
import type { List, ListItem, Nodes, Paragraph, Root, Table } from 'mdast';
import * as check from '../../shared/schema/attributes.ts';
import { MAX_DEPTH } from '../export/tree.ts';
import { clamped, codeLanguage } from './attributes.ts';
import { CREDIT, mentionsPlaceholder, placeholder, readHtml } from './html.ts';
import { itemContent, someContent, textblock } from './inline.ts';
import { DEEP_HEADINGS, type Losses } from './losses.ts';
import { type References, readNoteText, readPhrasing, tagOf, tellHtml, unwrapLanguage } from './phrasing.ts';
import { matchRegions } from './regions.ts';

/** Regions of HTML that are tried in vain among siblings, each read whole, before the rest of their tags is taken for text. */
const MAX_FAILURES = 50;

interface Reader {
  references: References;
  /** Whether comments such as `<!-- prompt: Who was asked? -->` become empty paragraphs with that prompt. */
  prompts: boolean;
}

/** Total: every tree becomes a document, and all of its text is in it. */
export function fromTree(tree: Root, { prompts, losses }: { prompts: boolean; losses: Losses }): JSONContent {
  const references = gatherReferences(tree, losses);
  const content = readBlocks(tree.children, { references, prompts }, 0);
  for (const [identifier, definition] of references.notes) {
    // A note that nothing refers to is kept where it can be seen.
    if (references.used.has(identifier)) continue;
    losses.add('notes that nothing refers to, kept below the text', `[^${definition.label ?? identifier}]`);
    const label = { type: 'text', text: `[^${definition.label ?? identifier}]: ` };
    content.push({ type: 'paragraph', content: [label, ...readNoteText(definition, references)] });
  }
  for (const [identifier, { label, url }] of references.definitions) {
    if (!references.linked.has(identifier)) {
      losses.add('addresses that nothing refers to', `[${label ?? identifier}]: ${url}`);
    }
  }
  return { type: 'doc', content: someContent(content) };
}

/** The first definition of an identifier counts, as in CommonMark. */
function gatherReferences(tree: Root, losses: Losses): References {
  const references: References = {
    ...{ definitions: new Map(), notes: new Map(), used: new Set(), linked: new Set() },
    ...{ allowance: 1_000_000, losses },
  };
  const waiting: Nodes[] = [tree];
  while (waiting.length > 0) {
    const node = waiting.pop()!;
    if (node.type === 'definition' && !references.definitions.has(node.identifier)) {
      references.definitions.set(node.identifier, node);
    } else if (node.type === 'footnoteDefinition' && !references.notes.has(node.identifier)) {
      references.notes.set(node.identifier, node);
    }
    if ('children' in node) for (let at = node.children.length - 1; at >= 0; at--) waiting.push(node.children[at]!);
  }
  return references;
}

function readBlocks(nodes: Nodes[], reader: Reader, depth: number): JSONContent[] {
  const blocks: JSONContent[] = [];
  const ends = matchRegions(nodes);
  let failures = 0;
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at]!;
    const end = ends.get(at);
    const next = nodes[at + 1];
    if (end !== undefined && failures < MAX_FAILURES) {
      const read = readRegion(nodes.slice(at, end + 1), reader, depth);
      blocks.push(...(read ?? literal(node, reader)));
      if (read) at = end;
      else failures++;
    } else if (node.type === 'html') {
      const annotated = next && readAnnotated(node.value, next, reader, depth);
      blocks.push(
        ...(annotated ??
          readComment(node.value, reader) ??
          readHtml(node.value, depth, () => []) ??
          literal(node, reader)),
      );
      if (annotated) at++;
    } else blocks.push(...readBlock(node, reader, depth));
  }
  return blocks;
}

function readBlock(node: Nodes, reader: Reader, depth: number): JSONContent[] {
  const isContainer = node.type === 'blockquote' || node.type === 'list' || node.type === 'table';
  if (isContainer && depth >= MAX_DEPTH) {
    const inside = leaves(node);
    reader.references.losses.add(
      `levels below the ${MAX_DEPTH}th of lists, quotes and tables, kept as text`,
      node.type,
    );
    return inside.flatMap((leaf) => readBlock(leaf, reader, depth));
  }
  switch (node.type) {
    case 'paragraph':
      return paragraph(node, reader);
    case 'heading': {
      const { nodes, language } = unwrapLanguage(node.children);
      const attrs = { level: Math.min(node.depth, 4), ...language };
      const inline = readPhrasing(nodes, reader.references);
      if (node.depth > 4)
        reader.references.losses.add(DEEP_HEADINGS, inline.nodes.map(({ text = '' }) => text).join(''));
      return textblock({ type: 'heading', attrs }, inline);
    }
    case 'blockquote':
      return [{ type: 'blockquote', content: someContent(readBlocks(node.children, reader, depth + 1)) }];
    case 'list':
      return list(node, reader, depth);
    case 'code': {
      const content = node.value ? [{ type: 'text', text: node.value }] : undefined;
      if (node.meta) reader.references.losses.add('remarks beside the language of code', node.meta);
      return [{ type: 'codeBlock', attrs: { language: codeLanguage(node.lang) }, ...(content ? { content } : {}) }];
    }
    case 'thematicBreak':
      return [{ type: 'horizontalRule' }];
    case 'table':
      return [table(node, reader)];
    case 'html':
      return literal(node, reader);
    default:
      // Definitions: read where they are referred to.
      return [];
  }
}

function paragraph(node: Paragraph, reader: Reader): JSONContent[] {
  const [only] = node.children;
  const prompt = node.children.length === 1 && only?.type === 'html' ? readPrompt(only.value, reader) : null;
  if (prompt) return [prompt];
  const { nodes, language } = unwrapLanguage(node.children);
  return textblock({ type: 'paragraph', attrs: { ...language } }, readPhrasing(nodes, reader.references));
}

/** The blocks without containers inside a container that is too deep to be kept, without recursion. */
function leaves(container: Nodes): Nodes[] {
  const found: Nodes[] = [];
  const waiting: Nodes[] = [container];
  while (waiting.length > 0) {
    const node = waiting.pop()!;
    if (node.type === 'tableCell') found.push({ type: 'paragraph', children: node.children });
    else if (/^(blockquote|list|listItem|table|tableRow)$/.test(node.type) && 'children' in node) {
      for (let at = node.children.length - 1; at >= 0; at--) waiting.push(node.children[at]!);
    } else found.push(node);
  }
  return found;
}

/** A list with tasks and other items in it becomes several: the schema keeps them apart. */
function list(node: List, reader: Reader, depth: number): JSONContent[] {
  if (node.ordered) {
    const content = node.children.map((item) => listItem(item, reader, depth));
    return [{ type: 'orderedList', attrs: { start: clamped(node.start, 0, 999_999_999, 1), type: null }, content }];
  }
  const lists: JSONContent[] = [];
  for (const item of node.children) {
    const isTask = typeof item.checked === 'boolean';
    const type = isTask ? 'taskList' : 'bulletList';
    if (lists.at(-1)?.type !== type) lists.push({ type, content: [] });
    lists.at(-1)!.content!.push(
      isTask
        ? {
            type: 'taskItem',
            attrs: { checked: item.checked },
            content: itemContent(readBlocks(item.children, reader, depth + 1)),
          }
        : listItem(item, reader, depth),
    );
  }
  return lists;
}

function listItem(item: ListItem, reader: Reader, depth: number): JSONContent {
  const content = itemContent(readBlocks(item.children, reader, depth + 1));
  if (typeof item.checked === 'boolean') {
    // A numbered task: the schema has no such list, so the box is text.
    const box = { type: 'text', text: item.checked ? '[x] ' : '[ ] ' };
    content[0] = { ...content[0], content: [box, ...(content[0]!.content ?? [])] };
  }
  return { type: 'listItem', content };
}

/** An empty header row is how programs write a table that has none. */
function table(node: Table, reader: Reader, widths: (number | null)[] = []): JSONContent {
  const columns = Math.max(...node.children.map((row) => row.children.length));
  const isHeadless = node.children.length > 1 && node.children[0]!.children.every((cell) => cell.children.length === 0);
  const rows = isHeadless ? node.children.slice(1) : node.children;
  const content = rows.map((row, index) => ({
    type: 'tableRow',
    content: Array.from({ length: columns }, (_, column) => {
      const cell: Paragraph = { type: 'paragraph', children: row.children[column]?.children ?? [] };
      const width = widths[column] ?? null;
      const align = node.align?.[column] ?? null;
      return {
        type: index === 0 && !isHeadless ? 'tableHeader' : 'tableCell',
        attrs: { colspan: 1, rowspan: 1, colwidth: width === null ? null : [width], align },
        content: paragraph(cell, reader),
      };
    }),
  }));
  return { type: 'table', content };
}

/** HTML blocks and the Markdown blocks between them, read as one piece of HTML in which the latter are placeholders. */
function readRegion(nodes: Nodes[], reader: Reader, depth: number): JSONContent[] | null {
  const isForged = nodes.some((node) => node.type === 'html' && mentionsPlaceholder(node.value));
  if (isForged) return null;
  const html = nodes.map((node, index) => (node.type === 'html' ? node.value : placeholder(index))).join('\n');
  return readHtml(html, depth, (index, inside) => {
    const node = nodes[index]!;
    return isCredit(node) ? credit(node, reader) : readBlock(node, reader, inside);
  });
}

/** `<small>…</small>` as a paragraph of its own, in a figure. */
const isCredit = (node: Nodes): node is Paragraph =>
  node.type === 'paragraph' &&
  tagOf(node.children[0])?.name === 'small' &&
  tagOf(node.children.at(-1))?.source === '</small>';

function credit(node: Paragraph, reader: Reader): JSONContent[] {
  const text = readPhrasing(node.children, reader.references)
    .nodes.map((inline) => inline.text ?? ' ')
    .join('');
  return [{ type: CREDIT, attrs: { text } }];
}

/** The comments that the export puts before a list or a table for what Markdown cannot say of them. */
function readAnnotated(comment: string, next: Nodes, reader: Reader, depth: number): JSONContent[] | null {
  const numbering = /^<!-- numbering: ([1aAiI]) -->$/.exec(comment)?.[1];
  if (numbering && next.type === 'list' && next.ordered && depth < MAX_DEPTH) {
    const [read] = list(next, reader, depth);
    return [{ ...read, attrs: { ...read!.attrs, type: numbering } }];
  }
  const widths = /^<!-- column widths: ((?:\d+|auto)(?: (?:\d+|auto))*) -->$/.exec(comment)?.[1];
  if (widths && next.type === 'table' && depth < MAX_DEPTH) {
    const columns = widths.split(' ').map((width) => (width === 'auto' ? null : Number(width)));
    return [
      table(
        next,
        reader,
        columns.map((width) =>
          width === null ? null : (check.validOr(check.columnWidths, [width], [null])[0] ?? null),
        ),
      ),
    ];
  }
  return null;
}

/**
 * Empty comments only separate, and MediaWiki's `<references/>` says where notes go; other comments are text that somebody wrote, so they stay, as text. */
function readComment(html: string, reader: Reader): JSONContent[] | null {
  if (/^(<!--\s*-->|<references\s*\/>)$/.test(html)) return [];
  const prompt = readPrompt(html, reader);
  return prompt && [prompt];
}

function readPrompt(html: string, reader: Reader): JSONContent | null {
  const prompt = reader.prompts ? /^<!--\s*prompt:\s*([\s\S]*?)\s*-->$/.exec(html)?.[1] : undefined;
  return prompt ? { type: 'paragraph', attrs: { prompt: prompt.replace(/\s+/g, ' ').slice(0, 1000) } } : null;
}

/** HTML that says nothing the schema knows stays as it was written, line by line. */
function literal(node: Nodes, reader: Reader): JSONContent[] {
  if (node.type === 'html') tellHtml(node.value, reader.references.losses);
  const lines = ('value' in node ? node.value : '')
    .split('\n')
    .map((text) => text.trim())
    .filter(Boolean);
  const content = lines.flatMap((text, index) => [
    ...(index > 0 ? [{ type: 'hardBreak' }] : []),
    { type: 'text', text },
  ]);
  return [content.length > 0 ? { type: 'paragraph', content } : { type: 'paragraph' }];
}
