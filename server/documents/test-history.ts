/** For tests: people who edit one plan in real editors, a log in a real database between them, and a ledger of who typed and who deleted each character. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import * as Y from 'yjs';
import { EDITS, type EditAction, wordText } from '../../shared/document/fuzz/edits.ts';
import type { Random } from '../../shared/document/fuzz/random.ts';
import { Replica } from '../../shared/document/fuzz/replica.ts';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { schema } from '../../shared/schema/schema.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createUpdateLog, type UpdateLog } from '../store/update-log.ts';
import { type Authorship, readWithAuthorship } from './authorship.ts';
import { createDocuments, type Documents, type NewPlan } from './documents.ts';
import { type History, readHistory } from './history.ts';
import type { Content } from './jobs.ts';
import { readStoredPlan, replay } from './replay.ts';

export interface Server {
  readonly database: Database;
  readonly documents: Documents;
  readonly updateLog: UpdateLog;
  stop(): Promise<void>;
}

export function startServer(): Server {
  const dataDir = mkdtempSync(join(tmpdir(), 'commonplan-history-'));
  const database = openDatabase(dataDir);
  const documents = createDocuments({ database, log: pino({ level: 'silent' }) });
  return {
    database,
    documents,
    updateLog: createUpdateLog(database),
    async stop() {
      await documents.stop();
      database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const FROM_LOG = Symbol('from the log');

/** Names every character of content and front matter that is there, by the item that holds it. */
export function charactersOf(ydoc: Y.Doc): string[] {
  const title = ydoc.getMap('frontMatter').get('title');
  const texts = [ydoc.getText('content'), ...(title instanceof Y.Text ? [title] : [])];
  return texts.flatMap((text) => [...itemCharacters(text)].map(({ id }) => id));
}

export function* itemCharacters(text: Y.Text): Generator<{ id: string; character: string }> {
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    for (let i = 0; i < item.length; i++) {
      yield { id: `${item.id.client}:${item.id.clock + i}`, character: item.content.str[i]! };
    }
  }
}

interface Waiting {
  readonly update: Uint8Array;
  readonly deleted: readonly string[];
}

/** One person at a time in one editor; after a restart in another, under another client id. */
export class Person {
  readonly userId: string;
  replica: Replica;
  /** Written and not yet in the log. */
  waiting: Waiting[] = [];
  /** How much of the log has arrived here. */
  seen = 0;
  readonly #plan: TestPlan;

  constructor(plan: TestPlan, userId: string) {
    this.#plan = plan;
    this.userId = userId;
    this.replica = this.#open();
  }

  #open(): Replica {
    const { ydoc, seq } = this.#plan.replayed();
    const replica = new Replica(this.userId, this.#plan.nextClientId++, schema, Y.encodeStateAsUpdate(ydoc));
    this.seen = seq;
    let before = new Set(charactersOf(replica.ydoc));
    replica.ydoc.on('update', (update: Uint8Array, origin: unknown) => {
      const after = new Set(charactersOf(replica.ydoc));
      if (origin !== FROM_LOG) {
        for (const id of after) if (!before.has(id)) this.#plan.typists.set(id, this.userId);
        this.waiting.push({ update, deleted: [...before].filter((id) => !after.has(id)) });
      }
      before = after;
    });
    return replica;
  }

  edit(action: EditAction, random: Random): void {
    action(this.replica, random, () => `${this.userId}${this.#plan.serial++}`);
  }

  editTitle(random: Random): void {
    const title = this.replica.ydoc.getMap('frontMatter').get('title') as Y.Text;
    if (title.length > 3 && random.chance(0.4)) title.delete(random.below(title.length - 2), 2);
    else title.insert(random.below(title.length + 1), wordText(`${this.userId}${this.#plan.serial++}`));
  }

  /** Hands the first `count` of what waits to the log. */
  async send(count = Number.POSITIVE_INFINITY): Promise<void> {
    const sent = this.waiting.splice(0, Math.min(count, this.waiting.length));
    await this.#plan.append(this.userId, sent);
  }

  receive(): void {
    for (const { update } of this.#plan.log.slice(this.seen)) Y.applyUpdate(this.replica.ydoc, update, FROM_LOG);
    this.seen = this.#plan.log.length;
  }

  /** A page that comes back sends what the log lacks in one update, with every deletion that it has ever heard of, and is closed. */
  async restart(): Promise<void> {
    const lacking = Y.encodeStateAsUpdate(this.replica.ydoc, Y.encodeStateVector(this.#plan.replayed().ydoc));
    const deleted = this.waiting.flatMap((each) => each.deleted);
    this.waiting = [];
    await this.#plan.append(this.userId, [{ update: lacking, deleted }]);
    this.replica.destroy();
    this.replica = this.#open();
  }
}

export interface Captured {
  readonly seq: number;
  readonly authorship: Authorship;
  readonly characters: ReadonlySet<string>;
}

export class TestPlan {
  readonly planId: string;
  readonly #server: Server;
  /** All of it, from the plan's first update on, whatever was compacted. */
  readonly log: { update: Uint8Array }[] = [];
  readonly typists = new Map<string, string>();
  readonly deleters = new Map<string, string>();
  nextClientId = 1_000;
  serial = 0;
  time = 1_700_000_000_000;

  constructor(server: Server, planId: string) {
    this.#server = server;
    this.planId = planId;
  }

  async create(ownerId: string, content: Content, source?: NewPlan['source']): Promise<void> {
    const frontMatter = frontMatterSchema.parse({ title: 'Commons' });
    await this.#server.documents.create({
      planId: this.planId,
      ownerId,
      frontMatter,
      content,
      ...(source && { source }),
    });
    const { ydoc } = this.replayed();
    for (const id of charactersOf(ydoc)) this.typists.set(id, ownerId);
    this.log.push({ update: Y.encodeStateAsUpdate(ydoc) });
  }

  async append(userId: string, sent: readonly Waiting[]): Promise<void> {
    if (sent.length === 0) return;
    const updates = sent.map(({ update }) => ({ userId, time: this.time, update }));
    const { updateLog } = this.#server;
    const firstSeq = this.log.length + 1;
    await updateLog.append([{ planId: this.planId, firstSeq, updates, claims: new Map(), schemaVersion: null }]);
    for (const { deleted } of sent) {
      for (const id of deleted) if (!this.deleters.has(id)) this.deleters.set(id, userId);
    }
    this.log.push(...updates);
  }

  replayed(): { ydoc: Y.Doc; seq: number } {
    return replay(readStoredPlan(this.#server.database.sqlite, this.planId));
  }

  history(): History {
    const { sqlite } = this.#server.database;
    return readHistory(sqlite, this.planId, readStoredPlan(sqlite, this.planId));
  }

  async compact(): Promise<void> {
    await this.#server.documents.compact(this.planId);
  }

  capture(): Captured {
    const { ydoc, seq } = this.replayed();
    const { authorship } = readWithAuthorship(ydoc);
    return { seq, authorship, characters: new Set(charactersOf(ydoc)) };
  }
}

/** Edits of the fuzz by name, with their weights. */
export function editsExcept(names: readonly string[]): (random: Random) => EditAction {
  const edits = EDITS.filter(([, name]) => !names.includes(name));
  const total = edits.reduce((sum, [weight]) => sum + weight, 0);
  return (random) => {
    let chosen = random.below(total);
    return edits.find(([weight]) => {
      chosen -= weight;
      return chosen < 0;
    })![2];
  };
}
