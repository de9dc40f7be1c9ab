/**
 * The kill loop: people write in a plan over real sockets, a ledger outside the server notes what each was told is saved, and the server is
 * killed at random moments and started again. `npm run kill-loop -- --cycles 2000 [--power-cut] [--backup-every 5]`. Fails with the first broken promise.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as Y from 'yjs';
import { path } from '../../shared/api.ts';
import { backUpAndRestore } from './kill-loop-backup.ts';
import { KillableServer, type Person } from './kill-loop-server.ts';
import { Client } from './kill-loop-writer.ts';

export interface KillLoopOptions {
  readonly cycles: number;
  /** After each kill, also take away what was not certain to be on the disk (power-cut-recorder.ts says how). */
  readonly powerCut: boolean;
  /** In every so many cycles a backup is taken meanwhile, restored and read. 0: in none. */
  readonly backupEvery: number;
  readonly onCycle?: (summary: KillLoopSummary) => void;
}

export interface KillLoopSummary {
  cycles: number;
  /** Words inserted, and deleted again. */
  inserted: number;
  deleted: number;
  /** At the moments of the kills: operations acknowledged since the kill before, and operations still under way. */
  acknowledged: number;
  underWay: number;
  /** Of those under way, the inserted words that the server had nevertheless. */
  survived: number;
  /** Taken by a person, and answered. */
  snapshots: number;
  /** Taken while people wrote and the server was killed, restored elsewhere and verified. */
  backups: number;
  seconds: number;
}

const WRITERS = 4;
/** Milliseconds from start to kill. */
const LIFE = { least: 50, most: 1_500 };
/** Milliseconds between two words of one writer. */
const PAUSE = { least: 2, most: 30 };
/** How often a writer is offline for a cycle, and brings it all in the next. */
const OFFLINE = 0.15;
const PATIENCE = 30_000;

/** Rejects, saying what was broken, when a promise was not kept. */
export async function runKillLoop({
  cycles,
  powerCut,
  backupEvery,
  onCycle,
}: KillLoopOptions): Promise<KillLoopSummary> {
  const started = Date.now();
  const summary: KillLoopSummary = {
    ...{
      cycles: 0,
      inserted: 0,
      deleted: 0,
      acknowledged: 0,
      underWay: 0,
      survived: 0,
      snapshots: 0,
      backups: 0,
      seconds: 0,
    },
  };
  const server = new KillableServer({ powerCut });
  const clients: Client[] = [];
  /** Labels of snapshots that the server said it has. */
  const taken: string[] = [];
  try {
    await server.start();
    const people = await Promise.all([...Array(WRITERS + 1).keys()].map((index) => server.guest(`Person ${index}`)));
    const planId = await server.sharePlan(people);
    const writers = people.slice(0, WRITERS).map((person, index) => new Client(server, planId, person, `w${index}`));
    const reader = new Client(server, planId, people[WRITERS]!, 'reader');
    clients.push(...writers, reader);
    for (const client of clients) client.provider.connect();
    await until(() => clients.every(({ provider }) => provider.synced), 'the first sync');

    await server.request(path.snapshots(planId), { label: 'Before' }, people[0]);
    taken.push('Before');

    for (let cycle = 0; cycle < cycles; cycle++) {
      const acknowledgedBefore = sum(writers, ({ acknowledged }) => acknowledged);
      const label = `Cycle ${cycle}`;
      // Refused when nothing is new, and not answered when the server dies first: then it may be there or not.
      const taking = server.request(path.snapshots(planId), { label }, people[0]).then(
        () => true,
        () => false,
      );
      const acknowledged = writers.map((writer) => writer.acknowledged);
      const due = backupEvery > 0 && cycle % backupEvery === 0;
      const backup = Promise.allSettled(due ? [backUpAndRestore(server.dataDir, planId)] : []);
      await live(writers);
      await server.kill();
      if (await taking) taken.push(label);
      // What was told before the kill may still be on its way through this process.
      await delay(20);
      for (const { provider } of clients) provider.disconnect();
      summary.acknowledged += sum(writers, ({ acknowledged }) => acknowledged) - acknowledgedBefore;
      summary.underWay += sum(writers, ({ operations, acknowledged }) => operations - acknowledged);

      const damage = server.findDamage();
      if (damage.length > 0) throw new Error(`Cycle ${cycle}: ${damage.join(' ')}`);
      await server.start();
      const labels = new Set(await server.labels(planId, people[0]!));
      const lost = taken.find((of) => !labels.has(of));
      if (lost) throw new Error(`Cycle ${cycle}: the snapshot “${lost}” was taken and is gone`);
      const kept = await readAlone(server, planId, people[WRITERS]!);
      checkKept(kept, writers, powerCut ? [] : reader.words, cycle);
      const words = new Set(kept);
      summary.survived += sum(
        writers,
        ({ ledger, acknowledged }) =>
          ledger.filter((entry) => entry.insertedBy > acknowledged && words.has(entry.word)).length,
      );

      for (const { provider } of clients) provider.connect();
      await until(
        () => allSame(clients) && allAcknowledged(writers),
        `cycle ${cycle}: everybody to have the same text, saved`,
      );
      checkComplete(reader.words, writers, cycle);
      for (const result of await backup) {
        if (result.status === 'rejected')
          throw new Error(`Cycle ${cycle}: the backup failed`, { cause: result.reason });
        checkBackup(result.value, writers, acknowledged, cycle);
        summary.backups++;
      }
      summary.cycles++;
      summary.snapshots = taken.length;
      summary.inserted = sum(writers, ({ ledger }) => ledger.length);
      summary.deleted = sum(writers, ({ ledger }) => ledger.filter(({ deletedBy }) => deletedBy > 0).length);
      summary.seconds = Math.round((Date.now() - started) / 1000);
      onCycle?.(summary);
    }
    checkExport(await server.markdown(planId, people[0]!), reader.words);
    return summary;
  } finally {
    for (const client of clients) client.end();
    await server.remove();
  }
}

