/** Each change of a comparison by whoever did it: hand-made edits of several people, through compactions. */
import { toggleMark } from '@tiptap/pm/commands';
import type { Node } from '@tiptap/pm/model';
import { wrapInList } from '@tiptap/pm/schema-list';
import { type EditorState, TextSelection, type Transaction } from '@tiptap/pm/state';
import { addColumnAfter, addRowAfter, deleteRow } from '@tiptap/pm/tables';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type * as Y from 'yjs';
import { compare } from '../../shared/compare/compare.ts';
import { compareFrontMatter } from '../../shared/compare/front-matter.ts';
import { readFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { schema } from '../../shared/schema/schema.ts';
import { readWithAuthorship } from './authorship.ts';
import { authorsOfChanges, authorsOfFields } from './change-authors.ts';
import { Person, type Server, startServer, TestPlan } from './test-history.ts';

vi.setConfig({ testTimeout: 120_000 });

let server: Server;
beforeAll(() => {
  server = startServer();
});
afterAll(async () => {
  await server.stop();
});

let plans = 0;

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const cell = (text: string) => ({ type: 'tableCell', content: [paragraph(text)] });
const row = (...texts: string[]) => ({ type: 'tableRow', content: texts.map(cell) });
const doc = (...content: object[]) => ({ type: 'doc', content });

const TEXT = doc(
  { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'Why a transition' }] },
  paragraph('The city owns a great deal of land along the old harbour.'),
  paragraph('Its citizens care for gardens and for one another. They always did so.'),
  {
    type: 'taskList',
    content: [{ type: 'taskItem', attrs: { checked: false }, content: [paragraph('Ask the council for a hearing.')] }],
  },
  {
    type: 'paragraph',
    content: [
      { type: 'text', text: 'Read more at ' },
      {
        type: 'text',
        text: 'the wiki of commons',
        marks: [{ type: 'link', attrs: { href: 'https://one.example' } }, { type: 'bold' }],
      },
      { type: 'text', text: ' whenever you like.' },
    ],
  },
  { type: 'table', content: [row('Land', 'Water'), row('Ten hectares', 'Two wells')] },
  paragraph('A last word about the people who will live here.'),
);

type Act = (state: EditorState) => Transaction;

/** Position of the first occurrence of some text. */
function find(node: Node, text: string): number {
  let found = -1;
  node.descendants((child, pos) => {
    if (found < 0 && child.isText && child.text!.includes(text)) found = pos + child.text!.indexOf(text);
  });
  if (found < 0) throw new Error(`Expected the document to contain "${text}"`);
  return found;
}

const select = (state: EditorState, text: string): Transaction => {
  const from = find(state.doc, text);
  return state.tr.setSelection(TextSelection.create(state.doc, from, from + text.length));
};
const replaceText =
  (text: string, by: string): Act =>
  (state) => {
    const from = find(state.doc, text);
    return by === '' ? state.tr.delete(from, from + text.length) : state.tr.insertText(by, from, from + text.length);
  };
/** An editor's command with some text selected. */
const command =
  (text: string, run: (state: EditorState, dispatch: (tr: Transaction) => void) => boolean): Act =>
  (state) => {
    let made: Transaction | undefined;
    run(state.apply(select(state, text)), (tr) => {
      made = tr;
    });
    if (!made) throw new Error(`The command does nothing at "${text}"`);
    return made;
  };
const split =
  (text: string): Act =>
  (state) =>
    state.tr.split(find(state.doc, text));
const join =
  (text: string): Act =>
  (state) =>
    state.tr.join(state.doc.resolve(find(state.doc, text)).before());
const nodeAttribute =
  (text: string, type: string, name: string, value: unknown): Act =>
  (state) => {
    const $pos = state.doc.resolve(find(state.doc, text));
    for (let depth = $pos.depth; depth > 0; depth--) {
      if ($pos.node(depth).type.name === type) return state.tr.setNodeAttribute($pos.before(depth), name, value);
    }
    throw new Error(`Expected "${text}" to be in a ${type}`);
  };
const removeBlock =
  (text: string): Act =>
  (state) => {
    const $pos = state.doc.resolve(find(state.doc, text));
    return state.tr.delete($pos.before(1), $pos.after(1));
  };
