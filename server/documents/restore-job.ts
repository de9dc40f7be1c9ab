/** Makes the edit that brings a plan back to a snapshot, whole or in part, and the edit that takes this back. Runs in a worker. */
import { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { compare } from '../../shared/compare/compare.ts';
import type { ChangeKind, Comparison, Place } from '../../shared/compare/comparison.ts';
import { resolve } from '../../shared/compare/resolve.ts';
import { readContent, rewriteContent } from '../../shared/document/ydoc.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import { readFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { rewriteFrontMatter } from '../../shared/schema/rewrite-front-matter.ts';
import { schema } from '../../shared/schema/schema.ts';
import type { ServerEdit } from '../store/restores.ts';
import type { PlanContent, RestoreEdits } from './jobs.ts';

/**
 * The edits that change `ydoc` into the snapshot, or with `range` only what its positions in the snapshot's content hold. Null: nothing
 * differs. Both are tried on `ydoc`, which reads as before in the end.
 * Throws `invalid-document` for a snapshot that this schema cannot hold, `invalid-request` for a range outside of it.
 */
export function restoreEdits(ydoc: Y.Doc, snapshot: PlanContent, range: Place | null): RestoreEdits | null {
  const content = checked(snapshot.content);
  const present = { content: readContent(ydoc), frontMatter: readFrontMatter(ydoc) };
  const target = range
    ? { ...present, content: putBack(content, present.content, range, present.frontMatter.language) }
    : { content, frontMatter: snapshot.frontMatter };
  const edit = rewrite(ydoc, target);
  if (!edit) return null;
  return { edit, undo: rewrite(ydoc, present) ?? NOTHING };
}

/** Content through the present schema: what it says nothing of takes its defaults. */
function checked(content: PlanContent['content']): Node {
  try {
    const node = Node.fromJSON(schema, content);
    node.check();
    return node;
  } catch (cause) {
    throw new CommonplanError(
      'invalid-document',
      `The snapshot cannot be brought into the plan, because this version reads it otherwise than it was written: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** The present with what stands in `range` of the snapshot put back. */
function putBack(snapshot: Node, present: Node, range: Place, language: string): Node {
  const { size } = snapshot.content;
  if (range.from > range.to || range.to > size) {
    throw new CommonplanError(
      'invalid-request',
      `range: Expected positions 0 to ${size} of the snapshot's content, the first not above the second.`,
    );
  }
  const comparison = compare(snapshot.toJSON(), present.toJSON(), { language });
  const isIn = changesIn(comparison, range, snapshot);
  return Node.fromJSON(
    schema,
    resolve(comparison, (change) => !isIn(change)),
  );
}

/** Changes of something larger than a part of it: where a paragraph stands is not where its words stand. */
const ABOUT_THE_WHOLE: ReadonlySet<ChangeKind> = new Set(['moved', 'retyped', 'attributes', 'formatting']);
const REGROUPED: ReadonlySet<ChangeKind> = new Set(['split', 'joined']);
const isSame = (one: Place, other: Place): boolean => one.from === other.from && one.to === other.to;

/**
 * Which changes a range of the older document takes back: those that change something in it. What was put in between two blocks at the
 * range's edge is beside it; only a section, which begins with a heading, ends with what was added to it.
 */
export function changesIn(comparison: Comparison, range: Place, older: Node): (change: number) => boolean {
  const first = older.nodeAt(range.from);
  const isSection = first?.type.name === 'heading' && range.to > range.from + first.nodeSize;
  const isEmpty = range.from === range.to;
  const isInText = older.resolve(range.from).parent.isTextblock;
  return (number) => {
    const { before, section, kind } = comparison.changes[number]!;
    if (isEmpty) return before.from === range.from && before.to === range.from;
    if (before.from < before.to) {
      const isLarger = before.from <= range.from && before.to >= range.to && !isSame(before, range);
      if (isLarger && (ABOUT_THE_WHOLE.has(kind) || (isInText && REGROUPED.has(kind)))) return false;
      return before.from < range.to && before.to > range.from;
    }
    if (before.from > range.from && before.from < range.to) return true;
    return isSection && before.from === range.to && !isNewSection(comparison, section);
  };
}

function isNewSection({ sections, blocks }: Comparison, section: number | null): boolean {
  if (section === null) return false;
  const block = blocks[sections[section]!.block]!;
  return block.op === 'inserted' || block.op === 'arrived';
}

const NOTHING: ServerEdit = { update: Uint8Array.of(0, 0), clientId: 0, clocks: 0 };

/** Writes the smallest edit under a client id of its own. Null: there was nothing to write. */
function rewrite(ydoc: Y.Doc, target: { content: Node; frontMatter: FrontMatter }): ServerEdit | null {
  const clientId = freshClientId(ydoc);
  ydoc.clientID = clientId;
  // Collected as they are written: encoding what is new afterwards would repeat all that was ever deleted.
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array): void => void updates.push(update);
  ydoc.on('update', collect);
  try {
    rewriteContent(ydoc, target.content);
    rewriteFrontMatter(ydoc, target.frontMatter);
  } finally {
    ydoc.off('update', collect);
  }
  if (updates.length === 0) return null;
  return { update: Y.mergeUpdates(updates), clientId, clocks: Y.getState(ydoc.store, clientId) };
}

function freshClientId(ydoc: Y.Doc): number {
  let clientId = 0;
  do [clientId] = crypto.getRandomValues(new Uint32Array(1)) as unknown as [number];
  while (clientId === 0 || ydoc.store.clients.has(clientId));
  return clientId;
}
