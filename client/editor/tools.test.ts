/** Tests of the names of keys. */
import { describe, expect, it } from 'vitest';
import { readableKeys } from './tools.ts';

describe('readableKeys', () => {
  it('writes keys as each kind of machine does', () => {
    expect(readableKeys('Mod-Shift-b', false)).toBe('Ctrl+Shift+B');
    expect(readableKeys('Mod-Shift-b', true)).toBe('⌘⇧B');
    expect(readableKeys('Mod-/', false)).toBe('Ctrl+/');
    expect(readableKeys('Mod-\\', false)).toBe('Ctrl+\\');
    expect(readableKeys('Alt-F10', false)).toBe('Alt+F10');
  });
});