const insertBlock =
  (before: string, text: string): Act =>
  (state) =>
    state.tr.insert(state.doc.resolve(find(state.doc, before)).before(1), schema.nodeFromJSON(paragraph(text)));
/** Drags a block to right before another. */
const moveBlock =
  (text: string, before: string): Act =>
  (state) => {
    const block = state.doc.resolve(find(state.doc, text));
    const tr = state.tr.delete(block.before(1), block.after(1));
    return tr.insert(tr.mapping.map(state.doc.resolve(find(state.doc, before)).before(1)), block.node(1));
  };
const moveText =
  (text: string, before: string): Act =>
  (state) => {
    const from = find(state.doc, text);
    const tr = state.tr.delete(from, from + text.length);
    return tr.insertText(text, tr.mapping.map(find(state.doc, before)));
  };
const toHeading: Act = (state) => {
  const from = find(state.doc, 'A last word');
  return state.tr.setBlockType(from, from, schema.nodes.heading!, { level: 3 });
};
const link: Act = (state) => {
  const from = find(state.doc, 'the wiki of commons');
  const mark = schema.marks.link!.create({ href: 'https://two.example' });
  return state.tr.addMark(from, from + 'the wiki of commons'.length, mark);
};

/** What people do one after the other, and the changes with who did each. */
const CASES: readonly (readonly [string, readonly (readonly [string, Act])[], readonly string[]])[] = [
  ['words put in the place of others', [['bob', replaceText('great deal', 'small part')]], ['replaced: bob']],
  [
    'one of two equal words taken out',
    [
      ['bob', replaceText('care for gardens and for', 'care for')],
      ['cy', replaceText('last word', 'final word')],
    ],
    ['deleted: bob', 'replaced: cy'],
  ],
  [
    'a paragraph moved, with a word changed in it',
    [
      ['bob', moveBlock('Its citizens', 'A last word')],
      ['cy', replaceText('gardens', 'orchards')],
    ],
    ['moved: bob', 'replaced: cy'],
  ],
  [
    'words moved within a paragraph',
    [
      ['bob', moveText('for gardens and ', ' They always')],
      ['cy', replaceText('last word', 'final word')],
    ],
    ['inserted: bob', 'replaced: bob', 'replaced: cy'],
  ],
  [
    'letters put in between those of a word',
    [
      ['bob', replaceText('harbour', 'har bour')],
      ['cy', replaceText('gardens', 'rose-gardens')],
    ],
    ['replaced: bob', 'replaced: cy'],
  ],
  [
    'words put in by one, taken out by another',
    [
      ['bob', replaceText('old harbour', 'old and windy harbour')],
      ['cy', replaceText('gardens and for ', '')],
    ],
    ['inserted: bob', 'deleted: cy'],
  ],
  [
    'one deletes, another writes in the same place',
    [
      ['bob', replaceText('a great deal of land', 'land')],
      ['cy', replaceText('owns land', 'owns plots')],
    ],
    ['replaced: cy, bob'],
  ],
  [
    'a paragraph put in',
    [['bob', insertBlock('A last word', 'Something entirely new stands here.')]],
    ['inserted: bob'],
  ],
  ['a paragraph taken out', [['bob', removeBlock('Its citizens')]], ['deleted: bob']],
  [
    'a paragraph split',
    [
      ['bob', split('They always')],
      ['cy', replaceText('great deal', 'lot')],
    ],
    ['replaced: cy', 'split: bob'],
  ],
  [
    'two paragraphs joined',
    [
      ['bob', join('Its citizens')],
      ['cy', replaceText('last word', 'final word')],
    ],
    // Without a space between them, the words at the seam are one.
    ['joined: bob', 'replaced: bob', 'replaced: cy'],
  ],
  [
    'a paragraph made a heading',
    [
      ['bob', toHeading],
      ['cy', replaceText('will live', 'shall live')],
    ],
    ['retyped: bob', 'replaced: cy'],
  ],
  [
    'another level of heading',
    [
      ['bob', nodeAttribute('Why a', 'heading', 'level', 1)],
      ['cy', replaceText('great deal', 'lot')],
    ],
    ['retyped: bob', 'replaced: cy'],
  ],
  [
    'wrapped into a list',
    [
      ['bob', command('A last word', wrapInList(schema.nodes.bulletList!))],
      ['cy', replaceText('great deal', 'lot')],
    ],
    ['replaced: cy', 'retyped: bob'],
  ],
  [
    'words made bold',
    [
      ['bob', command('great deal', toggleMark(schema.marks.bold!))],
      ['cy', replaceText('last word', 'final word')],
    ],
    ['formatting: bob', 'replaced: cy'],
  ],
  [
    'words no longer bold',
    [
      ['bob', command('wiki', toggleMark(schema.marks.bold!))],
      ['cy', replaceText('last word', 'final word')],
    ],
    ['formatting: bob', 'replaced: cy'],
  ],
  [
    'a link to elsewhere',
    [
      ['bob', link],
      ['cy', replaceText('last word', 'final word')],
    ],
    ['attributes: bob', 'replaced: cy'],
  ],
  [
    'a task done',
    [
      ['bob', nodeAttribute('Ask the council', 'taskItem', 'checked', true)],
      ['cy', replaceText('last word', 'final word')],
    ],
    ['attributes: bob', 'replaced: cy'],
  ],
  [
    'a row put in',
    [
      ['bob', command('Two wells', addRowAfter)],
      ['cy', replaceText('last word', 'final word')],
    ],
    ['row-inserted: bob', 'replaced: cy'],
  ],
  [
    'a row taken out',
    [
      ['bob', command('Two wells', deleteRow)],
      ['cy', replaceText('last word', 'final word')],
    ],
    ['row-deleted: bob', 'replaced: cy'],
  ],
  [
    'a column put in',
    [
      ['bob', command('Two wells', addColumnAfter)],
      ['cy', replaceText('last word', 'final word')],
    ],
    ['column-inserted: bob', 'replaced: cy'],
  ],
];

