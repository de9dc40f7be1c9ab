/** Two people edit one plan at the same moment: the table of structural cases, and the fuzz over everything at once. */
import { getSchema } from '@tiptap/core';
import { joinBackward, lift, setBlockType, splitBlock, wrapIn } from '@tiptap/pm/commands';
import type { Node } from '@tiptap/pm/model';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from '@tiptap/pm/schema-list';
import { type Command, TextSelection } from '@tiptap/pm/state';
import * as tables from '@tiptap/pm/tables';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { schemaExtensions } from '../schema/extensions.ts';
import { schema } from '../schema/schema.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { connect, deliverAll, Replica } from './fuzz/replica.ts';
import { writeContent } from './ydoc.ts';

const { nodes, marks } = schema;
const p = (text = '') => nodes.paragraph!.create(null, text ? schema.text(text) : null);
const li = (...content: Node[]) => nodes.listItem!.create(null, content);
const ul = (...items: Node[]) => nodes.bulletList!.create(null, items);
const cell = (text: string) => nodes.tableCell!.create(null, p(text));
const table = (...rows: string[][]) =>
  nodes.table!.create(
    null,
    rows.map((row) => nodes.tableRow!.create(null, row.map(cell))),
  );

type Act = (replica: Replica) => void;

/** Puts the caret so many characters into the text, which must stand in the plan once. */
function at(replica: Replica, text: string, offset = 0, length = 0): void {
  let pos = -1;
  replica.state.doc.descendants((node, start) => {
    const found = node.isText ? node.text!.indexOf(text) : -1;
    if (found >= 0) pos = start + found + offset;
  });
  expect(pos, `${text} stands in the plan`).toBeGreaterThan(0);
  replica.dispatch(replica.state.tr.setSelection(TextSelection.create(replica.state.doc, pos, pos + length)));
}
const run = (replica: Replica, command: Command) => expect(command(replica.state, replica.dispatch)).toBe(true);
const does =
  (command: Command, text: string, offset = 0, length = 0): Act =>
  (replica) => {
    at(replica, text, offset, length);
    run(replica, command);
  };
const types =
  (written: string, text: string, offset = 0): Act =>
  (replica) => {
    at(replica, text, offset);
    replica.dispatch(replica.state.tr.insertText(written));
  };
const across =
  (command: Command, from: string, to: string): Act =>
  (replica) => {
    at(replica, from);
    const start = replica.state.selection.from;
    at(replica, to);
    const selection = TextSelection.create(replica.state.doc, start, replica.state.selection.from + 1);
    replica.dispatch(replica.state.tr.setSelection(selection));
    run(replica, command);
  };
const heading = (level: number) => setBlockType(nodes.heading!, { level });
const bullets = wrapInList(nodes.bulletList!);
const indent = sinkListItem(nodes.listItem!);

/** Both act at once, with both orders of client ids; returns what both then show. */
function together(content: Node[], a: Act, b: Act): string[] {
  return [
    [10, 20],
    [20, 10],
  ].map(([idA, idB]) => {
    const start = new Y.Doc();
    start.clientID = 1;
    writeContent(start, nodes.doc!.create(null, content));
    const update = Y.encodeStateAsUpdate(start);
    const replicas = [new Replica('a', idA!, schema, update), new Replica('b', idB!, schema, update)] as const;
    connect(replicas);
    a(replicas[0]);
    b(replicas[1]);
    deliverAll(replicas);
    for (const replica of replicas) {
      expect(replica.unasked).toBe(0);
      expect(replica.binding.check()).toBe(true);
      replica.state.doc.check();
    }
    expect(replicas[0].state.doc.toJSON()).toEqual(replicas[1].state.doc.toJSON());
    const shown = replicas[0].state.doc.toString();
    for (const replica of replicas) replica.destroy();
    return shown;
  });
}

const always = (shown: string) => [shown, shown];

