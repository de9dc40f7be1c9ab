/**
 * `npm run bench -- history [--updates 200000] [--snapshots 500] [--authors 8] [--plan FILE.md] [--trace FILE.json.gz]`: a plan with a
 * long history. What a snapshot and an edit cost in bytes and how that grows, and how fast the history opens, reads, compares, thins.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { readConfig } from '../server/config.ts';
import { createDocuments } from '../server/documents/documents.ts';
import { createLog } from '../server/log.ts';
import { createSnapshots } from '../server/snapshots/snapshots.ts';
import { verifyChain } from '../server/snapshots/verify-chain.ts';
import { startServer } from '../server/start.ts';
import { type Database, openDatabase } from '../server/store/database.ts';
import { lastEntry, readPacked } from '../server/store/snapshots.ts';
import { createUpdateLog } from '../server/store/update-log.ts';
import { path, type SnapshotList } from '../shared/api.ts';

/** Position, characters deleted, text inserted. */
type Patch = readonly [at: number, deleted: number, inserted: string];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** As rooms do it (sync/limits.ts). */
const COMPACT_AFTER = 500;
/** Updates that one turn of the event loop brings. */
const PER_TURN = 10;
const log = createLog('error');

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      updates: { type: 'string', default: '200000' },
      snapshots: { type: 'string', default: '500' },
      authors: { type: 'string', default: '8' },
      plan: { type: 'string' },
      trace: { type: 'string' },
    },
  });
  const [updates, snapshots, authors] = [values.updates, values.snapshots, values.authors].map(Number) as [
    number,
    number,
    number,
  ];
  const patches = values.trace === undefined ? typing(1) : recorded(values.trace);
  const text = values.plan === undefined ? sampleText() : readFileSync(values.plan, 'utf8');
  const dataDir = mkdtempSync(join(tmpdir(), 'commonplan-bench-'));
  try {
    const made = await withServer(dataDir, (url) => makePlan(url, text));
    await write(dataDir, made, { updates, snapshots, authors, patches });
    await withServer(dataDir, (url) => measureAnswers(url, made));
    await measureThinning(dataDir, made.planId);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

// ---- what people type ----

/** Words typed key by key, with slips taken back, now here and now there. Endless, and the same every time. */
function* typing(seed: number): Generator<Patch> {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (;;) {
    let at = random(2 ** 31);
    for (let key = 40 + random(400); key > 0; key--) {
      const slip = random(10) === 0;
      yield slip ? [--at, 1, ''] : [at++, 0, random(6) === 0 ? ' ' : String.fromCharCode(97 + random(26))];
    }
    if (random(4) === 0) yield [at, 20 + random(200), ''];
  }
}

/** A recording of real typing (`txns[].patches[]`), over and over. */
function* recorded(file: string): Generator<Patch> {
  const { txns } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { txns: { patches: Patch[] }[] };
  for (;;) for (const { patches } of txns) yield* patches;
}

function sampleText(): string {
  const paragraph = (index: number): string =>
    Array.from(
      { length: 80 },
      (_, word) => 'commons transition water plan of the city assembly'.split(' ')[(index * 7 + word * 3) % 8],
    ).join(' ');
  return Array.from(
    { length: 250 },
    (_, index) => (index % 10 === 0 ? `## Part ${index}\n\n` : '') + paragraph(index),
  ).join('\n\n');
}

/** Line breaks begin paragraphs; positions beyond the text's end are taken round. */
function apply(ytext: Y.Text, [at, deleted, inserted]: Patch): void {
  const start = at >= 0 && at <= ytext.length ? at : Math.abs(at) % (ytext.length + 1);
  if (deleted > 0) ytext.delete(start, Math.min(deleted, ytext.length - start));
  let end = start;
  for (const [index, line] of inserted.split('\n').entries()) {
    if (index > 0) ytext.insertEmbed(end++, new Y.Map());
    // Inherits no formatting, as an editor's insertion between two words does not.
    if (line) ytext.insert(end, line, {});
    end += line.length;
  }
}

// ---- writing the history ----

interface Made {
  readonly planId: string;
  readonly userId: string;
  readonly token: string;
}

async function withServer<T>(dataDir: string, work: (url: string) => Promise<T>): Promise<T> {
  const env = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, RATE_LIMITS: 'off' };
  const server = await startServer(readConfig(env), log);
  try {
    return await work(`http://127.0.0.1:${server.port}`);
  } finally {
    await server.stop();
  }
}

