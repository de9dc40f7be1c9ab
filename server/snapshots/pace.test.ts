/** When the server takes snapshots by itself: the clock is the test's, sockets, rooms and database are real. */
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { headOf, readChain } from '../store/snapshots.ts';
import type { Limits } from '../sync/limits.ts';
import type { ChangeListener } from '../sync/rooms.ts';
import { cleanUp as cleanUpSockets, createPlan, startTestServer, TestClient, until } from '../sync/test-harness.ts';
import { createPace, type Pace } from './pace.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';
import { readSnapshot } from './stored.ts';
import { cleanUp, TestHistory, type TestPlan } from './test-history.ts';

const MINUTE = 60_000;
const TIMES = { idle: 10 * MINUTE, interval: 30 * MINUTE };
const log = pino({ level: 'silent' });

const paces: Pace[] = [];
afterEach(async () => {
  for (const pace of paces.splice(0)) pace.stop();
  await cleanUpSockets();
  await cleanUp();
});

function startPace(snapshots: Snapshots, now: () => number): Pace {
  const pace = createPace({ snapshots, times: TIMES, log, now });
  paces.push(pace);
  return pace;
}

const kindsOf = ({ database }: Pick<TestHistory, 'database'>, planId: string): string[] =>
  readChain(database.sqlite, planId).map(({ kind }) => kind);

describe('[R16] with a clock of its own', () => {
  async function scene(): Promise<{ history: TestHistory; plan: TestPlan; pace: Pace; type: () => Promise<void> }> {
    const history = new TestHistory();
    const plan = await history.createPlan();
    const pace = startPace(history.snapshots, () => history.now);
    const type = async (): Promise<void> => {
      await plan.type(' word');
      pace.changed(plan.planId, plan.seq);
    };
    return { history, plan, pace, type };
  }

  test('one is taken ten minutes after the last change, and then no more', async () => {
    const { history, plan, pace, type } = await scene();
    await type();
    history.now += 9 * MINUTE;
    await type();
    await pace.tick(history.now + 9 * MINUTE);
    expect(kindsOf(history, plan.planId)).toEqual(['created']);
    await pace.tick(history.now + 10 * MINUTE);
    expect(kindsOf(history, plan.planId)).toEqual(['created', 'idle']);
    await pace.tick(history.now + 100 * MINUTE);
    expect(kindsOf(history, plan.planId)).toEqual(['created', 'idle']);
  });

  test('of those who never stop for ten minutes, one every half hour', async () => {
    const { history, plan, pace, type } = await scene();
    for (let minute = 0; minute < 95; minute++) {
      await type();
      history.now += MINUTE;
      await pace.tick(history.now);
    }
    expect(kindsOf(history, plan.planId)).toEqual(['created', 'interval', 'interval', 'interval']);
  });

  test("a person's counts: the half hour begins again, and there is no second one of the same text", async () => {
    const { history, plan, pace, type } = await scene();
    await type();
    history.now += 25 * MINUTE;
    await plan.take('named', { label: 'Mine' });
    await pace.tick(history.now + 60 * MINUTE);
    expect(kindsOf(history, plan.planId)).toEqual(['created', 'named']);
    await type();
    history.now += 9 * MINUTE;
    await type();
    await pace.tick(history.now);
    expect(kindsOf(history, plan.planId)).toEqual(['created', 'named']);
  });

  test('what was written and taken back leaves none', async () => {
    const { history, plan, pace } = await scene();
    await plan.edit('ann', (ytext) => ytext.insert(1, 'x'));
    await plan.edit('ann', (ytext) => ytext.delete(1, 1));
    pace.changed(plan.planId, plan.seq);
    await pace.tick(history.now + 60 * MINUTE);
    expect(kindsOf(history, plan.planId)).toEqual(['created']);
  });

  test('a try that failed is made again a minute later', async () => {
    const { history, plan, pace, type } = await scene();
    await type();
    history.now += 10 * MINUTE;
    history.database.sqlite.exec(
      "CREATE TRIGGER full BEFORE INSERT ON snapshots BEGIN SELECT raise(ABORT, 'disk full'); END",
    );
    await pace.tick(history.now);
    history.database.sqlite.exec('DROP TRIGGER full');
    await pace.tick(history.now + MINUTE - 1);
    expect(kindsOf(history, plan.planId)).toEqual(['created']);
    await pace.tick(history.now + MINUTE);
    expect(kindsOf(history, plan.planId)).toEqual(['created', 'idle']);
  });

  test('what a crash kept it from is made up for at the next start', async () => {
    const { history, plan } = await scene();
    await plan.type(' and this');
    const quiet = await history.createPlan();
    await history.restart();
    startPace(history.snapshots, () => history.now);
    await until(() => history.snapshots.ahead().length === 0);
    expect(kindsOf(history, plan.planId)).toEqual(['created', 'idle']);
    expect(kindsOf(history, quiet.planId)).toEqual(['created']);
  });
});

