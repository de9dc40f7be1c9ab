/** The flow as a store of documents: everything comes back, everything shows, nothing is written by reading. */
import { getSchema } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Transform } from '@tiptap/pm/transform';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { schemaExtensions } from '../schema/extensions.ts';
import { schema } from '../schema/schema.ts';
import { FlowBinding } from './binding.ts';
import { contentRoots } from './format.ts';
import { EDITS } from './fuzz/edits.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { Random, RandomContent } from './fuzz/random.ts';
import { readContent, rewriteContent, writeContent } from './ydoc.ts';

const randomDocument = (seed: number) => {
  const random = new Random(seed);
  let words = 0;
  return new RandomContent(schema, random, () => `w${words++}`).document(1 + random.below(6));
};
const seeds = fc.integer({ min: 1, max: 2 ** 31 });

function writtenBy(ydoc: Y.Doc, action: () => void): number {
  let updates = 0;
  const count = () => updates++;
  ydoc.on('update', count);
  action();
  ydoc.off('update', count);
  return updates;
}

test('[R6] what is written into an empty plan is read back exactly', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const ydoc = new Y.Doc();
      const doc = randomDocument(seed);
      writeContent(ydoc, doc.toJSON());
      expect(readContent(ydoc).toJSON()).toEqual(doc.toJSON());
    }),
    { numRuns: 300 },
  );
});

test('[R6] content is never written into a plan that has some', () => {
  const ydoc = new Y.Doc();
  writeContent(ydoc, randomDocument(1));
  expect(() => writeContent(ydoc, randomDocument(2))).toThrow('without content');
});

test('[R13] reading and binding write nothing, on a fresh copy as on the original', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const ydoc = new Y.Doc();
      writeContent(ydoc, randomDocument(seed));
      const copy = new Y.Doc();
      contentRoots(copy);
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(ydoc));
      for (const each of [ydoc, copy]) {
        expect(
          writtenBy(each, () => {
            readContent(each);
            new FlowBinding(each, schema, () => expect.unreachable('nothing to correct')).destroy();
          }),
        ).toBe(0);
      }
    }),
    { numRuns: 100 },
  );
});

test('[R14] a plan rewritten to any document shows exactly that document', () => {
  fc.assert(
    fc.property(seeds, seeds, (one, other) => {
      const ydoc = new Y.Doc();
      writeContent(ydoc, randomDocument(one));
      rewriteContent(ydoc, randomDocument(other));
      expect(readContent(ydoc).toJSON()).toEqual(randomDocument(other).toJSON());
    }),
    { numRuns: 150 },
  );
});

