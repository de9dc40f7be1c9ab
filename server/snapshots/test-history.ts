/** For tests: plans with a history on a real database and real workers, written to by real Y.Docs straight through the log. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import * as Y from 'yjs';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { createDocuments, type Documents } from '../documents/documents.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createUpdateLog, type UpdateLog } from '../store/update-log.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';

export const HOUR = 60 * 60 * 1000;
export const DAY = 24 * HOUR;

const log = pino({ level: 'silent' });
const open = new Set<TestHistory>();
let plans = 0;

/** Ends everything that a test opened. */
export async function cleanUp(): Promise<void> {
  for (const history of open) {
    await history.stop();
    rmSync(history.dataDir, { recursive: true, force: true });
  }
  open.clear();
}

export class TestHistory {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'commonplan-history-'));
  /** What the server's clock says. */
  now = Date.UTC(2026, 2, 3, 12);
  database!: Database;
  documents!: Documents;
  snapshots!: Snapshots;
  updateLog!: UpdateLog;

  constructor() {
    open.add(this);
    this.start();
  }

  start(): void {
    this.database = openDatabase(this.dataDir);
    this.documents = createDocuments({ database: this.database, log });
    this.updateLog = createUpdateLog(this.database);
    this.snapshots = createSnapshots({
      database: this.database,
      documents: this.documents,
      thinning: { keepAll: 48 * HOUR, keepDaily: 30 * DAY },
      log,
      now: () => this.now,
    });
  }

  async stop(): Promise<void> {
    await this.snapshots.stop();
    await this.documents.stop();
    this.database.close();
  }

  async restart(): Promise<void> {
    await this.stop();
    this.start();
  }

  /** A plan of Ann's with one paragraph. */
  async createPlan(text = 'Once upon a time'): Promise<TestPlan> {
    const planId = `plan-${++plans}`;
    const content = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
    const frontMatter = frontMatterSchema.parse({ title: 'A plan' });
    await this.documents.create({ planId, ownerId: 'ann', frontMatter, content });
    const loaded = await this.updateLog.load(planId);
    return new TestPlan(this, planId, loaded!.base.state);
  }
}

/** A plan as its writers have it: one Y.Doc each, all of them up to date. */
export class TestPlan {
  readonly planId: string;
  readonly #history: TestHistory;
  readonly #ydocs = new Map<string, Y.Doc>();
  readonly #updates: Uint8Array[];
  seq = 1;

  constructor(history: TestHistory, planId: string, state: Uint8Array) {
    this.#history = history;
    this.planId = planId;
    this.#updates = [state];
  }

  /** One update to the log, by a user. */
  async edit(userId: string, change: (ytext: Y.Text, ydoc: Y.Doc) => void): Promise<void> {
    const { ydoc, isNew } = this.#ydocOf(userId);
    const before = Y.encodeStateVector(ydoc);
    let update: Uint8Array | undefined;
    ydoc.once('update', (made: Uint8Array) => {
      update = made;
    });
    ydoc.transact(() => change(ydoc.getText('content'), ydoc));
    const bytes = update ?? Y.encodeStateAsUpdate(ydoc, before);
    this.#updates.push(bytes);
    for (const other of this.#ydocs.values()) if (other !== ydoc) Y.applyUpdate(other, bytes);
    await this.#history.updateLog.append([
      {
        planId: this.planId,
        firstSeq: ++this.seq,
        updates: [{ userId, time: this.#history.now, update: bytes }],
        claims: new Map(isNew ? [[ydoc.clientID, userId]] : []),
        schemaVersion: null,
      },
    ]);
  }

  /** At the end of the text. */
  async type(text: string, userId = 'ann'): Promise<void> {
    await this.edit(userId, (ytext) => ytext.insert(ytext.length, text));
  }

  /** `take` of the snapshots, by the server itself unless said otherwise. */
  take(kind: Parameters<Snapshots['take']>[1]['kind'] = 'idle', more: { label?: string; upTo?: number } = {}) {
    return this.#history.snapshots.take(this.planId, { kind, author: kind === 'named' ? 'ann' : null, ...more });
  }

  #ydocOf(userId: string): { ydoc: Y.Doc; isNew: boolean } {
    const known = this.#ydocs.get(userId);
    if (known) return { ydoc: known, isNew: false };
    const ydoc = new Y.Doc();
    for (const update of this.#updates) Y.applyUpdate(ydoc, update);
    this.#ydocs.set(userId, ydoc);
    return { ydoc, isNew: true };
  }
}
