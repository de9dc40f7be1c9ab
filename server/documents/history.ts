/** The history of a plan's Yjs items: who wrote and who deleted each of them, when and how, from the server's own records alone. */
import type { DatabaseSync } from 'node:sqlite';
import * as Y from 'yjs';
import type { Contribution } from '../../shared/api.ts';
import { type Attribution, attribute, type Before, decodeAttributions, NOTHING_BEFORE } from './attribution.ts';
import type { Carried } from './carried-text.ts';
import { ItemMap, type ItemRange } from './item-map.ts';
import type { StoredPlan } from './replay.ts';

/** What one user did in one stretch of time, in one way. */
export interface Deed {
  /** The account that the user is today. */
  readonly userId: string;
  /** When the stretch ended, in milliseconds since 1970. */
  readonly time: number;
  /** Number of its last update. */
  readonly seq: number;
  readonly how: Contribution['how'];
  /** Name of the file, or number of the snapshot. */
  readonly source: string | null;
}

/** Undefined where the records know nothing. */
export type Told = ItemRange & { readonly value: Deed | undefined };

/** As many clocks from `original` on. */
export interface Traced extends ItemRange {
  readonly original: ItemRange;
}

export interface History {
  /** Who put the items there: of moved text whoever moved it, of undone deletions whoever undid them. */
  inserted(range: ItemRange): Iterable<Told>;
  /** Who made it go for good, as far as the update `upTo`: of moved text not who moved it, but who deleted it where it was moved to. */
  deleted(range: ItemRange, upTo: number): Iterable<Told>;
  /** The items that these stand for: themselves, or those of the text that was moved or brought back. */
  originals(range: ItemRange): Iterable<Traced>;
  /**
   * Who wrote anything in the updates behind `fromSeq`, up to `toSeq`, and what each did last in them. Not who only deleted: a page
   * that comes back also names what went without anybody deleting it (an entry lost against one written at the same time).
   */
  activeBetween(fromSeq: number, toSeq: number): ReadonlyMap<string, Deed>;
}

interface Origin {
  readonly clocks: number;
  readonly how: 'imported' | 'restored';
  readonly source: string | null;
}

/** What the server wrote that nobody typed: by client id, and restores by the number of their update (one may only delete). */
interface Origins {
  readonly byClient: ReadonlyMap<number, Origin>;
  readonly bySeq: ReadonlyMap<number, Origin>;
}

/** @param stored as read from the same database before, so that the records are as far as it is, or further */
export function readHistory(sqlite: DatabaseSync, planId: string, stored: StoredPlan): History {
  const origins = readOrigins(sqlite, planId);
  const attributions = sqlite
    .prepare('SELECT data FROM attributions WHERE plan_id = ? AND last_seq <= ? ORDER BY last_seq')
    .all(planId, stored.baseSeq)
    .flatMap(({ data }) => decodeAttributions(data as Uint8Array));
  for (const attribution of attributeTail(sqlite, planId, stored, origins)) attributions.push(attribution);
  return createHistory(attributions, origins, readAliases(sqlite));
}

/** The history of a plan that has just been made: one user did all of it. */
export function historyOfOne(userId: string): History {
  const deed: Deed = { userId, time: 0, seq: 1, how: 'written', source: null };
  return {
    inserted: (range) => [{ ...range, value: deed }],
    deleted: () => [],
    originals: (range) => [{ ...range, original: range }],
    activeBetween: () => new Map([[userId, deed]]),
  };
}

/** Who wrote what in the tail: what a compaction keeps of it, and a history tells of it before. */
export function attributeTail(
  sqlite: DatabaseSync,
  planId: string,
  stored: StoredPlan,
  origins = readOrigins(sqlite, planId),
): Attribution[] {
  const before: Before =
    stored.baseVector && stored.baseDeletes
      ? {
          vector: Y.decodeStateVector(stored.baseVector),
          deletes: Y.decodeUpdate(stored.baseDeletes).ds.clients,
          // The base before this one still has the text of what was deleted between the two.
          states: () =>
            sqlite
              .prepare('SELECT state FROM bases WHERE plan_id = ? AND seq <= ? ORDER BY seq DESC LIMIT 2')
              .all(planId, stored.baseSeq)
              .map(({ state }) => state as Uint8Array),
        }
      : NOTHING_BEFORE;
  // Merged with the typing around it, a restore could not be told from it.
  return attribute(
    stored.tail,
    stored.baseSeq + 1,
    before,
    (seq, clients) => origins.bySeq.has(seq) || clients.some((client) => origins.byClient.has(client)),
  );
}

