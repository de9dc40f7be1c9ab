/** The ways of comparing that are measured: ours and the packages that others use, each with the input that it takes. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Node } from '@tiptap/pm/model';
import { Transform } from '@tiptap/pm/transform';
import { compare } from '../../shared/compare/compare.ts';
import type { ComparedNode, NodeJSON } from '../../shared/compare/comparison.ts';
import { schema } from '../../shared/schema/schema.ts';

/** What a method found: how many changes, and how many letters it marks as come or gone. */
export interface Findings {
  readonly changes: number;
  readonly letters: number;
}

/** Makes the input, and returns what is measured; that returns how to count what it found. */
type Method = (before: NodeJSON, after: NodeJSON) => () => () => Findings;

export const PEERS_FOLDER = join(import.meta.dirname, 'peers');
const require = createRequire(join(PEERS_FOLDER, 'package.json'));

const nodes = (json: NodeJSON): Node => schema.nodeFromJSON(json);
export const plainText = (json: NodeJSON): string => {
  const node = nodes(json);
  return node.textBetween(0, node.content.size, '\n', ' ');
};

const ours: Method = (before, after) => () => {
  const { blocks, changes } = compare(before, after);
  return () => ({ changes: changes.length, letters: lettersIn(blocks) });
};

function lettersIn(blocks: readonly ComparedNode[]): number {
  let letters = 0;
  // Only inserted and deleted nodes hold a node and a change.
  JSON.stringify(blocks, (_, value: { op?: string; node?: NodeJSON }) => {
    if ((value?.op === 'inserted' || value?.op === 'deleted') && value.node) {
      letters +=
        JSON.stringify(value.node)
          .match(/"text":"[^"]*"/g)
          ?.reduce((sum, text) => sum + text.length - 9, 0) ?? 0;
    }
    return value;
  });
  return letters;
}

interface ChangeSetModule {
  ChangeSet: {
    create(doc: Node): {
      addSteps(
        doc: Node,
        maps: readonly unknown[],
        data: null,
      ): { changes: readonly { fromA: number; toA: number; fromB: number; toB: number }[] };
    };
  };
}

const changeset: Method = (before, after) => {
  const { ChangeSet } = require('prosemirror-changeset') as ChangeSetModule;
  const [older, newer] = [nodes(before), nodes(after)];
  return () => {
    const transform = new Transform(older).replace(0, older.content.size, newer.slice(0, newer.content.size));
    const { changes } = ChangeSet.create(older).addSteps(transform.doc, transform.mapping.maps, null);
    const letters = () => changes.reduce((sum, { fromA, toA, fromB, toB }) => sum + toA - fromA + toB - fromB, 0);
    return () => ({ changes: changes.length, letters: letters() });
  };
};

const HTML_TAGS: Record<string, string> = {
  ...{ paragraph: 'p', heading: 'h2', bulletList: 'ul', orderedList: 'ol', listItem: 'li', blockquote: 'blockquote' },
  ...{ table: 'table', tableRow: 'tr', tableCell: 'td', tableHeader: 'th', codeBlock: 'pre', figure: 'figure' },
};
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
function html(node: NodeJSON): string {
  if (node.type === 'text') {
    const text = escaped(node.text!);
    return node.marks?.some(({ type }) => type === 'bold') ? `<strong>${text}</strong>` : text;
  }
  const content = (node.content ?? []).map(html).join('');
  const tag = HTML_TAGS[node.type];
  return tag ? `<${tag}>${content}</${tag}>` : content;
}

const marked = (pattern: RegExp, text: string): Findings => {
  const found = text.match(pattern) ?? [];
  const letters = found.reduce((sum, part) => sum + part.replace(/<[^>]*>/g, '').length, 0);
  return { changes: found.length, letters };
};

const htmlDiff: Method = (before, after) => {
  const diff = require('node-htmldiff') as (before: string, after: string) => string;
  const [older, newer] = [html(before), html(after)];
  return () => {
    const both = diff(older, newer);
    return () => marked(/<(ins|del)\b[\s\S]*?<\/\1>/g, both);
  };
};

const jsdiff: Method = (before, after) => {
  const { diffWordsWithSpace } = require('diff') as {
    diffWordsWithSpace(before: string, after: string): { value: string; added: boolean; removed: boolean }[];
  };
  const [older, newer] = [plainText(before), plainText(after)];
  return () => {
    const changed = diffWordsWithSpace(older, newer).filter(({ added, removed }) => added || removed);
    return () => ({ changes: changed.length, letters: changed.reduce((sum, { value }) => sum + value.length, 0) });
  };
};

const matchPatch: Method = (before, after) => {
  const { diff_match_patch: DiffMatchPatch } = require('diff-match-patch') as {
    diff_match_patch: new () => {
      diff_main(before: string, after: string): [number, string][];
      diff_cleanupSemantic(diffs: [number, string][]): void;
    };
  };
  const [older, newer] = [plainText(before), plainText(after)];
  return () => {
    const patch = new DiffMatchPatch();
    const diffs = patch.diff_main(older, newer);
    patch.diff_cleanupSemantic(diffs);
    const changed = diffs.filter(([kind]) => kind !== 0);
    return () => ({ changes: changed.length, letters: changed.reduce((sum, [, text]) => sum + text.length, 0) });
  };
};

export const METHODS: Record<string, { readonly about: string; readonly prepare: Method }> = {
  commonplan: { about: 'shared/compare of this repository: the whole tree', prepare: ours },
  'prosemirror-changeset': { about: '2.4.6, the newer document as one step', prepare: changeset },
  'node-htmldiff': { about: '0.9.4, on HTML', prepare: htmlDiff },
  diff: { about: '9.0.0, diffWordsWithSpace on plain text', prepare: jsdiff },
  'diff-match-patch': {
    about: '1.0.5 with cleanupSemantic on plain text; gives up looking after 1 s',
    prepare: matchPatch,
  },
};