test('[R14] rewriting a plan to what it is writes nothing', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const ydoc = new Y.Doc();
      writeContent(ydoc, randomDocument(seed));
      expect(writtenBy(ydoc, () => rewriteContent(ydoc, randomDocument(seed)))).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test('[R14] a plan rewritten to what any of its authors ever saw shows exactly that, ragged tables too', () => {
  const only = EDITS.map(([, name]) => name).filter((name) =>
    /row|column|cell|type|split|delete|undo|redo|move/.test(name),
  );
  for (const seed of [7_100_020, 7_100_090]) {
    const seen: Node[] = [];
    let last: Uint8Array = new Uint8Array();
    fuzz({
      seed,
      replicas: 4,
      edits: 80,
      oracle: false,
      only,
      edited: ({ ydoc }) => {
        if (seen.length < 40) seen.push(readContent(ydoc));
        last = Y.encodeStateAsUpdate(ydoc);
      },
    });
    for (const doc of seen) {
      const ydoc = new Y.Doc();
      contentRoots(ydoc);
      Y.applyUpdate(ydoc, last);
      rewriteContent(ydoc, doc.toJSON());
      expect(readContent(ydoc).toString()).toBe(doc.toString());
      expect(readContent(ydoc).eq(doc)).toBe(true);
    }
  }
});

test('[R14] rewriting a plan to what it is writes none of the padding of its tables', () => {
  const ydoc = new Y.Doc();
  const paths = ['tb/r#1/c#1.a', 'tb/r#1/c#1.b', 'tb/r#2/c#2.b', ''];
  contentRoots(ydoc).ytext.applyDelta(paths.flatMap((path) => [{ insert: new Y.Map([['p', path]]) }, { insert: 'x' }]));
  expect(readContent(ydoc).child(0).child(1).childCount).toBe(2);
  expect(writtenBy(ydoc, () => rewriteContent(ydoc, readContent(ydoc).toJSON()))).toBe(0);
});

test('[R14] a quote beside another stays one of its own when what follows it has to be written anew', () => {
  const p = { type: 'paragraph' };
  const quote = { type: 'blockquote', content: [p] };
  const ydoc = new Y.Doc();
  writeContent(ydoc, { type: 'doc', content: [p] });
  // The flow shows a row without cells with one: the table never comes out as it was put in.
  rewriteContent(ydoc, { type: 'doc', content: [quote, quote, { type: 'table', content: [{ type: 'tableRow' }] }] });
  expect(readContent(ydoc).children.map(({ type }) => type.name)).toEqual(['blockquote', 'blockquote', 'table']);
});

describe('any content of a Y.Doc', () => {
  const key = fc.constantFrom('k', 'p', 'i', '.level', '.src', '.colspan', 'x');
  const value = fc.constantFrom<unknown>(
    'doc',
    'text',
    'paragraph',
    'heading',
    'codeBlock',
    'horizontalRule',
    'tableRow',
    '-',
    'unknown',
    'fn',
    'br',
    '',
    'b',
    'b/i#1',
    'o#9',
    'tb/r#1/c#1.a',
    'tb/r#1/c#1.b',
    'r#2/c#2.b',
    'c#3.a',
    'i#1/i#2',
    'q/x#1/q',
    'paragraph/doc/text',
    7,
    null,
    [1],
    {},
  );
  const markKey = fc.constantFrom('bold', 'code', 'link', 'fn', 'comment--1', 'nothing');
  const operation = fc.oneof(
    fc.record({ op: fc.constant('text' as const), at: fc.nat(), text: fc.constantFrom('ab', '\n', ' ', '𝒳') }),
    fc.record({ op: fc.constant('embed' as const), at: fc.nat(), entries: fc.dictionary(key, value, { maxKeys: 3 }) }),
    fc.record({ op: fc.constant('foreign' as const), at: fc.nat() }),
    fc.record({ op: fc.constant('delete' as const), at: fc.nat(), length: fc.nat(4) }),
    fc.record({ op: fc.constant('format' as const), at: fc.nat(), length: fc.nat(5), key: markKey, value }),
    fc.record({ op: fc.constant('attribute' as const), tag: fc.constantFrom('1', '9', '1.a', '2'), key, value }),
    fc.record({ op: fc.constant('set' as const), at: fc.nat(), key, value }),
  );
  type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

  /** The same index, or the next where it falls between the halves of a letter: Yjs replaces both when it is split there, on this replica alone. */
  function betweenLetters(ytext: Y.Text, index: number): number {
    const units = ytext
      .toDelta()
      .map(({ insert }: { insert: unknown }) => (typeof insert === 'string' ? insert : '\uFFFC'));
    return /[\uDC00-\uDFFF]/.test(units.join('')[index] ?? '') ? index + 1 : index;
  }

  function apply(ydoc: Y.Doc, operation: Operation): void {
    const { ytext, yattrs } = contentRoots(ydoc);
    const at = 'at' in operation ? betweenLetters(ytext, operation.at % (ytext.length + 1)) : 0;
    const end = 'length' in operation ? betweenLetters(ytext, Math.min(at + operation.length, ytext.length)) : at;
    switch (operation.op) {
      case 'text':
        ytext.insert(at, operation.text);
        return;
      case 'embed':
        ytext.insertEmbed(at, new Y.Map(Object.entries(operation.entries)));
        return;
      case 'foreign':
        ytext.insertEmbed(at, at % 2 ? { image: 'x' } : new Y.Array());
        return;
      case 'delete':
        ytext.delete(at, end - at);
        return;
      case 'format':
        ytext.format(at, end - at, { [operation.key]: operation.value });
        return;
      case 'attribute':
        yattrs.set(`${operation.tag}${operation.key}`, operation.value);
        return;
      case 'set': {
        const maps = ytext
          .toDelta()
          .map(({ insert }: { insert: unknown }) => insert)
          .filter((insert: unknown) => insert instanceof Y.Map);
        if (maps.length > 0) maps[at % maps.length].set(operation.key, operation.value);
      }
    }
  }

  test('shows as a valid document with all its text, and an editor that is open follows it', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 25 }), seeds, (operations, seed) => {
        const ydoc = new Y.Doc();
        if (seed % 2) writeContent(ydoc, randomDocument(seed));
        const binding: FlowBinding = new FlowBinding(ydoc, schema, () => binding.doc);
        for (const each of operations) {
          apply(ydoc, each);
          expect(binding.check()).toBe(true);
        }
        const doc = readContent(ydoc);
        doc.check();
        const letters = (text: string) => text.replace(/[\uFFFC\n]/g, '');
        expect(letters(doc.textContent)).toBe(letters(contentRoots(ydoc).ytext.toString()));
        binding.destroy();
      }),
      { numRuns: 400 },
    );
  });
});