function readOrigins(sqlite: DatabaseSync, planId: string): Origins {
  const byClient = new Map<number, Origin>();
  const bySeq = new Map<number, Origin>();
  const made = sqlite.prepare('SELECT client_id, clocks, how, source FROM origins WHERE plan_id = ?').all(planId);
  for (const { client_id, clocks, how, source } of made) {
    byClient.set(client_id as number, {
      clocks: clocks as number,
      how: how as Origin['how'],
      source: source as string | null,
    });
  }
  for (const { seq, number } of sqlite
    .prepare('SELECT seq, number FROM restores WHERE plan_id = ? AND seq IS NOT NULL')
    .iterate(planId)) {
    bySeq.set(seq as number, { clocks: Number.POSITIVE_INFINITY, how: 'restored', source: String(number) });
  }
  return { byClient, bySeq };
}

function readAliases(sqlite: DatabaseSync): Map<string, string> {
  const rows = sqlite.prepare('SELECT user_id, account_id FROM aliases').all();
  return new Map(rows.map(({ user_id, account_id }) => [user_id as string, account_id as string]));
}

function createHistory(
  attributions: readonly Attribution[],
  origins: Origins,
  aliases: ReadonlyMap<string, string>,
): History {
  const inserted = new ItemMap<Deed>();
  const deletions: (readonly [ItemRange, Deed])[] = [];
  const carried = new ItemMap<Carried>();
  /** The other way round: `of` is where the text went. */
  const copies = new ItemMap<Carried>();
  const originals = (range: ItemRange): Traced[] => [...carried.parts(range)].map(traced);
  const active: { readonly from: number; readonly to: number; readonly deed: Deed }[] = [];
  let before = 0;
  for (const attribution of attributions) {
    const userId = aliases.get(attribution.userId) ?? attribution.userId;
    const time = attribution.to;
    const written: Deed = { userId, time, seq: attribution.seq, how: 'written', source: null };
    const deedOf = (origin: Origin | undefined): Deed =>
      origin ? { ...written, how: origin.how, source: origin.source } : written;
    for (const range of attribution.inserted) {
      const origin = origins.byClient.get(range.client);
      const made = origin ? Math.max(0, Math.min(range.length, origin.clocks - range.clock)) : 0;
      if (made > 0) inserted.fill({ ...range, length: made }, deedOf(origin));
      if (made < range.length) {
        inserted.fill({ ...range, clock: range.clock + made, length: range.length - made }, written);
      }
    }
    // What stands for text that itself stands for another stands for the first.
    for (const { client, clock, of, length } of attribution.carried) {
      copies.fill({ ...of, length }, { ...of, length, of: { client, clock } });
      for (const { original, ...part } of originals({ ...of, length })) {
        const range = { client, clock: clock + part.clock - of.clock, length: part.length };
        carried.fill(range, { ...range, of: original });
      }
    }
    const first = attribution.inserted[0];
    const firstOrigin = first && origins.byClient.get(first.client);
    const isMade = first && firstOrigin && first.clock < firstOrigin.clocks;
    const deed = deedOf(isMade ? firstOrigin : origins.bySeq.get(attribution.seq));
    for (const range of attribution.deleted) deletions.push([range, deed]);
    if (attribution.inserted.length > 0) active.push({ from: before, to: attribution.seq, deed });
    before = attribution.seq;
  }
  const deleted = ItemMap.of(deletions);
  function* deletedFor(range: ItemRange, upTo: number): Generator<Told> {
    for (const { value, ...part } of deleted.parts(range)) {
      for (const copied of copies.parts(part)) {
        if (!copied.value) {
          yield { ...copied, value };
          continue;
        }
        const { client, clock, original: copy } = traced(copied);
        for (const { value: later, length, ...at } of deletedFor(copy, upTo)) {
          const last = later && later.seq <= upTo ? later : value;
          yield { client, clock: clock + at.clock - copy.clock, length, value: last };
        }
      }
    }
  }
  return {
    inserted: (range) => inserted.parts(range),
    deleted: deletedFor,
    originals,
    activeBetween: (fromSeq, toSeq) =>
      new Map(
        active.filter(({ from, to }) => to > fromSeq && from < toSeq).map(({ deed }) => [deed.userId, deed] as const),
      ),
  };
}

function traced({ value, ...range }: ItemRange & { readonly value: Carried | undefined }): Traced {
  if (!value) return { ...range, original: range };
  const { client, clock } = value.of;
  return { ...range, original: { client, clock: clock + range.clock - value.clock, length: range.length } };
}
