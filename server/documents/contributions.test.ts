/** Who wrote what, against a ledger: people edit in real editors, go away and come back, their log is compacted, and every character keeps its author. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { wordText } from '../../shared/document/fuzz/edits.ts';
import { Random, RandomContent } from '../../shared/document/fuzz/random.ts';
import { schema } from '../../shared/schema/schema.ts';
import { readWithAuthorship } from './authorship.ts';
import { decodeAuthorship, encodeAuthorship } from './authorship-codec.ts';
import { authorRanges, contributorsBetween, sharesOf } from './contributions.ts';
import {
  type Captured,
  editsExcept,
  itemCharacters,
  Person,
  type Server,
  startServer,
  TestPlan,
} from './test-history.ts';

vi.setConfig({ testTimeout: 180_000 });

let server: Server;
beforeAll(() => {
  server = startServer();
});
afterAll(async () => {
  await server.stop();
});

let plans = 0;

async function randomPlan(random: Random): Promise<TestPlan> {
  const plan = new TestPlan(server, `plan ${plans++}`);
  const start = new RandomContent(schema, random, () => wordText(`o${plan.serial++}`)).document(1 + random.below(5));
  await plan.create('o', start.toJSON());
  return plan;
}

/** What the plan shows now is by whom the ledger says, by position. */
function examineAuthors(plan: TestPlan): void {
  const { ydoc } = plan.replayed();
  const { doc, authorship } = readWithAuthorship(ydoc);
  expect(decodeAuthorship(encodeAuthorship(authorship))).toEqual(authorship);
  const { authorship: ranges, contributions } = authorRanges(authorship, plan.history());
  const authorAt = new Map<number, string>();
  for (const { from, to, by } of ranges) {
    for (let at = from; at < to; at++) authorAt.set(at, contributions[by]!.userId);
  }
  // What cannot be shown where it stands is shown as such a character, and is none in the text.
  const isShown = (character: string) => character !== '\uFFFC' && character !== '\n';
  const items = [...itemCharacters(ydoc.getText('content'))].filter(({ character }) => isShown(character));
  const shown: { character: string; author: string | undefined }[] = [];
  doc.descendants((node, pos) => {
    [...(node.text ?? '').split('')].forEach((character, i) => {
      if (isShown(character)) shown.push({ character, author: authorAt.get(pos + i) });
    });
  });
  expect(shown).toEqual(items.map(({ id, character }) => ({ character, author: plan.typists.get(id) })));
}

function examineContributors(plan: TestPlan, older: Captured | null, newer: Captured): void {
  const expected = new Map<string, { inserted: number; deleted: number }>();
  const of = (userId: string) => {
    const counts = expected.get(userId) ?? { inserted: 0, deleted: 0 };
    expected.set(userId, counts);
    return counts;
  };
  for (const id of newer.characters) if (!older?.characters.has(id)) of(plan.typists.get(id)!).inserted++;
  for (const id of older?.characters ?? []) if (!newer.characters.has(id)) of(plan.deleters.get(id)!).deleted++;
  const told = contributorsBetween(
    older?.authorship ?? null,
    newer.authorship,
    plan.history(),
    older?.seq ?? 0,
    newer.seq,
  );
  const counted = told.filter(({ inserted, deleted }) => inserted + deleted > 0);
  expect(new Map(counted.map(({ userId, inserted, deleted }) => [userId, { inserted, deleted }]))).toEqual(expected);
  const shares = new Map<string, number>();
  for (const id of newer.characters) {
    const userId = plan.typists.get(id)!;
    shares.set(userId, (shares.get(userId) ?? 0) + 1);
  }
  expect(new Map(sharesOf(newer.authorship, plan.history()).map((each) => [each.userId, each.characters]))).toEqual(
    shares,
  );
}

