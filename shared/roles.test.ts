import { describe, expect, it } from 'vitest';
import { betterRole, may, ROLES } from './roles.ts';

describe('roles', () => {
  it.each([
    ['owner', ['read', 'comment', 'write', 'share', 'manage']],
    ['editor', ['read', 'comment', 'write']],
    ['commenter', ['read', 'comment']],
    ['viewer', ['read']],
  ] as const)('%s may %j and nothing else', (role, allowed) => {
    const actions = ['read', 'comment', 'write', 'share', 'manage'] as const;
    expect(actions.filter((action) => may(role, action))).toEqual(allowed);
  });

  it('the better of two roles is the one that may more, whichever comes first', () => {
    for (const a of ROLES) {
      for (const b of ROLES) {
        expect(betterRole(a, b)).toBe(betterRole(b, a));
        expect(may(betterRole(a, b), 'write')).toBe(may(a, 'write') || may(b, 'write'));
      }
    }
  });
});
