/** What a document is made of, for every document: each unit shown has its item, what only the view has is made of nothing, and bytes give it back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { contentRoots } from '../../shared/document/format.ts';
import { readContent, writeContent } from '../../shared/document/ydoc.ts';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { writeFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { randomDocument } from '../../shared/schema/random-document.ts';
import { type Authorship, readWithAuthorship } from './authorship.ts';
import { decodeAuthorship, encodeAuthorship } from './authorship-codec.ts';
import { itemCharacters } from './test-history.ts';

/** Every item's place shows what the item holds; every text shown has items. */
function examine(ydoc: Y.Doc): Authorship {
  const { doc, authorship } = readWithAuthorship(ydoc);
  expect(doc.toJSON()).toEqual(readContent(ydoc).toJSON());
  expect(decodeAuthorship(encodeAuthorship(authorship))).toEqual(authorship);
  const held = new Map([...itemCharacters(contentRoots(ydoc).ytext)].map(({ id, character }) => [id, character]));
  const shown = new Map<number, string>();
  doc.descendants((node, pos) => {
    for (let i = 0; node.isText && i < node.nodeSize; i++) shown.set(pos + i, node.text![i]!);
  });
  let end = 0;
  for (const { from, length, text, client, clock } of authorship.runs) {
    expect(from).toBeGreaterThanOrEqual(end);
    end = from + length;
    expect(end).toBeLessThanOrEqual(doc.content.size);
    if (text) {
      for (let i = 0; i < length; i++) {
        expect(held.get(`${client}:${clock + i}`)).toBe(shown.get(from + i));
        shown.delete(from + i);
      }
    } else {
      // A node opens here, or a sign stands for one that cannot be shown.
      expect(doc.nodeAt(from)?.isText === true ? shown.get(from) : 'node').toMatch(/^(node|\uFFFC|\n)$/);
      shown.delete(from);
    }
  }
  expect([...shown]).toEqual([]);
  for (const { at } of [...authorship.shapes, ...authorship.formats]) {
    expect(at).toBeGreaterThanOrEqual(0);
    expect(at).toBeLessThanOrEqual(doc.content.size);
  }
  return authorship;
}

test('every document that is written', () => {
  fc.assert(
    fc.property(randomDocument, (content) => {
      const ydoc = new Y.Doc();
      writeFrontMatter(ydoc, frontMatterSchema.parse({ title: 'Title' }));
      writeContent(ydoc, content);
      examine(ydoc);
    }),
    { numRuns: 200 },
  );
});

const value = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.string({ maxLength: 3 }),
  fc.constant({ href: 'https://example.org/' }),
  fc.constantFrom('heading', 'paragraph', 'codeBlock', 'horizontalRule', '-', 'fn', 'br'),
  fc.constantFrom('b/i#1', 'tb#t/r#1/c#1.a', 'tb#t/r#2/c#2.b', 'tb#t/r#2/c#2.a', 'q', 't/k#9', 'nothing#0'),
);
const key = fc.constantFrom('k', 'p', '.level', 'i', '.alt', 'fn', 'bold', 'link', 'comment--1', 'x', '9.checked');
const act = fc.oneof(
  fc.record({ act: fc.constant('type' as const), at: fc.nat(), text: fc.string({ minLength: 1, maxLength: 4 }) }),
  fc.record({
    act: fc.constant('embed' as const),
    at: fc.nat(),
    entries: fc.array(fc.tuple(key, value), { maxLength: 3 }),
  }),
  fc.record({ act: fc.constant('strange' as const), at: fc.nat(), what: fc.nat(4) }),
  fc.record({ act: fc.constant('format' as const), at: fc.nat(), length: fc.nat(6), key, value }),
  fc.record({ act: fc.constant('delete' as const), at: fc.nat(), length: fc.nat(6) }),
  fc.record({ act: fc.constant('container' as const), key, value }),
  fc.record({ act: fc.constant('field' as const), key: fc.constantFrom('title', 'status', 'keywords', 'zzz'), value }),
);

test('every Y.Doc that a hostile client can make', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      const ydoc = new Y.Doc();
      writeFrontMatter(ydoc, frontMatterSchema.parse({ title: 'Title' }));
      const { ytext, yattrs } = contentRoots(ydoc);
      for (const one of acts) {
        const at = 'at' in one ? one.at % (ytext.length + 1) : 0;
        if (one.act === 'type') ytext.insert(at, one.text);
        else if (one.act === 'embed') ytext.insertEmbed(at, new Y.Map(one.entries));
        else if (one.act === 'strange') {
          const strange = [
            { any: 'thing' },
            new Y.Array(),
            new Y.XmlText('x'),
            new Y.Text('inner'),
            new Y.XmlElement('p'),
          ];
          ytext.insertEmbed(at, strange[one.what]!);
        } else if (one.act === 'format') {
          ytext.format(at, Math.min(one.length, ytext.length - at), { [one.key]: one.value });
        } else if (one.act === 'delete') ytext.delete(at, Math.min(one.length, ytext.length - at));
        else if (one.act === 'container') yattrs.set(one.key, one.value);
        else ydoc.getMap('frontMatter').set(one.key, one.value);
      }
      examine(ydoc);
    }),
    { numRuns: 500 },
  );
});

test('what pads a table and fills an empty plan is made of nothing', () => {
  const empty = new Y.Doc();
  expect(examine(empty)).toMatchObject({ runs: [], shapes: [], formats: [] });
  const ydoc = new Y.Doc();
  const cell = (text: string) => ({
    type: 'tableCell',
    content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
  });
  const row = (...texts: string[]) => ({ type: 'tableRow', content: texts.map(cell) });
  writeContent(ydoc, { type: 'doc', content: [{ type: 'table', content: [row('A', 'B'), row('C', 'D')] }] });
  const whole = examine(ydoc);
  const { ytext } = contentRoots(ydoc);
  // The last cell's marker and letter.
  ytext.delete(ytext.length - 2, 2);
  const ragged = examine(ydoc);
  expect(readContent(ydoc).firstChild!.child(1).childCount).toBe(2);
  expect(ragged.runs.length).toBe(whole.runs.length - 2);
});

test('bytes of another layout, or that name what was not named before, are refused', () => {
  expect(() => decodeAuthorship(Uint8Array.of(9))).toThrow('layout 9, expected 1');
  // No keys; then the columns, each with its length before it. One run, by the client that was named two clients ago.
  const bytes = Uint8Array.of(1, 0, ...[1, 1], ...[1, 0], ...[1, 2], ...[0], ...[1, 0], ...[1, 1], ...[0]);
  expect(() => decodeAuthorship(bytes)).toThrow('a client that it has not named before');
});
