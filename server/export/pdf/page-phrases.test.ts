/** Words as they are laid out: where lines may be broken, and what stands before a note. */
import { expect, test } from 'vitest';
import { type PhraseOptions, toPhrases, words } from './page-phrases.ts';

const broken = (text: string, longest = 60): string =>
  words('text', text, longest)
    .map((phrase) => (phrase.t === 'text' ? phrase.v : '|'))
    .join('');

test('an address may be broken after its signs, any other word only where no line could hold it', () => {
  expect(broken('See https://example.org/a_long/path-to?x=1&y=2 there, and short/ones too')).toBe(
    'See https://|example.|org/|a_|long/|path-to?x=1&y=2 there, and short/ones too',
  );
  expect(broken('Donaudampfschifffahrtsgesellschaft')).toBe('Donaudampfschifffahrtsgesellschaft');
  expect(broken(`${'x'.repeat(70)} y`)).toBe(`${'x'.repeat(60)}|${'x'.repeat(10)} y`);
  expect(broken('abcdefgh', 4)).toBe('abcd|efgh');
});

test('nothing of a text is lost where it may be broken', () => {
  const text = 'a.b-c_d/'.repeat(30) + '🌍'.repeat(90);
  expect(broken(text, 20).replaceAll('|', '')).toBe(text);
});

test('the number of a note stays with the word before it, whatever spaces are around it', () => {
  const options: PhraseOptions = {
    base: null,
    longest: 60,
    inHeading: false,
    lined: false,
    anchored: new Set(),
    toChanges: false,
    anchors: null,
  };
  const said = (...parts: string[]): string =>
    toPhrases(
      parts.map((part) => (part === '*' ? { type: 'footnote', children: [] } : { type: 'text', value: part })),
      options,
    )
      .map((phrase) => (phrase.t === 'text' ? phrase.v : '*'))
      .join('');
  expect(said('One ', '*', 'two')).toBe('One* two');
  expect(said('One ', '*', ' two')).toBe('One* two');
  expect(said('One ', '*', '*', 'two')).toBe('One** two');
  expect(said('One ', '*', ', two')).toBe('One*, two');
  expect(said('One', '*', 'two')).toBe('One*two');
  expect(said('One ', '*')).toBe('One*');
  expect(said(' ', '*', 'two')).toBe('* two');
});
