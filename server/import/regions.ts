/** Finds where HTML elements begin and end that have Markdown blocks between their tags. */
import type { Nodes } from 'mdast';

/** For each HTML block that opens an element and does not close it, the HTML block that does. Linear. */
export function matchRegions(nodes: Nodes[]): Map<number, number> {
  const ends = new Map<number, number>();
  const open: { name: string; at: number }[] = [];
  const waiting = new Map<string, number>();
  nodes.forEach((node, at) => {
    if (node.type !== 'html' || node.value.startsWith('<!')) return;
    for (const [, slash, found] of node.value.matchAll(/<(\/?)([a-z][a-z0-9]*)\b/gi)) {
      const name = found!.toLowerCase();
      if (!REGIONS.has(name)) continue;
      if (!slash) {
        open.push({ name, at });
        waiting.set(name, (waiting.get(name) ?? 0) + 1);
        continue;
      }
      while (waiting.get(name)) {
        const last = open.pop()!;
        waiting.set(last.name, waiting.get(last.name)! - 1);
        if (last.name !== name) continue;
        if (last.at !== at) ends.set(last.at, Math.max(at, ends.get(last.at) ?? 0));
        break;
      }
    }
  });
  return ends;
}

const REGIONS = new Set([
  'article',
  'aside',
  'blockquote',
  'center',
  'details',
  'div',
  'dl',
  'figure',
  'footer',
  'header',
  'main',
  'ol',
  'section',
  'table',
  'ul',
]);