/** Everybody writes for a while of random length. */
async function live(writers: readonly Client[]): Promise<void> {
  const end = Date.now() + between(LIFE);
  await Promise.all(
    writers.map(async (writer) => {
      if (Math.random() < OFFLINE) writer.provider.disconnect();
      while (Date.now() < end) {
        writer.write();
        await delay(between(PAUSE));
      }
    }),
  );
}

/** What the restarted server has by itself, before any client can bring it something. */
async function readAlone(server: KillableServer, planId: string, person: Person): Promise<string[]> {
  const alone = new Client(server, planId, person, 'alone');
  try {
    alone.provider.connect();
    await until(() => alone.provider.synced, 'the restarted server to answer');
    return alone.words;
  } finally {
    alone.end();
  }
}

function checkKept(kept: readonly string[], writers: readonly Client[], seen: readonly string[], cycle: number): void {
  const words = new Set(kept);
  if (words.size !== kept.length) throw new Error(`Cycle ${cycle}: doubled: ${doubled(kept)}`);
  const deleted = new Set<string>();
  for (const { ledger, acknowledged } of writers) {
    for (const { word, insertedBy, deletedBy } of ledger) {
      if (deletedBy > 0) deleted.add(word);
      if (insertedBy <= acknowledged && deletedBy === 0 && !words.has(word)) {
        throw new Error(`Cycle ${cycle}: ${word} was acknowledged, and is not there after the restart`);
      }
      if (deletedBy > 0 && deletedBy <= acknowledged && words.has(word)) {
        throw new Error(`Cycle ${cycle}: the deletion of ${word} was acknowledged, and it is back after the restart`);
      }
    }
  }
  for (const word of seen) {
    if (!words.has(word) && !deleted.has(word)) {
      throw new Error(`Cycle ${cycle}: a reader saw ${word}, and the restarted server lacks it`);
    }
  }
}

