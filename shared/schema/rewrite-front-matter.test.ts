/** Front matter brought to another state beside people who write in it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { frontMatterSchema, STATUSES, STREAMS } from './front-matter.ts';
import { readFrontMatter, writeFrontMatter } from './front-matter-map.ts';
import { rewriteFrontMatter } from './rewrite-front-matter.ts';

const words = fc.array(fc.constantFrom('water', 'for', 'all', 'the', 'city', 'Köln', '城市', '🌍', '\n'), {
  maxLength: 12,
});
const frontMatter = fc
  .record({
    title: words.map((all) => all.join(' ').replaceAll('\n', '')),
    summary: words.map((all) => all.join(' ')),
    authors: fc.array(fc.constantFrom('Ana Díaz', 'Bo', 'Cleo'), { maxLength: 4 }),
    keywords: fc.array(fc.constantFrom('water', 'care', 'land use'), { maxLength: 4 }),
    status: fc.constantFrom(...STATUSES),
    stream: fc.constantFrom(null, ...STREAMS),
  })
  .map((fields) => frontMatterSchema.parse(fields));

function planWith(fields: Parameters<typeof writeFrontMatter>[1]): Y.Doc {
  const ydoc = new Y.Doc();
  writeFrontMatter(ydoc, fields);
  return ydoc;
}

describe('rewriting front matter', () => {
  it('[R14] brings any to any, and writes nothing where nothing differs', () => {
    fc.assert(
      fc.property(frontMatter, frontMatter, (before, after) => {
        const ydoc = planWith(before);
        rewriteFrontMatter(ydoc, after);
        expect(readFrontMatter(ydoc)).toEqual(after);
        const state = Y.encodeStateAsUpdate(ydoc);
        rewriteFrontMatter(ydoc, after);
        expect(Y.encodeStateAsUpdate(ydoc)).toEqual(state);
      }),
    );
  });

  it('[R14] leaves what others write into the same fields', () => {
    const before = frontMatterSchema.parse({
      title: 'A plan for Ghent',
      authors: ['Ana', 'Bo', 'Cleo'],
      status: 'draft',
    });
    const [ydoc, other] = [planWith(before), new Y.Doc()];
    Y.applyUpdate(other, Y.encodeStateAsUpdate(ydoc));
    const [title, authors] = ['title', 'authors'].map((field) => other.getMap('frontMatter').get(field) as Y.Text);
    title!.insert(title!.length, ', 2027');
    authors!.insert(authors!.toString().indexOf('Bo'), 'Dan\n');
    rewriteFrontMatter(ydoc, { ...before, title: 'The plan for Ghent', authors: ['Ana', 'Cleo'], status: 'adopted' });
    Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(other));
    expect(readFrontMatter(ydoc)).toMatchObject({
      title: 'The plan for Ghent, 2027',
      authors: ['Ana', 'Dan', 'Cleo'],
      status: 'adopted',
    });
  });

  it('writes over what is no text where text belongs', () => {
    const fields = frontMatterSchema.parse({ title: 'A plan' });
    const ydoc = planWith(frontMatterSchema.parse({}));
    const map = ydoc.getMap('frontMatter');
    map.set('subtitle', 42);
    (map.get('title') as Y.Text).insertEmbed(0, { image: 'x' });
    rewriteFrontMatter(ydoc, { ...fields, subtitle: 'for all' });
    expect(readFrontMatter(ydoc)).toMatchObject({ title: 'A plan', subtitle: 'for all' });
  });
});
