/** For tests, and for proving a round trip with plans of one's own: what a document holds, counted, and its words in order. */
import type { JSONContent } from '@tiptap/core';

const KINDS: Record<string, string> = {
  heading: 'headings',
  bulletList: 'lists',
  orderedList: 'lists',
  taskList: 'lists',
  listItem: 'list items',
  taskItem: 'list items',
  table: 'tables',
  tableRow: 'rows',
  tableCell: 'cells',
  tableHeader: 'cells',
  footnote: 'notes',
  figure: 'figures',
  blockquote: 'quotations',
  codeBlock: 'code blocks',
  horizontalRule: 'rules',
};

export type Counts = Record<string, number>;

/** How many there are of each kind. A link counts once, however many formats its words have. */
export function countsOf(content: JSONContent): Counts {
  const counts: Counts = { words: wordsOf(content).length, links: 0 };
  for (const kind of Object.values(KINDS)) counts[kind] ??= 0;
  const visit = (node: JSONContent): void => {
    const kind = KINDS[node.type ?? ''];
    if (kind) counts[kind]! += 1;
    let last: unknown = null;
    for (const child of node.content ?? []) {
      // A link may go on after a break.
      if (child.type === 'hardBreak') continue;
      const href: unknown = child.marks?.find(({ type }) => type === 'link')?.attrs?.href ?? null;
      if (href !== null && href !== last) counts.links! += 1;
      last = href;
      visit(child);
    }
  };
  visit(content);
  return counts;
}

/** In the order of the text; a note's words stand where it is referred to. */
export function wordsOf(content: JSONContent): string[] {
  const pieces: string[] = [];
  const visit = (node: JSONContent): void => {
    if (node.type === 'text') pieces.push(node.text ?? '');
    else {
      pieces.push(' ');
      node.content?.forEach(visit);
      pieces.push(' ');
    }
  };
  visit(content);
  return pieces.join('').split(/\s+/u).filter(Boolean);
}
