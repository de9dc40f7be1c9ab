/** Attribution says of every character who wrote it, through storing and reading back. */
import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { LoggedUpdate } from '../store/packed-row.ts';
import { packRow, unpackRow } from '../store/packed-row.ts';
import { attribute, decodeAttributions, encodeAttributions, NOTHING_BEFORE } from './attribution.ts';

const edits = fc.array(fc.record({ user: fc.nat(2), at: fc.nat(), remove: fc.boolean(), pause: fc.nat(100_000) }), {
  minLength: 1,
  maxLength: 60,
});

/** One document, three people who take turns. */
function write(history: readonly { user: number; at: number; remove: boolean; pause: number }[]): {
  ydoc: Y.Doc;
  log: LoggedUpdate[];
} {
  const ydoc = new Y.Doc();
  const log: LoggedUpdate[] = [];
  let time = 1_700_000_000_000;
  let userId = '';
  ydoc.on('update', (update: Uint8Array) => log.push({ userId, time, update }));
  for (const { user, at, remove, pause } of history) {
    time += pause;
    userId = `user ${user}`;
    ydoc.clientID = user + 1;
    const text = ydoc.getText('test');
    if (remove && text.length > 0) text.delete(at % text.length, 1);
    else text.insert(text.length === 0 ? 0 : at % text.length, 'ab');
  }
  return { ydoc, log };
}

test('[R5] every character of everybody is attributed once, to its author, and what is deleted to the deleter', () => {
  fc.assert(
    fc.property(edits, (history) => {
      const { ydoc, log } = write(history);
      const attributions = decodeAttributions(encodeAttributions(attribute(log, 1, NOTHING_BEFORE)));
      const authors = new Map<string, string>();
      for (const { userId, inserted } of attributions) {
        for (const { client, clock, length } of inserted) {
          for (let at = clock; at < clock + length; at++) {
            expect(authors.has(`${client}:${at}`)).toBe(false);
            authors.set(`${client}:${at}`, userId);
          }
        }
      }
      const vector = Y.decodeStateVector(Y.encodeStateVector(ydoc));
      expect(authors.size).toBe([...vector.values()].reduce((sum, clock) => sum + clock, 0));
      for (const [id, userId] of authors) expect(userId).toBe(`user ${Number(id.split(':')[0]) - 1}`);
      const deleted = attributions
        .flatMap((attribution) => attribution.deleted.map(({ length }) => length))
        .reduce((a, b) => a + b, 0);
      expect(deleted).toBe(
        history.length === 0
          ? 0
          : [...Y.snapshot(ydoc).ds.clients.values()].flat().reduce((sum, { len }) => sum + len, 0),
      );
      expect(attributions.every(({ from, to }) => from <= to)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('what a client repeats of others is not attributed to it', () => {
  const { ydoc, log } = write([{ user: 0, at: 0, remove: false, pause: 0 }]);
  const repeated: LoggedUpdate = { userId: 'somebody else', time: 0, update: Y.encodeStateAsUpdate(ydoc) };
  expect(attribute([...log, repeated], 1, NOTHING_BEFORE).map(({ userId }) => userId)).toEqual(['user 0']);
});

test('a deletion in very many parts is attributed, too', () => {
  const parts = 130_000;
  const ydoc = new Y.Doc();
  ydoc.getText('test').insert(0, 'x'.repeat(2 * parts));
  const { clientID } = ydoc;
  const deletion = (ranges: readonly { clock: number; len: number }[]): Uint8Array => {
    const encoder = encoding.createEncoder();
    for (const value of [0, 1, clientID, ranges.length]) encoding.writeVarUint(encoder, value);
    for (const { clock, len } of ranges) {
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarUint(encoder, len);
    }
    return encoding.toUint8Array(encoder);
  };
  const everySecond = Array.from({ length: parts }, (_, index) => ({ clock: 2 * index, len: 1 }));
  const updates = [Y.encodeStateAsUpdate(ydoc), deletion(everySecond), deletion([{ clock: 0, len: 2 * parts }])];
  const log = updates.map((update, time) => ({ userId: 'eve', time, update }));
  const [told] = attribute(log, 1, NOTHING_BEFORE);
  expect(told?.deleted.reduce((sum, { length }) => sum + length, 0)).toBe(2 * parts);
});

test('a packed row gives back what was packed', () => {
  const logged = fc.record({ userId: fc.string(), time: fc.nat(2 ** 31), update: fc.uint8Array() });
  fc.assert(
    fc.property(fc.array(logged, { minLength: 1 }), (updates) => {
      expect(unpackRow(packRow(updates))).toEqual(updates);
    }),
  );
  expect(() => unpackRow(Uint8Array.of(9))).toThrow('layout 9, expected 1');
});
