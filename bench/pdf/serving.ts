/** What the server and who types into another plan notice of a long export. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { JSONContent } from '@tiptap/core';
import { readConfig } from '../../server/config.ts';
import { createDocuments } from '../../server/documents/documents.ts';
import { createLog } from '../../server/log.ts';
import { startServer } from '../../server/start.ts';
import { openDatabase } from '../../server/store/database.ts';
import { path } from '../../shared/api.ts';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import type { Asked, Noticed } from './typist.ts';

/** Milliseconds of typing without an export, to compare with. */
const BEFORE = 10_000;
const log = createLog('error');

export async function besideTyping(content: JSONContent): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-pdf-'));
  try {
    const ana = await withServer(dataDir, signIn);
    const typed = await makePlan(dataDir, ana.userId, { type: 'doc', content: [{ type: 'paragraph' }] });
    const exported = await makePlan(dataDir, ana.userId, content);
    await withServer(dataDir, async (url) => {
      const asked = { url, token: ana.token, typed };
      const without = await noticed({ ...asked, exported: null, duration: BEFORE });
      console.log(`Typing, no export: ${without}`);
      const beside = await noticed({ ...asked, exported, duration: 0 });
      console.log(`Typing, while a long plan is exported: ${beside}`);
    });
  } finally {
    rmSync(dataDir, { recursive: true });
  }
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

async function noticed(asked: Asked): Promise<string> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const typist = new Worker(new URL('./typist.ts', import.meta.url), { workerData: asked });
  delay.enable();
  const { waits, export: made } = await new Promise<Noticed>((resolve, reject) => {
    typist.once('message', resolve).once('error', reject);
  });
  delay.disable();
  const at = (share: number): string => late(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0);
  const loop = [50, 99].map((percentile) => `p${percentile} ${late(delay.percentile(percentile) / 1e6)}`).join(', ');
  return [
    `the server’s event loop ${loop}, most ${late(delay.max / 1e6)} (1 ms of each is the clock's)`,
    `${waits.length} keys were safe after p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`,
    ...(made ? [`the export took ${(made.time / 1000).toFixed(1)} s for ${(made.bytes / 1e6).toFixed(1)} MB`] : []),
  ].join('; ');
}

async function signIn(url: string): Promise<{ token: string; userId: string }> {
  const body = JSON.stringify({ name: 'Ana' });
  const headers = { origin: url, 'content-type': 'application/json' };
  const answer = await fetch(url + path.signInAsGuest, { method: 'POST', headers, body });
  const { token, user } = (await answer.json()) as { token: string; user: { id: string } };
  return { token, userId: user.id };
}

/** Straight into the database: an import would wait for its reader. */
async function makePlan(dataDir: string, ownerId: string, content: JSONContent): Promise<string> {
  const database = openDatabase(dataDir);
  const documents = createDocuments({ database, log });
  const planId = randomUUID();
  await documents.create({ planId, ownerId, frontMatter: frontMatterSchema.parse({ title: 'A plan' }), content });
  await documents.stop();
  await database.close();
  return planId;
}

const late = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`;