async function makePlan(url: string, text: string): Promise<Made> {
  const headers = { origin: url, 'content-type': 'application/json' };
  const guest = await fetch(url + path.signInAsGuest, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'Ana' }),
  });
  const { token, user } = (await guest.json()) as { token: string; user: { id: string } };
  const form = new FormData();
  form.set('file', new File([text], 'plan.md'));
  const made = await fetch(url + path.planImport, {
    method: 'POST',
    headers: { origin: url, authorization: `Bearer ${token}` },
    body: form,
  });
  if (made.status !== 201) throw new Error(await made.text());
  const { id } = (await made.json()) as { id: string };
  return { planId: id, userId: user.id, token };
}

interface Plan {
  readonly updates: number;
  readonly snapshots: number;
  readonly authors: number;
  readonly patches: Iterator<Patch>;
}

/** Straight through the log, with the server's own compactions and snapshots in between; the clock goes 30 minutes for each snapshot. */
async function write(
  dataDir: string,
  { planId, userId }: Made,
  { updates, snapshots, authors, patches }: Plan,
): Promise<void> {
  const database = openDatabase(dataDir);
  const documents = createDocuments({ database, log });
  const updateLog = createUpdateLog(database);
  let now = Date.now() - snapshots * 30 * MINUTE;
  const history = createSnapshots({
    database,
    documents,
    thinning: { keepAll: 1e15, keepDaily: 1e15 },
    log,
    now: () => now,
  });
  const { base } = (await updateLog.load(planId))!;
  const ydocs = Array.from({ length: authors }, () => {
    const ydoc = new Y.Doc();
    Y.applyUpdate(ydoc, base.state);
    return ydoc;
  });
  const perSnapshot = updates / snapshots;
  const report = startReport(database, planId);
  let seq = base.seq;
  let compacted = seq;
  let pending: Uint8Array[] = [];
  let edited = 0;
  for (let number = 1; number <= snapshots; number++) {
    // One writes, the others have it before their turn: what is measured is the server.
    const author = (number - 1) % authors;
    const ydoc = ydocs[author]!;
    const user = author === 0 ? userId : `author-${author}`;
    const made: Uint8Array[] = [];
    const collect = (update: Uint8Array): void => void made.push(update);
    ydoc.on('update', collect);
    const claims = new Map(number <= authors ? [[ydoc.clientID, user]] : []);
    for (; edited < Math.round(number * perSnapshot); edited++) {
      ydoc.transact(() => apply(ydoc.getText('content'), patches.next().value));
      pending.push(made.at(-1)!);
      if (pending.length < PER_TURN && edited + 1 < Math.round(number * perSnapshot)) continue;
      const batch = pending.map((update) => ({ userId: user, time: now, update }));
      await updateLog.append([{ planId, firstSeq: seq + 1, updates: batch, claims, schemaVersion: null }]);
      claims.clear();
      seq += pending.length;
      pending = [];
      if (seq - compacted >= COMPACT_AFTER) {
        await documents.compact(planId);
        compacted = seq;
      }
    }
    ydoc.off('update', collect);
    const merged = Y.mergeUpdates(made);
    for (const other of ydocs) if (other !== ydoc) Y.applyUpdate(other, merged);
    now += 30 * MINUTE;
    const started = performance.now();
    const entry = await history.take(planId, { kind: 'interval', author: null });
    if (!entry) throw new Error('Expected a change to take a snapshot of.');
    report.taken(performance.now() - started, number === snapshots || number % Math.ceil(snapshots / 10) === 0, edited);
  }
  await history.stop();
  await documents.stop();
  database.close();
}

