/** What the interface calls snapshots. */
import { describe, expect, it } from 'vitest';
import { SNAPSHOT_KINDS } from '../../shared/api.ts';
import { comparedNames, contributionWords, isLandmark, nameOf, snapshotName, snapshotTitle } from './snapshot-words.ts';

const people = [{ id: 'a', name: 'Ana', color: '#c4314b', guest: false }];

describe('comparedNames', () => {
  it('calls older what is older, also where a comparison goes backwards', () => {
    expect(comparedNames(1, 2)).toEqual(['Older version', 'Newer version']);
    expect(comparedNames(2, 1)).toEqual(['Newer version', 'Older version']);
    expect(comparedNames(10, 9)).toEqual(['Newer version', 'Older version']);
    expect(comparedNames(2, 'now')).toEqual(['Older version', 'Newer version']);
  });
});

describe('snapshotTitle', () => {
  it('is the label where a person gave one', () => {
    expect(snapshotTitle({ kind: 'named', label: 'For the council', restored: null })).toBe('For the council');
    expect(snapshotName({ number: 7, kind: 'named', label: 'For the council', restored: null })).toBe(
      'Snapshot 7, For the council',
    );
  });

  it('says of every kind in words why it was taken', () => {
    const titles = SNAPSHOT_KINDS.map((kind) => snapshotTitle({ kind, label: '', restored: null }));
    expect(new Set(titles).size).toBe(SNAPSHOT_KINDS.length);
    for (const title of titles) expect(title).toMatch(/^[A-Z][a-z ]+$/);
  });

  it('says what was restored', () => {
    const restored = (whole: boolean) => snapshotTitle({ kind: 'restored', label: '', restored: { number: 4, whole } });
    expect(restored(true)).toBe('Restored snapshot 4');
    expect(restored(false)).toBe('Put back parts of snapshot 4');
  });
});

it('counts what people look for as landmarks', () => {
  expect(SNAPSHOT_KINDS.filter((kind) => isLandmark({ kind }))).toEqual(['named', 'created', 'imported', 'restored']);
});

describe('people', () => {
  it('who is not listed is a former member', () => {
    expect(nameOf(people, 'a')).toBe('Ana');
    expect(nameOf(people, 'b')).toBe('former member');
  });

  it('says how a passage came in', () => {
    const at = '2026-03-03T13:02:00.000Z';
    const words = (how: 'written' | 'imported' | 'restored', source: string | null) =>
      contributionWords({ userId: 'a', at, how, source }, people);
    expect(words('written', null)).toMatch(/^Ana, .*\d/);
    expect(words('imported', null)).toMatch(/^Ana, by importing a file, .*\d/);
    expect(words('imported', 'plan.md')).toMatch(/^Ana, by importing plan.md, .*\d/);
    expect(words('restored', '3')).toMatch(/^Ana, by restoring snapshot 3, .*\d/);
  });
});