async function start(): Promise<TestPlan> {
  const plan = new TestPlan(server, `plan ${plans++}`);
  await plan.create('ann', TEXT);
  return plan;
}

async function act(plan: TestPlan, userId: string, action: Act): Promise<void> {
  plan.time += 3 * 60_000;
  const person = new Person(plan, userId);
  person.replica.dispatch(action(person.replica.state));
  await person.send();
  person.replica.destroy();
}

function ends(older: Y.Doc, newer: Y.Doc) {
  return [readWithAuthorship(older), readWithAuthorship(newer)] as const;
}

test.each(CASES)('%s', async (_, acts, expected) => {
  const plan = await start();
  const before = plan.replayed();
  for (const [userId, action] of acts) await act(plan, userId, action);
  for (const compacted of [false, true]) {
    if (compacted) await plan.compact();
    const after = plan.replayed();
    const [older, newer] = ends(before.ydoc, after.ydoc);
    const { changes } = compare(older.doc.toJSON(), newer.doc.toJSON());
    const told = (by: readonly { userId: string }[][]) =>
      changes.map(({ kind }, i) => `${kind}: ${by[i]!.map(({ userId }) => userId).join(', ')}`);
    const history = plan.history();
    const forward = authorsOfChanges(changes, older.authorship, newer.authorship, history, before.seq, after.seq);
    expect(told(forward)).toEqual(expected);
    const { changes: backwards } = compare(newer.doc.toJSON(), older.doc.toJSON());
    const people = authorsOfChanges(backwards, newer.authorship, older.authorship, history, after.seq, before.seq);
    expect(people.map((by) => by.map(({ userId }) => userId)).sort()).toEqual(
      forward.map((by) => by.map(({ userId }) => userId)).sort(),
    );
  }
});

test('fields of the front matter, too', async () => {
  const plan = await start();
  const before = plan.replayed();
  const bob = new Person(plan, 'bob');
  const map = bob.replica.ydoc.getMap('frontMatter');
  (map.get('title') as Y.Text).insert(0, 'The ');
  await bob.send();
  const cy = new Person(plan, 'cy');
  cy.replica.ydoc.getMap('frontMatter').set('status', 'proposed');
  await cy.send();
  const after = plan.replayed();
  const fields = compareFrontMatter(readFrontMatter(before.ydoc), readFrontMatter(after.ydoc));
  const [older, newer] = ends(before.ydoc, after.ydoc);
  const by = authorsOfFields(fields, older.authorship, newer.authorship, plan.history(), before.seq, after.seq);
  expect(fields.map(({ field }, i) => [field, by[i]!.map(({ userId }) => userId)])).toEqual([
    ['title', ['bob']],
    ['status', ['cy']],
  ]);
});