test('[R16] the state before something drastic is kept once a minute', async () => {
  const history = new TestHistory();
  const plan = await history.createPlan();
  const pace = startPace(history.snapshots, () => history.now);
  for (const expected of [2, 2, 3]) {
    await plan.type(' more');
    await plan.edit('bob', (ytext) => ytext.delete(1, 2));
    await pace.drastic(plan.planId, 'before-deletion', plan.seq - 1);
    expect(kindsOf(history, plan.planId)).toHaveLength(expected);
    history.now += 30_000;
  }
  expect(kindsOf(history, plan.planId)).toEqual(['created', 'before-deletion', 'before-deletion']);
});

test('[R11] [R16] whoever does something drastic every minute for two days fills no disk, and after a quiet while it is kept at once', async () => {
  let at = 0;
  const taken: number[] = [];
  const snapshots = {
    take: async () => {
      taken.push(at);
      return null;
    },
    onTaken: () => undefined,
    ahead: () => [],
  };
  const pace = createPace({ snapshots, times: TIMES, log, now: () => at });
  paces.push(pace);
  for (; at < 48 * 60 * MINUTE; at += MINUTE) {
    await pace.drastic('plan', 'before-deletion', 1);
    await pace.tick(at);
  }
  expect(taken.slice(0, 4)).toEqual([0, 1, 3, 7].map((minutes) => minutes * MINUTE));
  expect(taken.length).toBeLessThan(60);
  const before = taken.length;
  at += 3 * 60 * MINUTE;
  await pace.tick(at);
  for (let minute = 0; minute < 2; minute++, at += MINUTE) await pace.drastic('plan', 'before-merge', 1);
  expect(taken).toHaveLength(before + 2);
});

test('[R16] a plan from before there were snapshots gets its first at the next start', async () => {
  const history = new TestHistory();
  const plan = await history.createPlan();
  await plan.type(' and on', 'bob');
  history.database.sqlite.exec('DELETE FROM snapshots');
  await history.restart();
  startPace(history.snapshots, () => history.now);
  await until(() => history.snapshots.ahead().length === 0);
  const [first, ...rest] = readChain(history.database.sqlite, plan.planId);
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ number: 1, kind: 'idle', previousHash: null });
  expect(first!.contributors.map(({ userId }) => userId).sort()).toEqual(['ann', 'bob']);
});