async function live(seed: number): Promise<void> {
  const random = new Random(seed);
  const plan = await randomPlan(random);
  const people = ['a', 'b', 'c'].map((userId) => new Person(plan, userId));
  // Who undoes or moves writes anew what others may have typed; carried-text.test.ts has that.
  const anyEdit = editsExcept(['undo', 'redo', 'move', 'merge cells']);
  const captured: Captured[] = [];
  for (let step = 0; step < 60; step++) {
    const person = random.pick(people);
    plan.time += random.below(40_000);
    const chance = random.next();
    if (chance < 0.6) person.edit(anyEdit(random), random);
    else if (chance < 0.65) person.editTitle(random);
    else if (chance < 0.78) await person.send(1 + random.below(4));
    else if (chance < 0.88) person.receive();
    else if (chance < 0.93) await person.restart();
    else if (chance < 0.97) await plan.compact();
    else captured.push(plan.capture());
  }
  for (const person of people) await person.send();
  examineAuthors(plan);
  captured.push(plan.capture());
  const pairs = captured.flatMap((newer, i) => [null, ...captured.slice(0, i)].map((older) => [older, newer] as const));
  for (const [older, newer] of pairs) examineContributors(plan, older, newer);
  await plan.compact();
  examineAuthors(plan);
  for (const [older, newer] of pairs) examineContributors(plan, older, newer);
  for (const person of people) person.replica.destroy();
}

test('[R17] every character shown is by whom it was typed, and every one gone was deleted by whom did so first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => await live(seed)),
    { numRuns: 40 },
  );
});

test('[R17] somebody who repeats what others wrote and deleted is the author of nothing', async () => {
  const random = new Random(7);
  const plan = await randomPlan(random);
  const ann = new Person(plan, 'ann');
  const anyEdit = editsExcept([]);
  const before = plan.capture();
  for (let i = 0; i < 60; i++) ann.edit(anyEdit(random), random);
  await ann.send();
  for (const compacted of [false, true, true]) {
    if (compacted) await plan.compact();
    const everything = Y.encodeStateAsUpdate(plan.replayed().ydoc);
    await plan.append('mallory', [{ update: everything, deleted: [] }]);
    const after = plan.capture();
    const names = contributorsBetween(before.authorship, after.authorship, plan.history(), before.seq, after.seq);
    expect(names.map(({ userId }) => userId)).toEqual(['ann']);
    expect(sharesOf(after.authorship, plan.history()).map(({ userId }) => userId)).not.toContain('mallory');
  }
});

test('a page that comes back names what two others’ clash made go, and is no contributor for it', async () => {
  const plan = new TestPlan(server, `plan ${plans++}`);
  await plan.create('o', {
    type: 'doc',
    content: [{ type: 'heading', attrs: { level: 1 }, content: [{ type: 'text', text: 'Of the city' }] }],
  });
  const before = plan.capture();
  const [ann, bob, cy] = ['ann', 'bob', 'cy'].map((userId) => new Person(plan, userId)) as [Person, Person, Person];
  for (const [person, level] of [
    [ann, 2],
    [bob, 3],
  ] as const) {
    person.replica.dispatch(person.replica.state.tr.setNodeAttribute(0, 'level', level));
    await person.send();
  }
  cy.receive();
  const named = (updates: readonly { update: Uint8Array }[]) =>
    Y.mergeDeleteSets(updates.map(({ update }) => Y.decodeUpdate(update).ds));
  const count = (ds: ReturnType<typeof named>) =>
    [...ds.clients.values()].flat().reduce((sum, { len }) => sum + len, 0);
  const deletions = count(named(plan.log));
  await cy.restart();
  expect(count(named(plan.log.slice(-1)))).toBeGreaterThan(deletions);
  for (const compacted of [false, true]) {
    if (compacted) await plan.compact();
    const after = plan.capture();
    const told = contributorsBetween(before.authorship, after.authorship, plan.history(), before.seq, after.seq);
    expect(told.map(({ userId }) => userId).sort()).toEqual(['ann', 'bob']);
  }
});