function startReport(database: Database, planId: string) {
  const sum = (sql: string): number => Number(Object.values(database.sqlite.prepare(sql).get(planId)!)[0] ?? 0);
  let times: number[] = [];
  const say = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);
  say([
    'snapshots',
    'edits',
    'words',
    'text and authors, each',
    'entry, each',
    'newest text',
    'newest authors',
    'who wrote what, per edit',
    'base',
    'take',
  ]);
  say(Array.from({ length: 10 }, () => '---:'));
  const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
  return {
    taken(ms: number, shown: boolean, edits: number): void {
      times.push(ms);
      if (!shown) return;
      const { number, words } = lastEntry(database.sqlite, planId)!;
      const newest = readPacked(database.sqlite, planId, number)!;
      const contents = sum(
        'SELECT sum(length(document) + length(authorship)) FROM snapshot_contents WHERE plan_id = ?',
      );
      const entries = sum(
        'SELECT sum(length(contributors) + length(shares) + length(label) + length(note) + 300) FROM snapshots WHERE plan_id = ?',
      );
      const attributions = sum('SELECT sum(length(data)) FROM attributions WHERE plan_id = ?');
      const base = sum(
        'SELECT length(state) + length(delete_set) FROM bases WHERE plan_id = ? ORDER BY seq DESC LIMIT 1',
      );
      say([
        ...[number, edits, words, kb(contents / number), kb(entries / number)],
        ...[
          kb(newest.document.length),
          kb(newest.authorship.length),
          `${(attributions / edits).toFixed(1)} B`,
          kb(base),
        ],
        `${median(times).toFixed(0)} ms`,
      ]);
      times = [];
    },
  };
}

// ---- reading it ----

async function measureAnswers(url: string, { planId, token }: Made): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const list = (await (await fetch(url + path.snapshots(planId), { headers })).json()) as SnapshotList;
  const last = list.snapshots[0]!.number;
  const asked: readonly (readonly [string, string])[] = [
    ['list', path.snapshots(planId)],
    ['read the first', path.snapshot(planId, 1)],
    ['read the last', path.snapshot(planId, last)],
    ['compare the last two', `${path.compare(planId)}?from=${last - 1}&to=${last}`],
    ['compare the last with now', `${path.compare(planId)}?from=${last}&to=now`],
    ['compare the first with the last', `${path.compare(planId)}?from=1&to=${last}`],
  ];
  for (const [what, address] of asked) {
    const times: number[] = [];
    const cpu: number[] = [];
    let bytes = 0;
    for (let round = 0; round < 8; round++) {
      const started = performance.now();
      const before = process.cpuUsage();
      const answer = await fetch(url + address, { headers });
      bytes = (await answer.arrayBuffer()).byteLength;
      times.push(performance.now() - started);
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1000);
      if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
    }
    // The first asks a fresh worker. CPU is that of all threads, this client's among them.
    const later = `${median(times.slice(1)).toFixed(0)} ms (CPU ${median(cpu.slice(1)).toFixed(0)} ms)`;
    console.log(`${what}: ${times[0]!.toFixed(0)} ms at first, then ${later}, ${(bytes / 1024).toFixed(0)} KiB`);
  }
}

async function measureThinning(dataDir: string, planId: string): Promise<void> {
  const database = openDatabase(dataDir);
  console.log(`database: ${(statSync(database.file).size / 1024 / 1024).toFixed(1)} MiB`);
  let started = performance.now();
  const { problems, snapshots } = verifyChain(database.sqlite, planId);
  console.log(
    `verify ${snapshots} snapshots: ${(performance.now() - started).toFixed(0)} ms, ${problems.length} problems`,
  );
  const documents = createDocuments({ database, log });
  const thinning = { keepAll: 2 * DAY, keepDaily: 30 * DAY };
  // Its first round, at the start, is at a time when nothing is old.
  const history = createSnapshots({ database, documents, thinning, log, now: () => 0 });
  for (const days of [3, 60]) {
    started = performance.now();
    await history.thin(Date.now() + days * DAY);
    const ms = performance.now() - started;
    const left = database.sqlite
      .prepare(
        'SELECT count(*) AS n, sum(length(document) + length(authorship)) AS bytes FROM snapshot_contents WHERE plan_id = ?',
      )
      .get(planId)!;
    console.log(
      `thinned ${days} days later: ${ms.toFixed(0)} ms, ${left.n} left with ${(Number(left.bytes) / 1024).toFixed(0)} KiB`,
    );
  }
  console.log(`after that: ${verifyChain(database.sqlite, planId).problems.length} problems`);
  await history.stop();
  await documents.stop();
  database.close();
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
