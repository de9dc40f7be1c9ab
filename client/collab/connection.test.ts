/** Tests of the connection against a real server: what it says about the text is true through restarts, refusals and lost rights. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocketOfWs from 'ws';
import { removeData, type ServerProcess, startServer } from '../../e2e/server.ts';
import { CommonplanError, type ErrorCode } from '../../shared/errors.ts';
import { MESSAGE } from '../../shared/protocol.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { Connection } from './connection.ts';

interface Guest {
  readonly cookie: string;
  readonly fetch: (path: string, method: string, body?: unknown) => Promise<Response>;
}

let server: ServerProcess;
const open: Connection[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const connection of open) connection.destroy();
  await server.stop('SIGKILL');
  await removeData(server);
});

async function guest(name: string): Promise<Guest> {
  const headers = { 'content-type': 'application/json', origin: server.url };
  const answer = await fetch(`${server.url}/api/auth/sign-in/anonymous`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name }),
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return {
    cookie,
    fetch: (path, method, body) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { ...headers, cookie },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

async function planOf(owner: Guest): Promise<string> {
  const answer = await owner.fetch('/api/plans', 'POST', { title: 'A plan' });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

async function invite(owner: Guest, planId: string, role: string, other: Guest): Promise<void> {
  const made = (await (await owner.fetch(`/api/plans/${planId}/links`, 'POST', { role })).json()) as { url: string };
  const redeemed = await other.fetch('/api/links/redeem', 'POST', { token: new URL(made.url).hash.slice(1) });
  expect(redeemed.ok).toBe(true);
}

/** The sockets of that guest's browser. */
const socketOf = ({ cookie }: Guest) =>
  class extends WebSocketOfWs {
    constructor(url: string | URL) {
      super(url, { headers: { cookie, origin: server.url } });
    }
  };

