/** Reading a file's name out of an answer. */
import { expect, test } from 'vitest';
import { nameIn } from './save-file.ts';

test.each([
  [`attachment; filename="Plan fur Gent.md"; filename*=UTF-8''Plan%20f%C3%BCr%20Gent.md`, 'Plan für Gent.md'],
  [`attachment; filename="x.md"`, null],
  [`attachment; filename*=UTF-8''%E4%A.md`, null],
  [null, null],
])('the name in %j is %j', (disposition, name) => {
  expect(nameIn(disposition)).toBe(name);
});
