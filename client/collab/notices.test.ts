/** Tests of listening to a plan, against a real server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocketOfWs from 'ws';
import { removeData, type ServerProcess, startServer } from '../../e2e/server.ts';
import { MESSAGE, type Notice, SYNC } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { listenToNotices } from './notices.ts';

let server: ServerProcess;
const stops: (() => void)[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const stop of stops) stop();
  await server.stop('SIGKILL');
  await removeData(server);
});

/** A guest with a plan, and what a page of theirs that listens to it has heard. */
async function listening() {
  const headers = { 'content-type': 'application/json', origin: server.url };
  const ask = (path: string, body: unknown, cookie = '') =>
    fetch(`${server.url}${path}`, { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify(body) });
  const cookie = (await ask('/api/auth/sign-in/anonymous', { name: 'Ana' })).headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const post = (path: string, body: unknown) => ask(path, body, cookie);
  const { id } = (await (await post('/api/plans', { title: 'A plan' })).json()) as { id: string };
  const frames: Uint8Array[] = [];
  const heard: (Notice | 'missed')[] = [];
  const waiting = new Set<() => void>();
  const hear = (what: Notice | 'missed'): void => {
    heard.push(what);
    for (const look of waiting) look();
  };
  const stop = listenToNotices({
    planId: id,
    origin: server.url.replace('http', 'ws'),
    schemaVersion: SCHEMA_VERSION,
    onNotice: hear,
    onMissed: () => hear('missed'),
    WebSocket: class extends WebSocketOfWs {
      constructor(url: string | URL) {
        super(url, { headers: { cookie, origin: server.url } });
        // A refused connection is told by `close`, too.
        this.on('error', () => undefined);
        this.on('message', (data) => {
          frames.push(new Uint8Array(data as Buffer));
          for (const look of waiting) look();
        });
      }
    } as unknown as typeof WebSocket,
  });
  stops.push(stop);
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  await until(() => frames.some(([type]) => type === MESSAGE.hello));
  return { id, post, frames, heard, until, stop };
}

it('hears of a new snapshot, and never gets the text', async () => {
  const { id, post, frames, heard, until } = await listening();
  const taken = await post(`/api/plans/${id}/snapshots`, { label: 'For the council' });
  expect(taken.status, await taken.clone().text()).toBe(201);
  const { number } = (await taken.json()) as { number: number };
  await until(() => heard.some((notice) => notice !== 'missed' && notice.type === 'snapshots'));
  expect(heard).toContainEqual({ type: 'snapshots', number });
  const contents = frames.filter(([type, kind]) => type === MESSAGE.sync && kind !== SYNC.step1);
  expect(contents).toEqual([]);
});

it('comes back by itself after the server was gone, and says that it may have missed something', async () => {
  const { id, post, heard, until } = await listening();
  await server.stop('SIGKILL');
  await server.start();
  await until(() => heard.includes('missed'));
  await post(`/api/plans/${id}/snapshots`, { label: 'After the restart' });
  await until(() => heard.some((notice) => notice !== 'missed' && notice.type === 'snapshots'));
}, 60_000);

it('hears nothing more once it was ended', async () => {
  const { id, post, heard, until, stop } = await listening();
  await post(`/api/plans/${id}/snapshots`, { label: 'One' });
  await until(() => heard.length > 0);
  stop();
  const before = [...heard];
  const other = await listening();
  await post(`/api/plans/${id}/snapshots`, { label: 'Two' });
  await other.post(`/api/plans/${other.id}/snapshots`, { label: 'Of another plan' });
  await other.until(() => other.heard.length > 0);
  expect(heard).toEqual(before);
});
