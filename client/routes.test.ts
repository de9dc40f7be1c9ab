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
      expect(matchRoute(`/join${end}`)).toEqual({ page: 'join' });
      expect(matchRoute(`/account${end}`)).toEqual({ page: 'account' });
    }
  });

  it('finds nothing at addresses that are no page', () => {
    for (const path of ['/plan', '/plans/a/b', '/join/x', '/account/x', '/JOIN', '/plans/%E0%A4%A']) {
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

  it('is total: any path means some page', () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        expect(matchRoute(path).page).toBeTypeOf('string');
      }),
    );
  });
});