describe('[R16] with people in a room', () => {
  /** Rooms that tell a pace of their own. Its clock stands still: nothing is due but for what happens. */
  async function scene(limits: Partial<Limits> = {}) {
    let pace: Pace | undefined;
    const changes: ChangeListener = {
      changed: (planId, seq) => pace?.changed(planId, seq),
      left: (planId) => pace?.left(planId),
      drastic: async (planId, kind, before) => pace?.drastic(planId, kind, before),
    };
    const server = await startTestServer({ limits, changes });
    const { database, documents } = server;
    const thinning = { keepAll: 1, keepDaily: 1 };
    const snapshots = createSnapshots({ database, documents, thinning, log, now: () => 0 });
    pace = startPace(snapshots, () => 0);
    const planId = await createPlan(server, 'x'.repeat(3_000));
    const head = (): number | undefined => headOf(database.sqlite, planId);
    const kinds = (): string[] => kindsOf(server, planId);
    const textOf = (number: number): string => JSON.stringify(readSnapshot(database.sqlite, planId, number).document);
    /** Takes one, behind whatever waits to be taken. */
    const takeLast = () => snapshots.take(planId, { kind: 'named', author: 'ann', label: 'Last' });
    return { server, planId, pace, head, kinds, textOf, takeLast };
  }

  const typed = (client: TestClient, text: string): void => {
    const ytext = client.ydoc.getText('content');
    ytext.insert(ytext.length, text);
  };

  test('one is taken when all have left', async () => {
    const { server, planId, pace, head, kinds } = await scene({ idleRoom: 50 });
    const client = await new TestClient(server, planId).synced();
    typed(client, 'Bye');
    await until(() => head() === 2);
    client.end();
    await until(() => server.rooms.counts().rooms === 0);
    await pace.tick(0);
    expect(kinds()).toEqual(['created', 'idle']);
  });

  test('the state before a large deletion stays, even where the log is merged at once', async () => {
    // A tail of one update is too long already.
    const { server, planId, head, kinds, textOf } = await scene({ tailUpdates: 0 });
    const client = await new TestClient(server, planId).synced();
    typed(client, ' and the last words');
    await until(() => head() === 2);
    client.ydoc.getText('content').delete(5, 2_500);
    typed(client, ' after');
    await until(() => kinds().length === 2);
    expect(kinds()).toEqual(['created', 'before-deletion']);
    expect(textOf(2)).toContain(`${'x'.repeat(3_000)} and the last words`);
    expect(textOf(2)).not.toContain('after');
    expect(server.logged.filter(({ err }) => err)).toEqual([]);
  });

  test('a small deletion, and a large one from a much larger plan, leave none', async () => {
    const { server, planId, head, kinds, takeLast } = await scene();
    const client = await new TestClient(server, planId).synced();
    client.ydoc.getText('content').delete(5, 1_000);
    typed(client, 'y'.repeat(30_000));
    client.ydoc.getText('content').delete(3_000, 4_000);
    await until(() => head() === 4);
    await takeLast();
    expect(kinds()).toEqual(['created', 'named']);
  });

  test('the state before long offline work is merged stays', async () => {
    const { server, planId, head, kinds, textOf } = await scene();
    const away = await new TestClient(server, planId, { user: 'away' }).synced();
    away.provider.disconnect();
    typed(away, `AWAY ${'z'.repeat(1_500)}`);
    const here = await new TestClient(server, planId, { user: 'here' }).synced();
    typed(here, 'HERE');
    await until(() => head() === 2);
    away.provider.connect();
    await until(() => kinds().length === 2);
    expect(kinds()).toEqual(['created', 'before-merge']);
    expect(textOf(2)).toContain('HERE');
    expect(textOf(2)).not.toContain('AWAY');
    await until(() => here.ydoc.getText('content').toString().includes('AWAY'));
  });

  test('coming back with little, or with deletions that all have heard of, leaves none', async () => {
    const { server, planId, head, kinds, takeLast } = await scene();
    const client = await new TestClient(server, planId).synced();
    client.ydoc.getText('content').delete(0, 500);
    client.ydoc.getText('content').delete(0, 700);
    await until(() => head() === 3);
    client.provider.disconnect();
    typed(client, 'little');
    client.provider.connect();
    await until(() => server.rooms.counts().sessions === 1 && client.provider.synced);
    const reader = await new TestClient(server, planId, { user: 'other' }).synced();
    await until(() => reader.ydoc.getText('content').toString().endsWith('little'));
    await takeLast();
    expect(kinds()).toEqual(['created', 'named']);
  });
});
