/** The house rules that a program can check: which part may import which, no import cycles, no barrels, sizes, first sentences. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const PARTS = '{shared,server,client,e2e,bench}';
const LONGEST_FILE = 400;

interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** Paths from the root for relative imports, package names for others. */
  readonly imports: string[];
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function load(name: string): SourceFile {
  const text = readFileSync(join(ROOT, name), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  const imports = [...code.matchAll(IMPORT)].map((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? '';
    return target.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(name), target.replace(/\?.*$/, ''))) : target;
  });
  return { name, text, imports };
}

const files = globSync(`${PARTS}/**/*.ts`, { cwd: ROOT, exclude: ['client/dist/**', '**/node_modules/**'] }).map(load);
/** What runs in production: neither tests, nor what only tests and the kill loop start. */
const product = files.filter(({ name }) => !/\.(test|spec)\.ts$|\/(test-|kill-loop|power-cut)/.test(name));

/** Every "importer imports target" of files below `from` whose target passes `forbidden`. */
function offences(from: string, forbidden: (target: string) => boolean, within = files): string[] {
  return within
    .filter(({ name }) => name.startsWith(from))
    .flatMap(({ name, imports }) => imports.filter(forbidden).map((target) => `${name} imports ${target}`));
}

const below =
  (...folders: string[]) =>
  (target: string) =>
    folders.some((folder) => target.startsWith(folder));

describe('layers', () => {
  it('client and server never import each other, and shared imports neither', () => {
    expect(offences('client/', below('server/'))).toEqual([]);
    expect(offences('server/', below('client/'))).toEqual([]);
    expect(offences('shared/', below('server/', 'client/', 'node:'), product)).toEqual([]);
  });

  it('sync knows no HTTP and no SQL', () => {
    const foreign = below(
      'hono',
      '@hono/',
      'kysely',
      'node:sqlite',
      'node:http',
      'server/routes/',
      'server/auth/',
      'server/app',
    );
    expect(offences('server/sync/', foreign, product)).toEqual([]);
  });

  it('store knows nothing above it', () => {
    expect(offences('server/store/', below('server/sync/', 'server/routes/', 'server/auth/', 'hono'), product)).toEqual(
      [],
    );
  });

  it('collab never imports Lit, elements never import y-websocket', () => {
    expect(offences('client/collab/', below('lit', 'client/elements/'), product)).toEqual([]);
    expect(offences('client/elements/', below('y-websocket'), product)).toEqual([]);
  });

  it('relative imports carry .ts, and only elements use decorators', () => {
    const local = /^(shared|server|client|e2e|bench)\//;
    expect(offences('', (target) => local.test(target) && !/\.(ts|css|md|svg|json)$/.test(target))).toEqual([]);
    expect(
      offences(
        '',
        below('lit/decorators'),
        files.filter(({ name }) => !name.startsWith('client/elements/')),
      ),
    ).toEqual([]);
  });

  it('no files import each other in a circle', () => {
    const byName = new Map(product.map((file) => [file.name, file]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (name: string, trail: string[]): void => {
      const from = trail.indexOf(name);
      if (from >= 0) cycles.push([...trail.slice(from), name].join(' -> '));
      if (from >= 0 || done.has(name)) return;
      for (const target of byName.get(name)?.imports ?? []) if (byName.has(target)) visit(target, [...trail, name]);
      done.add(name);
    };
    for (const { name } of product) visit(name, []);
    expect(cycles).toEqual([]);
  });
});

describe('files', () => {
  it('open with a sentence that says what they are', () => {
    expect(product.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it(`have at most ${LONGEST_FILE} lines`, () => {
    const long = product.map(({ name, text }) => ({ name, lines: text.split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > LONGEST_FILE)).toEqual([]);
  });

  it('are no barrels and no utils', () => {
    expect(
      product.filter(({ name }) => /(^|\/)(utils?|helpers?|index)\.ts$/.test(name)).map(({ name }) => name),
    ).toEqual([]);
  });
});