/** What was acknowledged before the backup began is in it, once. */
function checkBackup(
  found: readonly string[],
  writers: readonly Client[],
  acknowledged: readonly number[],
  cycle: number,
): void {
  const words = new Set(found);
  if (words.size !== found.length) throw new Error(`Cycle ${cycle}: doubled in the backup: ${doubled(found)}`);
  for (const [index, { ledger }] of writers.entries()) {
    for (const { word, insertedBy, deletedBy } of ledger) {
      if (insertedBy <= acknowledged[index]! && deletedBy === 0 && !words.has(word))
        throw new Error(`Cycle ${cycle}: ${word} was acknowledged before the backup, and is not in it`);
    }
  }
}

/** In the end every word that was typed and not deleted is there, once. */
function checkComplete(words: readonly string[], writers: readonly Client[], cycle: number): void {
  const expected = writers.flatMap(({ ledger }) =>
    ledger.filter(({ deletedBy }) => deletedBy === 0).map(({ word }) => word),
  );
  const found = new Set(words);
  if (found.size !== words.length) throw new Error(`Cycle ${cycle}: doubled: ${doubled(words)}`);
  const missing = expected.filter((word) => !found.has(word));
  if (missing.length > 0) throw new Error(`Cycle ${cycle}: typed, and nowhere any more: ${missing.join(' ')}`);
  if (found.size !== expected.length)
    throw new Error(`Cycle ${cycle}: ${found.size} words, expected ${expected.length}`);
}

function checkExport(markdown: string, words: readonly string[]): void {
  const exported = new Set(markdown.match(/w\d+-\d+/g));
  const missing = words.filter((word) => !exported.has(word));
  if (missing.length > 0) throw new Error(`Not in the export: ${missing.join(' ')}`);
}

function allSame(clients: readonly Client[]): boolean {
  const [first, ...rest] = clients.map(({ ydoc }) => Y.snapshot(ydoc));
  return clients.every(({ provider }) => provider.synced) && rest.every((other) => Y.equalSnapshots(first!, other));
}

const allAcknowledged = (writers: readonly Client[]): boolean =>
  writers.every(({ operations, acknowledged }) => acknowledged === operations);

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited ${PATIENCE / 1000} seconds in vain for ${what}`);
    await delay(10);
  }
}

const between = ({ least, most }: { least: number; most: number }): number => least + Math.random() * (most - least);
const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
const doubled = (words: readonly string[]): string =>
  [...new Set(words.filter((word, index) => words.indexOf(word) !== index))].join(' ');

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      cycles: { type: 'string', default: '20' },
      'power-cut': { type: 'boolean', default: false },
      'backup-every': { type: 'string', default: '0' },
    },
  });
  const cycles = Number(values.cycles);
  if (!Number.isInteger(cycles) || cycles < 1)
    throw new Error(`--cycles ${values.cycles}: expected a whole number from 1`);
  const powerCut = values['power-cut'];
  const backupEvery = Number(values['backup-every']);
  if (!Number.isInteger(backupEvery) || backupEvery < 0)
    throw new Error(`--backup-every ${values['backup-every']}: expected a whole number from 0`);
  const report = ({
    cycles: done,
    inserted,
    deleted,
    acknowledged,
    underWay,
    survived,
    snapshots,
    backups,
    seconds,
  }: KillLoopSummary): string =>
    [
      `${done} ${powerCut ? 'power cuts' : 'kills'} in ${seconds} s`,
      `${inserted} words inserted, ${deleted} deleted`,
      `${acknowledged} operations acknowledged before a kill: all there after it`,
      `${underWay} under way: ${survived} of their words there as well`,
      `${snapshots} snapshots taken by people, and the whole history verified after each`,
      `${backups} backups taken meanwhile, restored and verified`,
    ].join('; ');
  const summary = await runKillLoop({
    cycles,
    powerCut,
    backupEvery,
    onCycle: (soFar) => {
      if (soFar.cycles % 20 === 0) console.log(report(soFar));
    },
  });
  console.log(`Kept every promise. ${report(summary)}.`);
}
