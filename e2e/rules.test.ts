/** Every numbered rule has a test that quotes it, and every quoted number is a rule. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

const rules = ['server/SPEC.md', 'shared/PROTOCOL.md'].flatMap((name) => matches(read(name), /^- \*\*([RW]\d+)\*\*/gm));
const tests = globSync('{shared,server,client,e2e}/**/*.{test,spec}.ts', { cwd: ROOT });
const quoted = tests.flatMap((name) => matches(read(name), /['"`]\[([RW]\d+)\]/g));

it('every rule has a number of its own, and is quoted by a test', () => {
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
  expect(rules.filter((rule) => !quoted.includes(rule))).toEqual([]);
});

it('every quoted number is a rule', () => {
  expect([...new Set(quoted)].filter((rule) => !rules.includes(rule))).toEqual([]);
});
