/** The filter of the Plans page and its address are each other's inverse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planListQuery } from '../shared/api.ts';
import { STREAMS } from '../shared/schema/front-matter.ts';
import { filterSearch, isFiltered, type PlanFilter, readFilter, toQuery } from './plan-filter.ts';

const filters: fc.Arbitrary<PlanFilter> = fc.record({
  q: fc.string({ maxLength: 200, unit: 'grapheme' }).filter((q) => q.length <= 200 && q.isWellFormed()),
  stream: fc.constantFrom(null, ...STREAMS),
  team: fc.constantFrom('', '0f3b5a', 'not a team & more'),
  shelf: fc.constantFrom('all', 'mine', 'shared', 'archived'),
});

describe('the filter of the Plans page', () => {
  it('comes back from the address as it went in', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(readFilter(filterSearch(filter))).toEqual(filter);
      }),
    );
  });

  it('leaves the address bare when nothing is filtered', () => {
    expect(filterSearch({ q: '', stream: null, team: '', shelf: 'all' })).toBe('');
  });

  it('takes defaults for what is not valid', () => {
    expect(readFilter('?stream=toString&shelf=constructor')).toEqual({ q: '', stream: null, team: '', shelf: 'all' });
    expect(readFilter(`?q=${'x'.repeat(300)}`).q).toHaveLength(200);
  });

  it('always asks a question that the server accepts', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(planListQuery.safeParse(toQuery(filter)).success).toBe(true);
      }),
    );
  });

  it('counts blank space as no search', () => {
    const filter: PlanFilter = { q: '  ', stream: null, team: '', shelf: 'all' };
    expect(toQuery(filter).q).toBeUndefined();
    expect(isFiltered(filter)).toBe(false);
  });
});
