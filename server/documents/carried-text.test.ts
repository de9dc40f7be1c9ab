/** Who undoes a deletion or moves text is not the author of what then stands there. */

import { TextSelection } from '@tiptap/pm/state';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { Random } from '../../shared/document/fuzz/random.ts';
import { readWithAuthorship } from './authorship.ts';
import { authorRanges, contributorsBetween, sharesOf } from './contributions.ts';
import { Person, type Server, startServer, TestPlan } from './test-history.ts';

vi.setConfig({ testTimeout: 180_000 });

let server: Server;
beforeAll(() => {
  server = startServer();
});
afterAll(async () => {
  await server.stop();
});

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
let plans = 0;

/** Characters that nobody else types, so that each shows whose it is wherever it turns up again. */
class Typing {
  readonly typists = new Map<string, string>();
  #next = 0xe000;

  word(userId: string, length: number): string {
    let word = '';
    for (let i = 0; i < length; i++) {
      const character = String.fromCharCode(this.#next++);
      this.typists.set(character, userId);
      word += character;
    }
    return word;
  }
}

function edit(person: Person, typing: Typing, random: Random): void {
  const { replica } = person;
  const { state } = replica;
  const places: number[] = [];
  state.doc.descendants((node, pos) => {
    if (node.isTextblock) for (let i = 0; i <= node.content.size; i++) places.push(pos + 1 + i);
  });
  const place = () => random.pick(places);
  const chance = random.next();
  if (chance < 0.4) replica.dispatch(state.tr.insertText(typing.word(person.userId, 1 + random.below(4)), place()));
  else if (chance < 0.6) {
    const { from, to } = TextSelection.create(state.doc, place(), place());
    if (to > from) replica.dispatch(state.tr.delete(from, Math.min(to, from + 12)));
  } else if (chance < 0.7) replica.dispatch(state.tr.split(place()));
  else replica.act(() => void (chance < 0.9 ? replica.undo.undo() : replica.undo.redo()));
}

/** Of every character shown, who is said to have written it. */
function authors(plan: TestPlan): [string, string | undefined][] {
  const { doc, authorship } = readWithAuthorship(plan.replayed().ydoc);
  const { authorship: ranges, contributions } = authorRanges(authorship, plan.history());
  const shown: [string, string | undefined][] = [];
  doc.descendants((node, pos) => {
    for (let i = 0; node.isText && i < node.nodeSize; i++) {
      const range = ranges.find(({ from, to }) => from <= pos + i && pos + i < to);
      shown.push([node.text![i]!, range && contributions[range.by]!.userId]);
    }
  });
  return shown;
}

async function write(seed: number, compacts: boolean): Promise<{ plan: TestPlan; typing: Typing; people: Person[] }> {
  const random = new Random(seed);
  const typing = new Typing();
  const plan = new TestPlan(server, `plan ${plans++}`);
  await plan.create('o', { type: 'doc', content: [paragraph(typing.word('o', 10)), paragraph(typing.word('o', 10))] });
  const people = ['a', 'b', 'c'].map((userId) => new Person(plan, userId));
  for (let step = 0; step < 50; step++) {
    const person = random.pick(people);
    plan.time += random.below(40_000);
    const chance = random.next();
    if (chance < 0.7) edit(person, typing, random);
    else if (chance < 0.84) await person.send(1 + random.below(4));
    else if (chance < 0.95 || !compacts) person.receive();
    else await plan.compact();
  }
  for (const person of people) await person.send();
  return { plan, typing, people };
}

test('[R17] whoever deletes, undoes and redoes, every character is by whom it was typed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const { plan, typing, people } = await write(seed, false);
      for (const compacted of [false, true]) {
        if (compacted) await plan.compact();
        for (const [character, author] of authors(plan))
          expect([character, author]).toEqual([character, typing.typists.get(character)]);
      }
      for (const person of people) person.replica.destroy();
    }),
    { numRuns: 60 },
  );
});

