/** A full disk: changes are refused as long as it lasts, nothing that was acknowledged is lost, and everything goes on by itself. */
import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { cleanUp, converged, createPlan, RawClient, startTestServer, TestClient, until } from './test-harness.ts';

afterEach(cleanUp);

const schema = SCHEMA_VERSION;

/** What the operating system does when a disk is full, SQLite does at this number of pages: the same error at the same place. */
function fill(sqlite: import('node:sqlite').DatabaseSync, morePages: number): void {
  const { page_count: pages } = sqlite.prepare('PRAGMA page_count').get() ?? {};
  sqlite.exec(`PRAGMA max_page_count = ${Number(pages) + morePages}`);
}
const empty = (sqlite: import('node:sqlite').DatabaseSync): void => sqlite.exec('PRAGMA max_page_count = 1073741823');

test('[R1] [W12] a disk that fills up in the middle of writing loses nothing that was acknowledged, and heals by itself', async () => {
  const server = await startTestServer();
  const { sqlite } = server.database;
  const planId = await createPlan(server);
  const author = await new TestClient(server, planId, { schema }).synced();
  const reader = await new TestClient(server, planId, { user: 'bob', schema }).synced();
  await until(() => author.acknowledged === 1);
  fill(sqlite, 30);
  // More than thirty pages, a piece at a time, each in a commit of its own.
  const words: string[] = [];
  while (!author.closes.includes(4510)) {
    const word = randomBytes(4_000).toString('base64');
    words.push(word);
    author.text.insert(0, word);
    const { length } = words;
    await until(() => author.closes.length > 0 || reader.text.length >= length * word.length, 'a commit or a refusal');
    expect(words.length).toBeLessThan(60);
  }
  expect(words.length).toBeGreaterThan(5);
  expect(server.rooms.health()).toMatchObject({ ok: false, reason: expect.stringContaining('full') });
  // What others were shown is what the log holds: no more.
  const late = await new RawClient(server, planId, { user: 'cleo', schema }).sync();
  expect(words.join('')).not.toBe(late.getText('test').toString());
  expect(words.toReversed().join('').endsWith(late.getText('test').toString())).toBe(true);
  expect(Object.values(sqlite.prepare('PRAGMA integrity_check').get()!)).toEqual(['ok']);

  empty(sqlite);
  await until(() => server.rooms.health().ok, 'the server to notice that there is room');
  await converged(author, reader);
  await until(() => author.text.toString() === words.toReversed().join('') && author.acknowledged > 0);
  const restarted = await server.restart();
  const after = await new TestClient(restarted, planId, { user: 'dora' }).synced();
  expect(after.text.toString()).toBe(words.toReversed().join(''));
});

test('[W12] while there is no room a change is refused, reading goes on, and those who can wait are told when to come again', async () => {
  let room = true;
  const server = await startTestServer({ hasRoom: () => room });
  const planId = await createPlan(server);
  const client = new RawClient(server, planId, { schema });
  const ydoc = await client.sync();
  const told = (of: RawClient) => of.of(MESSAGE.notice).flatMap(({ json }) => (json?.type === 'storage' ? [json] : []));
  expect(told(client)).toEqual([]);
  room = false;
  await until(() => told(client).length === 1);
  expect(told(client)).toEqual([{ type: 'storage', writable: false }]);

  // Who holds changes back stays, and is acknowledged what changes nothing.
  client.sendSync(SYNC.update, Uint8Array.of(0, 0));
  await until(() => client.of(MESSAGE.ack).length === 1);
  const late = new RawClient(server, planId, { user: 'bob', schema });
  expect((await late.sync()).getText('content').toString()).toContain('Once upon a time');
  expect(told(late)).toEqual([{ type: 'storage', writable: false }]);
  expect(late.messages[0]).toMatchObject({ type: MESSAGE.hello });

  ydoc.getText('test').insert(0, 'lost?');
  client.sendSync(SYNC.update, Y.encodeStateAsUpdate(ydoc));
  await until(() => client.closed !== null);
  expect(client.closed).toMatchObject({ code: 4510 });
  await expect(server.rooms.write(planId, 'ann', Y.encodeStateAsUpdate(ydoc))).rejects.toMatchObject({
    code: 'disk-full',
  });
  expect(server.database.sqlite.prepare('SELECT count(*) AS n FROM updates').get()!.n).toBe(0);

  room = true;
  await until(() => told(late).length === 2);
  expect(told(late).at(-1)).toEqual({ type: 'storage', writable: true });
  const again = new RawClient(server, planId, { schema });
  await again.sync();
  again.sendSync(SYNC.step2, Y.encodeStateAsUpdate(ydoc));
  await until(() => again.of(MESSAGE.ack).length === 1);
  expect(told(again)).toEqual([]);
});
