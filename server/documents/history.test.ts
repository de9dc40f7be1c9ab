/** How passages came: typed, imported, restored; and whose they are when a guest has become an account. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { rewriteContent } from '../../shared/document/ydoc.ts';
import { authorRanges, sharesOf } from './contributions.ts';
import { Person, type Server, startServer, TestPlan } from './test-history.ts';

vi.setConfig({ testTimeout: 120_000 });

let server: Server;
beforeAll(() => {
  server = startServer();
});
afterAll(async () => {
  await server.stop();
});

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const doc = (...content: object[]) => ({ type: 'doc', content });
let plans = 0;
const newPlan = () => new TestPlan(server, `plan ${plans++}`);

/** Every passage with who wrote it, how and from what. */
function passages(plan: TestPlan): string[] {
  const { authorship, contributions } = authorRanges(plan.capture().authorship, plan.history());
  return authorship.map(({ from, to, by }) => {
    const { userId, how, source } = contributions[by]!;
    return `${to - from} ${userId} ${how} ${source}`;
  });
}

test('[R17] imported text says who imported it and from what file; what is typed into it is typed', async () => {
  const plan = newPlan();
  await plan.create('ann', doc(paragraph('From a file.')), { kind: 'file', name: 'water plan.md' });
  expect(passages(plan)).toEqual(['12 ann imported water plan.md']);
  const ann = new Person(plan, 'ann');
  const { replica } = ann;
  replica.dispatch(replica.state.tr.insertText('typed ', 6));
  await ann.send();
  for (const compacted of [false, true]) {
    if (compacted) await plan.compact();
    expect(passages(plan)).toEqual([
      '5 ann imported water plan.md',
      '6 ann written null',
      '7 ann imported water plan.md',
    ]);
  }
});

test('a blank plan is typed from the first letter on', async () => {
  const plan = newPlan();
  await plan.create('ann', doc(paragraph('First.')));
  expect(passages(plan)).toEqual(['6 ann written null']);
});

test('[R17] restored text says who restored it and from which snapshot, though they typed right before and after', async () => {
  const { sqlite } = server.database;
  const plan = newPlan();
  await plan.create('ann', doc(paragraph('One two three.')));
  const type = async (text: string) => {
    const bob = new Person(plan, 'bob');
    bob.replica.dispatch(bob.replica.state.tr.insertText(text, 1));
    await bob.send();
  };
  await type('before ');
  const { ydoc } = plan.replayed();
  ydoc.clientID = 77;
  const updates: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => updates.push(update));
  const typed = plan.capture();
  rewriteContent(ydoc, doc(paragraph('One two three.'), paragraph('Restored.')));
  sqlite
    .prepare("INSERT INTO origins (plan_id, client_id, clocks, how, source) VALUES (?, 77, ?, 'restored', '4')")
    .run(plan.planId, Y.decodeStateVector(Y.encodeStateVector(ydoc)).get(77)!);
  await plan.append('bob', [{ update: Y.mergeUpdates(updates), deleted: [] }]);
  await type('after ');
  for (const compacted of [false, true]) {
    if (compacted) await plan.compact();
    expect(passages(plan)).toEqual(['6 bob written null', '14 ann written null', '9 bob restored 4']);
    const gone = typed.authorship.runs
      .filter(({ text }) => text)
      .flatMap((run) => [...plan.history().deleted(run, plan.log.length)]);
    expect(gone.filter(({ value }) => value).map(({ length, value }) => [length, value!.how, value!.source])).toEqual([
      [7, 'restored', '4'],
    ]);
  }
});

test('[R9] what a guest wrote is the account’s that the guest signed in to, and through a second one, too', async () => {
  const plan = newPlan();
  await plan.create('ann', doc(paragraph('Ann.')));
  const guest = new Person(plan, 'guest');
  guest.replica.dispatch(guest.replica.state.tr.insertText('Guest and ', 1));
  await guest.send();
  const shares = () => sharesOf(plan.capture().authorship, plan.history());
  expect(shares()).toEqual([
    { userId: 'ann', characters: 11 },
    { userId: 'guest', characters: 10 },
  ]);
  await server.updateLog.replaceUser('guest', 'other guest');
  await server.updateLog.replaceUser('other guest', 'ann');
  for (const compacted of [false, true]) {
    if (compacted) await plan.compact();
    expect(shares()).toEqual([{ userId: 'ann', characters: 21 }]);
  }
});
