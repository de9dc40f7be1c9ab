/** Which page an address means. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { href, matchRoute } from './routes.ts';

describe('matchRoute', () => {
  it('knows the pages, with and without a slash at the end', () => {
    for (const end of ['', '/']) {
      expect(matchRoute(`${end}`)).toEqual({ page: 'plans' });
      expect(matchRoute(`/plans${end}`)).toEqual({ page: 'plans' });
      expect(matchRoute(`/plans/a1${end}`)).toEqual({ page: 'plan', planId: 'a1' });
      expect(matchRoute(`/plans/a1/history${end}`)).toEqual({ page: 'history', planId: 'a1' });
      expect(matchRoute(`/plans/a1/history/12${end}`)).toEqual({ page: 'snapshot', planId: 'a1', number: 12 });
      expect(matchRoute(`/plans/a1/compare/3/12${end}`)).toEqual({ page: 'compare', planId: 'a1', from: 3, to: 12 });
      expect(matchRoute(`/plans/a1/compare/3/now${end}`)).toEqual({
        page: 'compare',
        planId: 'a1',
        from: 3,
        to: 'now',
      });
      expect(matchRoute(`/teams${end}`)).toEqual({ page: 'teams' });
      expect(matchRoute(`/teams/a1${end}`)).toEqual({ page: 'team', teamId: 'a1' });
      expect(matchRoute(`/join${end}`)).toEqual({ page: 'join' });
      expect(matchRoute(`/account${end}`)).toEqual({ page: 'account' });
    }
  });

  it('finds nothing at addresses that are no page', () => {
    for (const path of [
      '/plan',
      '/plans/a/b',
      '/plans/a/history/0',
      '/plans/a/history/x',
      '/plans/a/history/1/2',
      '/plans/a/compare/1',
      '/plans/a/compare/now/1',
      '/plans/a/compare/1/2/3',
      '/teams/a/b',
      '/join/x',
      '/account/x',
      '/JOIN',
      '/plans/%E0%A4%A',
    ]) {
      expect(matchRoute(path)).toEqual({ page: 'not-found' });
    }
  });

  it('brings every plan id back that href wrote', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme' }), (planId) => {
        fc.pre(planId.isWellFormed());
        // The browser, too, normalises the path: a plan called "." or ".." has no address, and ids are never that.
        fc.pre(planId !== '.' && planId !== '..');
        const { pathname } = new URL(href.plan(planId), 'https://plans.example');
        expect(matchRoute(pathname)).toEqual({ page: 'plan', planId });
      }),
    );
  });

  it('brings every snapshot and every comparison back that href wrote', () => {
    const number = fc.integer({ min: 1, max: 999_999_999 });
    fc.assert(
      fc.property(number, fc.oneof(number, fc.constant('now' as const)), (from, to) => {
        expect(matchRoute(href.snapshot('p', from))).toEqual({ page: 'snapshot', planId: 'p', number: from });
        expect(matchRoute(href.compare('p', from, to))).toEqual({ page: 'compare', planId: 'p', from, to });
      }),
    );
  });

  it('is total: any path means some page', () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        expect(matchRoute(path).page).toBeTypeOf('string');
      }),
    );
  });
});
