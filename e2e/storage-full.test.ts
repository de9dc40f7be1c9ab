/** A window on a plan while the server's disk is full: what is typed stays, is called unsaved, and is sent by itself when there is room. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Connection } from '../client/collab/connection.ts';
import { startTestServer, type TestServer, type Visitor } from '../server/test-server.ts';
import { SCHEMA_VERSION } from '../shared/schema/version.ts';

const GIB = 1024 ** 3;
const space = { free: 50 * GIB, total: 100 * GIB };
let server: TestServer;
const open: Connection[] = [];
beforeAll(async () => {
  server = await startTestServer({}, { measureDisk: async () => space });
});
afterAll(async () => {
  for (const connection of open) connection.destroy();
  await server.stop();
});

function connect({ cookie, url }: Visitor, planId: string): Connection {
  const connection = new Connection({
    planId,
    origin: url.replace('http', 'ws'),
    schemaVersion: SCHEMA_VERSION,
    explainRefusal: async () => null,
    onChange: () => undefined,
    WebSocket: class extends WebSocket {
      constructor(to: string | URL) {
        super(to, { headers: { cookie }, origin: url });
      }
    } as unknown as typeof globalThis.WebSocket,
  });
  open.push(connection);
  return connection;
}

test('[W12] words typed while the disk is full wait in the window and are sent when there is room again', async () => {
  const ana = await server.guest('Ana');
  const planId = await ana.createPlan('Water');
  const writer = connect(ana, planId);
  const text = (of: Connection) => of.ydoc.getText('content');
  const poll = <T>(read: () => T) => expect.poll(read, { timeout: 40_000, interval: 50 });
  await poll(() => writer.state.loaded).toBe(true);
  text(writer).insert(0, 'before ');
  await poll(() => writer.state.save).toBe('saved');

  space.free = 0;
  await poll(() => writer.state.storageFull).toBe(true);
  text(writer).insert(0, 'meanwhile ');
  expect(writer.state).toMatchObject({ link: 'open', save: 'unsaved', stopped: null });
  expect(writer.unsavedText()).toBe('meanwhile');
  // A window that opens now reads, and is told at once.
  const reader = connect(ana, planId);
  await poll(() => reader.state.loaded).toBe(true);
  expect(reader.state.storageFull).toBe(true);
  expect(text(reader).toString()).toContain('before ');
  expect(text(reader).toString()).not.toContain('meanwhile');

  space.free = 50 * GIB;
  await poll(() => writer.state.save).toBe('saved');
  expect(writer.state).toMatchObject({ storageFull: false, stopped: null });
  await poll(() => text(reader).toString()).toContain('meanwhile before ');
});