describe('an older editor', () => {
  const unknown = ['figure', 'footnote', 'taskList', 'taskItem', 'highlight', 'codeBlock'];
  const older = getSchema(schemaExtensions.filter(({ name }) => !unknown.includes(name)));

  test('[R7] opens any newer plan, shows all its text and writes nothing', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const ydoc = new Y.Doc();
        const doc = randomDocument(seed);
        writeContent(ydoc, doc);
        const written = writtenBy(ydoc, () => {
          const binding = new FlowBinding(ydoc, older, () => expect.unreachable('nothing to correct'));
          binding.doc.check();
          expect(binding.doc.textContent.replaceAll('\uFFFC', '')).toBe(doc.textContent);
          binding.destroy();
        });
        expect(written).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('[R7] types into what it does not know, and a newer editor still has it', () => {
    const ydoc = new Y.Doc();
    const { nodes, marks } = schema;
    writeContent(
      ydoc,
      nodes.doc!.create(null, [
        nodes.figure!.create({ src: 'https://x.org/a.png', alt: 'A' }, schema.text('caption')),
        nodes.taskList!.create(null, [
          nodes.taskItem!.create({ checked: true }, nodes.paragraph!.create(null, schema.text('task'))),
        ]),
        nodes.paragraph!.create(null, schema.text('marked', [marks.highlight!.create()])),
      ]),
    );
    const binding: FlowBinding = new FlowBinding(ydoc, older, () => binding.doc);
    let doc = binding.doc;
    for (const word of ['caption', 'task', 'marked']) {
      let pos = 0;
      doc.descendants((node, at) => {
        if (node.isText && node.text?.includes(word)) pos = at + 2;
      });
      doc = new Transform(doc).insert(pos, older.text('+')).doc;
      binding.edit(doc, pos);
    }
    binding.destroy();
    const read = readContent(ydoc);
    expect(read.textContent).toBe('ca+ptionta+skma+rked');
    expect(read.child(0).type.name).toBe('figure');
    expect(read.child(0).attrs).toMatchObject({ src: 'https://x.org/a.png', alt: 'A' });
    expect(read.child(1).firstChild?.attrs.checked).toBe(true);
    expect(read.child(2).childCount).toBe(1);
  });
});
