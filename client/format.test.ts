/** Times, numbers and names in words. */
import { describe, expect, it } from 'vitest';
import { exactTime, initials, listNames, relativeTime, wordCount } from './format.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const before = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

describe('relativeTime', () => {
  it('uses the largest unit that fits', () => {
    const said = [10, 60, 3 * 3600, 86_400, 8 * 86_400, 40 * 86_400, 800 * 86_400].map((s) =>
      relativeTime(before(s), NOW),
    );
    expect(said).toEqual([
      'just now',
      '1 minute ago',
      '3 hours ago',
      'yesterday',
      'last week',
      'last month',
      '2 years ago',
    ]);
  });

  it('says "just now" where the clock of the server runs ahead', () => {
    expect(relativeTime(before(-90), NOW)).toBe('just now');
  });

  it('says nothing about what is no time', () => {
    expect(relativeTime('soon', NOW)).toBe('');
    expect(exactTime('soon')).toBe('');
  });
});

it('counts words', () => {
  expect([0, 1, 25_310].map(wordCount)).toEqual(['0 words', '1 word', '25,310 words']);
});

it('lists names', () => {
  expect([[], ['Ana'], ['Ana', 'Ben'], ['Ana', 'Ben', 'Caro']].map(listNames)).toEqual([
    '',
    'Ana',
    'Ana and Ben',
    'Ana, Ben and Caro',
  ]);
});

it('takes initials of the first and the last name, in any script, and never splits a letter', () => {
  expect(['Ana', 'ana maria ferreira', '  Жан  Петров ', '𝔄na', ''].map(initials)).toEqual(['A', 'AF', 'ЖП', '𝔄', '?']);
});