/** A connection as that guest; `until` waits for its state, however long it takes. */
function connect(who: Guest, planId: string, Socket = socketOf(who)) {
  const waiting = new Set<() => void>();
  const connection = new Connection({
    planId,
    origin: server.url.replace('http', 'ws'),
    schemaVersion: SCHEMA_VERSION,
    explainRefusal: async () => {
      const answer = await who.fetch(`/api/plans/${planId}`, 'GET');
      const body = (await answer.json()) as {
        error?: { code: ErrorCode; message: string };
        archivedAt?: string | null;
      };
      if (body.error) return new CommonplanError(body.error.code, body.error.message);
      return body.archivedAt ? new CommonplanError('archived') : null;
    },
    onChange: () => {
      for (const look of waiting) look();
    },
    WebSocket: Socket as unknown as typeof WebSocket,
  });
  open.push(connection);
  const until = (holds: (state: Connection['state']) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds(connection.state)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const write = (words: string) => connection.ydoc.getText('content').insert(0, words);
  const text = () => connection.ydoc.getText('content').toString();
  return { connection, until, write, text };
}

/** A plan of Ana's, open at Ben, who may write in it until Ana says otherwise at `member`. */
async function editorOfAna(socket = socketOf) {
  const [ana, ben] = [await guest('Ana'), await guest('Ben')];
  const planId = await planOf(ana);
  await invite(ana, planId, 'editor', ben);
  const editor = connect(ben, planId, socket(ben));
  await editor.until(({ loaded }) => loaded);
  return { ana, planId, editor, member: `/api/plans/${planId}/members/${editor.connection.state.user?.id}` };
}

describe('the connection', () => {
  it('[W2] knows its role and account, loads the plan and says Saved only when the server has acknowledged', async () => {
    const ana = await guest('Ana');
    const { connection, until, write } = connect(ana, await planOf(ana));
    await until(({ loaded }) => loaded);
    expect(connection.state).toMatchObject({ link: 'open', role: 'owner', save: 'saved', stopped: null });
    expect(connection.state.user).toMatchObject({ name: 'Ana', guest: true });
    write('Words ');
    expect(connection.state.save).toBe('saving');
    expect(connection.unsavedText()).toBe('Words');
    await until(({ save }) => save === 'saved');
    expect(connection.unsavedText()).toBe('');
  });

  it('[R1] keeps what is written while the server is killed, says it is not saved, and brings it when the server is back', async () => {
    const ana = await guest('Ana');
    const planId = await planOf(ana);
    const writer = connect(ana, planId);
    await writer.until(({ loaded }) => loaded);
    writer.write('before ');
    await writer.until(({ save }) => save === 'saved');
    await server.stop('SIGKILL');
    await writer.until(({ link }) => link === 'waiting' || link === 'connecting');
    expect(writer.connection.state.save).toBe('saved');
    writer.write('meanwhile ');
    expect(writer.connection.state.save).toBe('unsaved');
    expect(writer.connection.unsavedText()).toBe('meanwhile');
    await server.start();
    writer.connection.retryNow();
    await writer.until(({ save }) => save === 'saved');
    const reader = connect(ana, planId);
    await reader.until(({ loaded }) => loaded);
    expect(reader.text()).toContain('meanwhile before ');
  });

  it('[W1] learns from the HTTP route why an upgrade was refused, and stops', async () => {
    const ana = await guest('Ana');
    const ben = await guest('Ben');
    const stranger = connect(ben, await planOf(ana));
    await stranger.until(({ link }) => link === 'stopped');
    expect(stranger.connection.state.stopped?.code).toMatch(/not-found|forbidden/);
    expect(stranger.connection.state.loaded).toBe(false);
  });

  it('[R10] stops with the reason when access is removed while it is open', async () => {
    const { editor, ana, member } = await editorOfAna();
    expect((await ana.fetch(member, 'DELETE')).ok).toBe(true);
    await editor.until(({ link }) => link === 'stopped');
    expect(editor.connection.state.stopped?.code).toMatch(/access-removed|forbidden|not-found/);
  });

  it('[W7] hears that it may only read from now on, and sends no text after that', async () => {
    const { editor, ana, planId, member } = await editorOfAna();
    expect((await ana.fetch(member, 'PATCH', { role: 'viewer' })).ok).toBe(true);
    await editor.until(({ role }) => role === 'viewer');
    expect(editor.connection.state.link).toBe('open');
    editor.write('not allowed ');
    expect(editor.connection.state.save).toBe('saved');
    const owner = connect(ana, planId);
    await owner.until(({ loaded }) => loaded);
    owner.write('allowed ');
    await owner.until(({ save }) => save === 'saved');
    await expect.poll(() => editor.text()).toContain('allowed ');
    expect(editor.connection.state.stopped).toBeNull();
    expect(owner.text()).not.toContain('not allowed');
  });

  it('[R10] withholds words that lost their right on the way, and sends them by itself when the role is given back', async () => {
    const { editor, ana, planId, member } = await editorOfAna();
    await server.stop('SIGKILL');
    await editor.until(({ lostAt }) => lostAt !== null);
    editor.write('offline ');
    await server.start();
    expect((await ana.fetch(member, 'PATCH', { role: 'viewer' })).ok).toBe(true);
    editor.connection.retryNow();
    await editor.until(({ role, link }) => role === 'viewer' && link === 'open');
    expect(editor.connection.state).toMatchObject({ save: 'unsaved', stopped: null });
    expect(editor.connection.unsavedText()).toBe('offline');
    const owner = connect(ana, planId);
    await owner.until(({ loaded }) => loaded);
    owner.write('present ');
    // What others write goes on arriving.
    await expect.poll(() => editor.text()).toContain('present ');
    expect(owner.text()).not.toContain('offline');
    expect((await ana.fetch(member, 'PATCH', { role: 'editor' })).ok).toBe(true);
    await editor.until(({ save }) => save === 'saved');
    expect(editor.connection.state).toMatchObject({ role: 'editor', stopped: null });
    await expect.poll(() => owner.text()).toContain('offline ');
    editor.write('again ');
    await expect.poll(() => owner.text()).toContain('again ');
  });

  it('[W7] comes back as a reader, with its words, when the server refuses what was on its way', async () => {
    // The notice of the new role is late: the update goes out before it is heard.
    let deaf = false;
    const late = (ben: Guest) =>
      class extends socketOf(ben) {
        override emit(event: string | symbol, ...rest: unknown[]): boolean {
          if (deaf && event === 'message' && new Uint8Array(rest[0] as ArrayBuffer)[0] === MESSAGE.notice) return true;
          return super.emit(event, ...rest);
        }
      };
    const { editor, ana, planId, member } = await editorOfAna(late);
    deaf = true;
    expect((await ana.fetch(member, 'PATCH', { role: 'viewer' })).ok).toBe(true);
    expect(editor.connection.state.role).toBe('editor');
    editor.write('refused ');
    await editor.until(({ role, link }) => role === 'viewer' && link === 'open');
    deaf = false;
    expect(editor.connection.state).toMatchObject({ save: 'unsaved', stopped: null });
    expect((await ana.fetch(member, 'PATCH', { role: 'editor' })).ok).toBe(true);
    await editor.until(({ save, link }) => save === 'saved' && link === 'open');
    const reader = connect(ana, planId);
    await reader.until(({ loaded }) => loaded);
    expect(reader.text()).toContain('refused ');
  });

  it('[W2] stops before any content when this page is older than the plan', async () => {
    const ana = await guest('Ana');
    const planId = await planOf(ana);
    const database = new DatabaseSync(join(server.dataDir, 'commonplan.db'));
    database.prepare('UPDATE plans SET schema_version = ? WHERE id = ?').run(SCHEMA_VERSION + 1, planId);
    database.close();
    const old = connect(ana, planId);
    await old.until(({ link }) => link === 'stopped');
    expect(old.connection.state).toMatchObject({ loaded: false, stopped: { code: 'page-too-old' } });
  });

  it('sends nothing of another history: the text stays here and nothing is merged (R6)', async () => {
    const ana = await guest('Ana');
    const first = await planOf(ana);
    const second = await planOf(ana);
    // Two plans stand for two histories of one address: the second connection is led to the other plan's room.
    let planId = first;
    class Led extends socketOf(ana) {
      constructor(url: string | URL) {
        super(String(url).replace(first, planId));
      }
    }
    const writer = connect(ana, first, Led);
    await writer.until(({ loaded }) => loaded);
    planId = second;
    await server.stop('SIGKILL');
    await writer.until(({ lostAt }) => lostAt !== null);
    writer.write('of the first history ');
    await server.start();
    writer.connection.retryNow();
    await writer.until(({ link }) => link === 'stopped');
    expect(writer.connection.state.stopped?.code).toBe('other-generation');
    expect(writer.connection.state.save).toBe('unsaved');
    expect(writer.connection.unsavedText()).toBe('of the first history');
    const reader = connect(ana, second);
    await reader.until(({ loaded }) => loaded);
    expect(reader.text()).not.toContain('first history');
  });
});
