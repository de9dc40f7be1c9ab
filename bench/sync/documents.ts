/** Ready-made documents: a recorded or generated history of edits, turned into the Yjs state that it leaves behind. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { z } from 'zod';
import { CONTENT } from './typing.ts';

/** Position, characters deleted there, text inserted there (josephg/editing-traces). */
type Edit = [position: number, deleted: number, inserted: string];

const traceSchema = z.object({
  txns: z.array(z.object({ patches: z.array(z.tuple([z.number(), z.number(), z.string()])) })),
});

/** Edits in one Yjs transaction: far fewer updates to encode, the same state in the end. */
const EDITS_PER_TRANSACTION = 5000;

/** Reads a trace of one text, .json or .json.gz. */
function readTrace(path: string): Edit[] {
  const bytes = readFileSync(path);
  const json: unknown = JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
  return traceSchema.parse(json).txns.flatMap(({ patches }) => patches);
}

/** Numbers from 0 to 1, the same at every call with the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Edits of the shape of a long text's history: the caret jumps somewhere, then stretches of typing and of backspacing take turns.
 * The lengths are set so that, like the automerge-paper trace, 70 % of the edits insert and 24 edits leave one Yjs item.
 */
function inventTrace(count: number): Edit[] {
  const next = random(count);
  const edits: Edit[] = [];
  let length = 0;
  let caret = 0;
  const upTo = (most: number) => Math.ceil(next() * most);
  while (edits.length < count) {
    caret = Math.floor(next() * (length + 1));
    for (let stretch = upTo(6); stretch > 0; stretch--) {
      const typed = upTo(70);
      for (let left = typed; left > 0; left--) edits.push([caret++, 0, String.fromCharCode(96 + upTo(26))]);
      const deleted = Math.min(caret, upTo(30));
      for (let left = deleted; left > 0; left--) edits.push([--caret, 1, '']);
      length += typed - deleted;
    }
  }
  return edits.slice(0, count);
}

/** What a client with this id leaves behind after these edits: the state as one update. */
function stateAfter(edits: readonly Edit[], clientId: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const text = doc.getText(CONTENT);
  for (let from = 0; from < edits.length; from += EDITS_PER_TRANSACTION) {
    doc.transact(() => {
      for (const [position, deleted, inserted] of edits.slice(from, from + EDITS_PER_TRANSACTION)) {
        if (deleted > 0) text.delete(position, deleted);
        if (inserted !== '') text.insert(position, inserted);
      }
    });
  }
  const state = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return state;
}

/** Building takes seconds: kept in the temporary folder for the runs that follow. */
function cached(key: string, build: () => Uint8Array): Uint8Array {
  const folder = join(tmpdir(), 'commonplan-bench');
  const path = join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32));
  if (existsSync(path)) return readFileSync(path);
  const bytes = build();
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, bytes);
  renameSync(`${path}.${process.pid}`, path);
  return bytes;
}

const PAPER_EDITS = 259_778;
/** Apart from the typists' ids. */
const FIRST_AUTHOR = 2_000_000_000;

/** A paper's history, written `copies` times over by as many authors: one update for each. 270 KB a copy. */
export function paper(trace: string | undefined, copies: number): Uint8Array[] {
  let edits: Edit[] | undefined;
  return Array.from({ length: copies }, (_, copy) => {
    const author = FIRST_AUTHOR + copy * 7919;
    return cached(`paper ${trace ?? PAPER_EDITS} ${author}`, () => {
      edits ??= trace === undefined ? inventTrace(PAPER_EDITS) : readTrace(trace);
      return stateAfter(edits, author);
    });
  });
}

/** A document whose state takes about 100 KB. */
export function middlingText(): Uint8Array {
  return cached('middling', () => stateAfter(inventTrace(92_000), FIRST_AUTHOR));
}

/** A text of 10 KB that 2,000 edits made. */
export function smallText(): Uint8Array {
  return cached('small', () => {
    const next = random(1);
    let length = 0;
    let caret = 0;
    const edits = Array.from({ length: 2000 }, (_, edit): Edit => {
      if (edit % 4 === 0) caret = Math.floor(next() * (length + 1));
      const at = caret;
      caret += 5;
      length += 5;
      return [at, 0, 'plans'];
    });
    return stateAfter(edits, FIRST_AUTHOR);
  });
}