test('compactions between a deletion and its undoing can only make one who undid it the author', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const { plan, people } = await write(seed, true);
      // Whoever wrote it first, or brought it back later.
      const writers = new Map<string, Set<string>>();
      for (const { update } of plan.log) {
        for (const { id, content } of Y.decodeUpdate(update).structs.filter((struct) => struct instanceof Y.Item)) {
          [...(content instanceof Y.ContentString ? content.str : '')].forEach((character, i) => {
            const known = writers.get(character) ?? new Set();
            writers.set(character, known.add(plan.typists.get(`${id.client}:${id.clock + i}`)!));
          });
        }
      }
      for (const [character, author] of authors(plan)) expect(writers.get(character)).toContain(author);
      const before = authors(plan);
      await plan.compact();
      expect(authors(plan)).toEqual(before);
      for (const person of people) person.replica.destroy();
    }),
    { numRuns: 20 },
  );
});

test('what was deleted and brought back is in nobody’s count', async () => {
  const plan = new TestPlan(server, `plan ${plans++}`);
  await plan.create('ann', { type: 'doc', content: [paragraph('What Ann wrote.'), paragraph('More of it.')] });
  const before = plan.capture();
  const bob = new Person(plan, 'bob');
  const { replica } = bob;
  replica.dispatch(replica.state.tr.delete(3, 24));
  await bob.send();
  const between = plan.capture();
  replica.act(() => void replica.undo.undo());
  await bob.send();
  const after = plan.capture();
  for (const compacted of [false, true]) {
    if (compacted) await plan.compact();
    const history = plan.history();
    const count = (older: typeof before, newer: typeof before) =>
      contributorsBetween(older.authorship, newer.authorship, history, older.seq, newer.seq);
    expect(count(before, after)).toEqual([{ userId: 'bob', inserted: 0, deleted: 0 }]);
    expect(count(before, between)).toEqual([{ userId: 'bob', inserted: 0, deleted: 19 }]);
    expect(count(between, after)).toEqual([{ userId: 'bob', inserted: 19, deleted: 0 }]);
    expect(sharesOf(after.authorship, history)).toEqual(sharesOf(before.authorship, history));
  }
});

test('a compaction between the two does not hide whose words come back', async () => {
  const plan = new TestPlan(server, `plan ${plans++}`);
  await plan.create('ann', { type: 'doc', content: [paragraph('What Ann wrote.')] });
  const bob = new Person(plan, 'bob');
  const { replica } = bob;
  replica.dispatch(replica.state.tr.delete(3, 12));
  await bob.send();
  await plan.compact();
  replica.act(() => void replica.undo.undo());
  await bob.send();
  expect(new Set(authors(plan).map(([, author]) => author))).toEqual(new Set(['ann']));
  await plan.compact();
  expect(new Set(authors(plan).map(([, author]) => author))).toEqual(new Set(['ann']));
});

/** Puts a block to another place, in one edit. */
function drag({ replica }: Person, from: number, to: number): void {
  const { doc, tr } = replica.state;
  const start = (index: number) => doc.children.slice(0, index).reduce((sum, { nodeSize }) => sum + nodeSize, 0);
  tr.delete(start(from), start(from + 1));
  replica.dispatch(tr.insert(tr.mapping.map(start(to)), doc.child(from)));
}

const THREE = {
  type: 'doc',
  content: [
    paragraph('The first paragraph is a long one, with a good deal in it.'),
    paragraph('The second has less.'),
    paragraph('And here the third one ends it all.'),
  ],
};

