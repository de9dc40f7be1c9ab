import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { type FrontMatter, frontMatterSchema, STATUSES, STREAMS } from './front-matter.ts';
import { readFrontMatter, writeFrontMatter } from './front-matter-map.ts';

const entry = fc.stringMatching(/^[A-Za-zéÉαΩ0-9,.'-][A-Za-zéÉαΩ0-9 ,.'-]{0,28}[A-Za-z0-9.]$/);
const frontMatter: fc.Arbitrary<FrontMatter> = fc.record({
  title: fc.string({ maxLength: 80 }),
  subtitle: fc.string({ maxLength: 80 }),
  status: fc.constantFrom(...STATUSES),
  place: fc.string({ maxLength: 40 }),
  language: fc.constantFrom('en', 'nl-BE', 'el', 'zh-Hant'),
  licence: fc.constantFrom('CC-BY-SA-4.0', 'Peer Production License', 'CC0-1.0'),
  authors: fc.array(entry, { maxLength: 5 }),
  summary: fc.string({ maxLength: 200 }),
  keywords: fc.array(entry, { maxLength: 5 }),
  stream: fc.constantFrom(null, ...STREAMS),
});

describe('front matter in a Y.Doc', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(frontMatter, (written) => {
        const ydoc = new Y.Doc();
        writeFrontMatter(ydoc, written);
        expect(readFrontMatter(ydoc)).toEqual(written);
      }),
    );
  });

  it('has defaults where the Y.Doc holds nothing or something else', () => {
    const ydoc = new Y.Doc();
    expect(readFrontMatter(ydoc)).toEqual(frontMatterSchema.parse({}));
    const map = ydoc.getMap('frontMatter');
    map.set('title', 42);
    map.set('language', 'not a language!');
    map.set('stream', ['open-coops']);
    map.set('authors', new Y.Map());
    expect(readFrontMatter(ydoc)).toEqual(frontMatterSchema.parse({}));
  });

  it('keeps both when two people edit the same field at once', () => {
    const one = new Y.Doc();
    writeFrontMatter(one, frontMatterSchema.parse({ title: 'Plan for Ghent', authors: ['Ada'] }));
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(one));
    (one.getMap('frontMatter').get('title') as Y.Text).insert(0, 'Commons Transition ');
    (other.getMap('frontMatter').get('title') as Y.Text).insert(14, ', 2027');
    (other.getMap('frontMatter').get('authors') as Y.Text).insert(3, '\nBram');
    Y.applyUpdate(other, Y.encodeStateAsUpdate(one));
    Y.applyUpdate(one, Y.encodeStateAsUpdate(other));
    expect(readFrontMatter(one)).toEqual(readFrontMatter(other));
    expect(readFrontMatter(one)).toMatchObject({
      title: 'Commons Transition Plan for Ghent, 2027',
      authors: ['Ada', 'Bram'],
    });
  });

  it('[R13] reading writes nothing', () => {
    const ydoc = new Y.Doc();
    writeFrontMatter(ydoc, frontMatterSchema.parse({ title: 'A' }));
    const before = Y.encodeStateAsUpdate(ydoc);
    readFrontMatter(ydoc);
    expect(Y.encodeStateAsUpdate(ydoc)).toEqual(before);
  });
});