describe('two people at the same moment', () => {
  const one = [p('hello world'), p('next')];

  test('Enter in two places of a paragraph: both splits', () => {
    expect(together(one, does(splitBlock, 'hello', 2), does(splitBlock, 'world', 2))).toEqual(
      always('doc(paragraph("he"), paragraph("llo wo"), paragraph("rld"), paragraph("next"))'),
    );
  });
  test('Enter in the same place: an empty paragraph between, no text twice', () => {
    expect(together(one, does(splitBlock, 'world'), does(splitBlock, 'world'))).toEqual(
      always('doc(paragraph("hello "), paragraph, paragraph("world"), paragraph("next"))'),
    );
  });
  test('Enter, and typing in the tail: the typing is in the tail', () => {
    expect(together(one, does(splitBlock, 'world'), types('!', 'world', 5))).toEqual(
      always('doc(paragraph("hello "), paragraph("world!"), paragraph("next"))'),
    );
  });
  test('Enter, and bold in the tail: the bold stays', () => {
    const bold: Act = (replica) => {
      at(replica, 'world', 0, 5);
      const { from, to } = replica.state.selection;
      replica.dispatch(replica.state.tr.addMark(from, to, marks.bold!.create()));
    };
    expect(together(one, does(splitBlock, 'world'), bold)).toEqual(
      always('doc(paragraph("hello "), paragraph(bold("world")), paragraph("next"))'),
    );
  });
  test('joining, and typing in the second paragraph: kept', () => {
    expect(together(one, does(joinBackward, 'next'), types('!', 'next', 4))).toEqual(
      always('doc(paragraph("hello worldnext!"))'),
    );
  });
  test('making a heading, and typing in it: kept', () => {
    expect(together(one, does(heading(1), 'hello'), types('!', 'world', 5))).toEqual(
      always('doc(heading("hello world!"), paragraph("next"))'),
    );
  });
  test('making headings of two levels: one heading, the text once', () => {
    for (const shown of together(one, does(heading(1), 'hello'), does(heading(2), 'hello'))) {
      expect(shown).toBe('doc(heading("hello world"), paragraph("next"))');
    }
  });
  test('wrapping in a list, and typing / wrapping too: one list', () => {
    const list = 'doc(bulletList(listItem(paragraph("hello world"))), paragraph("next"))';
    expect(together(one, does(bullets, 'hello'), types('!', 'world', 5))).toEqual(
      always(list.replace('world', 'world!')),
    );
    expect(together(one, does(bullets, 'hello'), does(bullets, 'hello'))).toEqual(always(list));
  });
  test('wrapping in a list, and splitting: the text once', () => {
    expect(together(one, does(bullets, 'hello'), does(splitBlock, 'world'))).toEqual(
      always('doc(bulletList(listItem(paragraph("hello "))), paragraph("world"), paragraph("next"))'),
    );
  });
  test('wrapping overlapping stretches: one list', () => {
    expect(
      together(
        [p('one'), p('two'), p('three'), p('four')],
        across(bullets, 'one', 'three'),
        across(bullets, 'two', 'four'),
      ),
    ).toEqual(
      always(
        'doc(bulletList(listItem(paragraph("one")), listItem(paragraph("two")), listItem(paragraph("three")), listItem(paragraph("four"))))',
      ),
    );
  });
  test('wrapping in a list and in a quote: one wins, the text once', () => {
    for (const shown of together(one, does(bullets, 'hello'), does(wrapIn(nodes.blockquote!), 'hello'))) {
      expect(shown).toMatch(
        /^doc\((bulletList\(listItem|blockquote)\(paragraph\("hello world"\)\)+, paragraph\("next"\)\)$/,
      );
    }
  });
  test('wrapping in a list, and making a heading: a bullet, the heading remembered', () => {
    expect(together(one, does(bullets, 'hello'), does(heading(1), 'hello'))).toEqual(
      always('doc(bulletList(listItem(paragraph("hello world"))), paragraph("next"))'),
    );
  });

  const list = [ul(li(p('one')), li(p('two')), li(p('three')))];
  test('indenting the second item, and typing in it / indenting the third / deleting the first', () => {
    expect(together(list, does(indent, 'two'), types('!', 'two', 3))).toEqual(
      always(
        'doc(bulletList(listItem(paragraph("one"), bulletList(listItem(paragraph("two!")))), listItem(paragraph("three"))))',
      ),
    );
    expect(together(list, does(indent, 'two'), does(indent, 'three'))).toEqual(
      always(
        'doc(bulletList(listItem(paragraph("one"), bulletList(listItem(paragraph("two"), bulletList(listItem(paragraph("three"))))))))',
      ),
    );
    const removeFirst: Act = (replica) =>
      replica.dispatch(replica.state.tr.delete(1, 1 + replica.state.doc.child(0).child(0).nodeSize));
    for (const shown of together(list, does(indent, 'two'), removeFirst)) {
      expect(shown.match(/two/g)).toHaveLength(1);
      expect(shown).not.toContain('one');
    }
  });
  test('lifting an item, and splitting it: the text once', () => {
    for (const shown of together(
      list,
      does(liftListItem(nodes.listItem!), 'two'),
      does(splitListItem(nodes.listItem!), 'two', 1),
    )) {
      expect(shown.match(/"t"|"wo"/g)).toEqual(['"t"', '"wo"']);
    }
  });
  test('ticking a task, and typing in it, and indenting it: all kept', () => {
    const task = (text: string) => nodes.taskItem!.create(null, p(text));
    const tick: Act = (replica) => {
      at(replica, 'two');
      const pos = replica.state.selection.$from.before(-1);
      replica.dispatch(replica.state.tr.setNodeMarkup(pos, null, { checked: true }));
    };
    const both: Act = (replica) => {
      types('!', 'two', 3)(replica);
      does(sinkListItem(nodes.taskItem!), 'two')(replica);
    };
    expect(together([nodes.taskList!.create(null, [task('one'), task('two')])], tick, both)).toEqual(
      always('doc(taskList(taskItem(paragraph("one"), taskList(taskItem(paragraph("two!"))))))'),
    );
  });

  const grid = [table(['a', 'b'], ['c', 'd'])];
  const texts = (shown: string) => shown.match(/"\w+"/g)?.join('');
  test('adding a column, and adding a row: a rectangle, cells under their columns', () => {
    expect(together(grid, does(tables.addColumnAfter, 'a'), does(tables.addRowAfter, 'a'))).toEqual(
      always(
        'doc(table(tableRow(tableCell(paragraph("a")), tableCell(paragraph), tableCell(paragraph("b"))), tableRow(tableCell(paragraph), tableCell(paragraph), tableCell(paragraph)), tableRow(tableCell(paragraph("c")), tableCell(paragraph), tableCell(paragraph("d")))))',
      ),
    );
  });
  test('adding two columns: both', () => {
    for (const shown of together(grid, does(tables.addColumnAfter, 'a'), does(tables.addColumnAfter, 'a'))) {
      expect(shown.match(/tableCell/g)).toHaveLength(8);
      expect(texts(shown)).toBe('"a""b""c""d"');
    }
  });
  test('deleting the one and the other column: both gone', () => {
    const three = [table(['a', 'b', 'c'], ['d', 'e', 'f'])];
    expect(together(three, does(tables.deleteColumn, 'a'), does(tables.deleteColumn, 'b'))).toEqual(
      always('doc(table(tableRow(tableCell(paragraph("c"))), tableRow(tableCell(paragraph("f")))))'),
    );
  });
  test('deleting a row / a table / a paragraph, and typing in it: the typed text survives in the block before', () => {
    for (const shown of together([p('top'), ...grid], does(tables.deleteRow, 'c'), types('XX', 'c', 1))) {
      expect(shown.match(/XX/g)).toHaveLength(1);
    }
    expect(together([p('top'), ...grid], does(tables.deleteTable, 'c'), types('XX', 'c', 1))).toEqual(
      always('doc(paragraph("topXX"))'),
    );
  });
  test('moving a block, and typing in it: the moved text once, the typed text once', () => {
    const move: Act = (replica) => {
      const node = replica.state.doc.child(0);
      const tr = replica.state.tr.delete(0, node.nodeSize);
      replica.dispatch(tr.insert(tr.doc.content.size, node));
    };
    for (const shown of together([p('first'), p('second')], move, types('XX', 'first', 5))) {
      expect(shown.match(/first/g)).toHaveLength(1);
      expect(shown.match(/XX/g)).toHaveLength(1);
    }
  });
  test('editing a footnote, and splitting before it: kept', () => {
    const note = nodes.footnote!.create(null, schema.text('note'));
    const content = [nodes.paragraph!.create(null, [schema.text('hello world'), note])];
    expect(together(content, types('!', 'note', 4), does(splitBlock, 'world'))).toEqual(
      always('doc(paragraph("hello "), paragraph("world", footnote("note!")))'),
    );
  });
  test('lifting out of a quote, and typing: kept', () => {
    expect(together([nodes.blockquote!.create(null, p('hello'))], does(lift, 'hello'), types('!', 'hello', 5))).toEqual(
      always('doc(paragraph("hello!"))'),
    );
  });
});

describe('fuzz', () => {
  const runs = Number(process.env.FUZZ_RUNS ?? 8);
  const clean = { lost: [], doubled: [], problems: [] };

  test.each([
    ['two people', 2],
    ['three people', 3],
    ['five people', 5],
  ])(
    '%s, every kind of edit, random delays: nothing lost, doubled, invalid or unequal',
    { timeout: 60_000 + runs * 3000 },
    (_, replicas) => {
      for (let seed = 1; seed <= runs; seed++) {
        expect(fuzz({ seed: seed * 10 + replicas, replicas, edits: 100, oracle: true })).toMatchObject(clean);
      }
    },
  );

  test('one of three has an older schema: nobody loses anything', { timeout: 60_000 + runs * 3000 }, () => {
    const unknown = ['figure', 'footnote', 'taskList', 'taskItem', 'highlight', 'codeBlock'];
    const older = getSchema(schemaExtensions.filter(({ name }) => !unknown.includes(name)));
    for (let seed = 1; seed <= runs; seed++) {
      const schemas = [schema, older, schema];
      expect(fuzz({ seed, replicas: 3, edits: 100, oracle: true, schemas })).toMatchObject(clean);
    }
  });
});
