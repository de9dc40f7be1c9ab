/** Times, numbers and names in words. */
import { describe, expect, it } from 'vitest';
import { clockTime, dayName, exactTime, initials, listNames, relativeTime, signedNumber, wordCount } from './format.ts';

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

describe('dayName', () => {
  it('names today and yesterday, and writes other days out', () => {
    const now = new Date(2026, 2, 30, 0, 5);
    expect(['2026-03-30', '2026-03-29'].map((date) => dayName(date, now))).toEqual(['Today', 'Yesterday']);
    // In the order that the reader's English has them.
    for (const [date, words] of [
      ['2026-03-28', ['28', 'March', '2026']],
      ['2025-12-31', ['31', 'December', '2025']],
      ['2026-03-31', ['31', 'March', '2026']],
    ] as const)
      expect(dayName(date, now).match(/\w+/g)?.toSorted()).toEqual([...words].toSorted());
  });

  it('says nothing about what is no day', () => {
    expect(dayName('soon')).toBe('');
    expect(clockTime('soon')).toBe('');
  });
});

it('writes a change of numbers with its sign', () => {
  expect([86, -1_230].map(signedNumber)).toEqual(['+86', '−1,230']);
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