test('[R17] moved blocks stay their authors’, also the words that others mended in them, and also the lighter one beside them', async () => {
  for (const [from, to] of [
    [0, 2],
    [0, 3],
    [1, 0],
    [2, 0],
    [2, 1],
  ] as const) {
    const plan = new TestPlan(server, `plan ${plans++}`);
    await plan.create('ann', THREE);
    for (const [userId, at, text] of [
      ['bob', 40, ' great'],
      ['cy', 11, 'se'],
    ] as const) {
      const person = new Person(plan, userId);
      person.replica.dispatch(person.replica.state.tr.insertText(text, at));
      await person.send();
    }
    const before = plan.capture();
    const dora = new Person(plan, 'dora');
    drag(dora, from, to);
    await dora.send();
    for (const compacted of [false, true]) {
      if (compacted) await plan.compact();
      const after = plan.capture();
      expect(sharesOf(after.authorship, plan.history())).toEqual(sharesOf(before.authorship, plan.history()));
      const since = contributorsBetween(before.authorship, after.authorship, plan.history(), before.seq, after.seq);
      expect(since).toEqual([{ userId: 'dora', inserted: 0, deleted: 0 }]);
    }
  }
});

test('cut and pasted text stays its author’s once; a second copy is by whoever pastes it', async () => {
  const plan = new TestPlan(server, `plan ${plans++}`);
  await plan.create('ann', THREE);
  const bob = new Person(plan, 'bob');
  const { replica } = bob;
  replica.dispatch(replica.state.tr.delete(5, 30));
  replica.dispatch(replica.state.tr.insertText('typed in between ', 5));
  await bob.send();
  const cut = 'first paragraph is a long';
  for (const times of [1, 2]) {
    replica.dispatch(replica.state.tr.insertText(cut, replica.state.doc.content.size - 1));
    await bob.send();
    const shares = sharesOf(plan.capture().authorship, plan.history());
    expect(shares.find(({ userId }) => userId === 'bob')?.characters).toBe(17 + (times - 1) * cut.length);
  }
});

test('whoever moves what, every word is by whom it was typed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const random = new Random(seed);
      const typing = new Typing();
      const plan = new TestPlan(server, `plan ${plans++}`);
      const content = Array.from({ length: 4 }, () => paragraph(typing.word('o', 14)));
      await plan.create('o', { type: 'doc', content });
      const people = ['a', 'b', 'c'].map((userId) => new Person(plan, userId));
      for (let step = 0; step < 30; step++) {
        const person = random.pick(people);
        const { doc, tr } = person.replica.state;
        const chance = random.next();
        if (chance < 0.25) {
          const ends: number[] = [];
          doc.forEach((node, offset) => void ends.push(offset + node.nodeSize - 1));
          person.replica.dispatch(tr.insertText(typing.word(person.userId, 14), random.pick(ends)));
        } else if (chance < 0.5) drag(person, random.below(doc.childCount), random.below(doc.childCount + 1));
        else if (chance < 0.55) person.replica.act(() => void person.replica.undo.undo());
        else if (chance < 0.8) await person.send(1 + random.below(3));
        else person.receive();
      }
      for (const person of people) await person.send();
      for (const [character, author] of authors(plan)) {
        expect([character, author]).toEqual([character, typing.typists.get(character)]);
      }
      for (const person of people) person.replica.destroy();
    }),
    { numRuns: 30 },
  );
});

test('[R17] nobody can put words into another’s mouth by writing them where hers were deleted', async () => {
  const plan = new TestPlan(server, `plan ${plans++}`);
  await plan.create('ann', { type: 'doc', content: [paragraph('I like it.')] });
  const { ydoc } = plan.replayed();
  ydoc.clientID = 66;
  const text = ydoc.getText('content');
  const updates: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => updates.push(update));
  const hers = text._start!.right!;
  text.delete(1, 10);
  ydoc.transact((transaction) => {
    const content = new Y.ContentString('I hate it.');
    const { id, left } = hers;
    new Y.Item(Y.createID(66, 0), left, left!.lastId, hers, id, text, null, content).integrate(transaction, 0);
  });
  await plan.append(
    'mallory',
    updates.map((update) => ({ update, deleted: [] })),
  );
  expect(plan.replayed().ydoc.getText('content').toString()).toContain('I hate it.');
  expect(new Set(authors(plan).map(([, author]) => author))).toEqual(new Set(['mallory']));
});
