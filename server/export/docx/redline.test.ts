/** Comparisons as Word documents: rejecting every tracked change gives the older words, accepting every one the newer. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodeJSON } from '../../../shared/compare/comparison.ts';
import { edited, seeded } from '../../../shared/compare/test-edits.ts';
import { doc, h, p, table } from '../../../shared/compare/test-notation.ts';
import { randomDocument } from '../../../shared/schema/random-document.ts';
import { oneSpace, textsOf } from '../test-exportable.ts';
import { redline } from '../test-redline.ts';
import { redlineDocx } from './redline.ts';
import { printable } from './runs.ts';
import { part } from './test-docx.ts';

const unescaped = (xml: string): string =>
  xml
    .replace(/<w:(br|tab)\/>/g, ' ')
    .replace(/<\/w:p>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** The words of the text and of the notes, when every change is accepted or rejected. */
function reviewed(bytes: Uint8Array, accepted: boolean): string {
  const gone = accepted ? /<w:del [^>]*>(?:(?!<w:del ).)*?<\/w:del>/gs : /<w:ins [^>]*>(?:(?!<w:ins ).)*?<\/w:ins>/gs;
  const parts = ['word/document.xml', 'word/footnotes.xml'].map((name) => part(bytes, name));
  // The marks of paragraphs are empty elements, with nothing in them to find an end for.
  return oneSpace(parts.map((xml) => unescaped(xml.replace(/<w:(ins|del) [^>]*\/>/g, '').replace(gone, ''))).join(' '));
}

test('says of each change who made it and when, and what it compares', async () => {
  const before = doc(h(2, 'Water'), p('The river is clean.'), p('Gone.'));
  const after = doc(h(2, 'Water'), p('The river is dirty.'), table('a | b'));
  const bytes = await redlineDocx(redline(before, after));
  const xml = part(bytes, 'word/document.xml');
  expect(xml).toMatch(/<w:ins w:id="\d+" w:author="Ana Díaz" w:date="2026-11-12T10:00:00.000Z">/);
  expect(xml).toMatch(/<w:delText[^>]*>clean<\/w:delText>/);
  const ids = [...xml.matchAll(/<w:(?:ins|del) w:id="(\d+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const said = unescaped(xml);
  for (const fact of [
    'Snapshot 1',
    'For the council',
    'The plan as of update 214',
    'a'.repeat(64),
    'Changed by Ana Díaz',
    'List of changes',
  ]) {
    expect(said).toContain(fact);
  }
});

test('a paragraph that is new goes whole when it is rejected', async () => {
  const xml = part(await redlineDocx(redline(doc(p('One.')), doc(p('One.'), p('Two.')))), 'word/document.xml');
  const added = xml.split('<w:p>').find((each) => each.includes('Two.'));
  expect(added).toMatch(/<w:pPr>.*<w:rPr><w:ins [^>]*\/>.*<\/w:pPr>/s);
});

test('what words do not show is a comment', async () => {
  const bytes = await redlineDocx(redline(doc(h(2, 'Water')), doc(h(3, 'Water'))));
  expect(part(bytes, 'word/comments.xml')).toContain('Was a heading of level 2');
  expect(part(bytes, 'word/document.xml')).not.toContain('Was a heading');
});

test('nothing changed: it says so', async () => {
  const xml = part(await redlineDocx(redline(doc(p('One.')), doc(p('One.')))), 'word/document.xml');
  expect(xml).toContain('Nothing changed.');
  expect(xml).not.toMatch(/<w:(ins|del) /);
});

test('any comparison holds the words of both', async () => {
  await fc.assert(
    fc.asyncProperty(randomDocument, fc.nat(), fc.integer({ min: 1, max: 6 }), async (content, seed, count) => {
      const after = edited(content as NodeJSON, count, seeded(seed));
      const bytes = await redlineDocx(redline(content as NodeJSON, after));
      const sides: [boolean, JSONContent][] = [
        [false, content],
        [true, after as JSONContent],
      ];
      for (const [accepted, side] of sides) {
        const said = reviewed(bytes, accepted).replace(/\s/g, '');
        for (const piece of textsOf(side)) expect(said).toContain(printable(piece).replace(/\s/g, ''));
      }
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
