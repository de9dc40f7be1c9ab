/** How the unit and integration tests run; end-to-end tests are Playwright's (e2e/playwright.config.ts). */
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The tests start the server and its workers some hundred times: what Node has compiled once it need not compile again.
process.env.NODE_COMPILE_CACHE ??= resolve(import.meta.dirname, 'node_modules/.cache/compiled');

/** Small files that take long: at the end, where their size would put them, one would keep a single processor busy. */
const SLOW = /kill-loop|main\.test/;

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(SLOW.test(b.moduleId)) - Number(SLOW.test(a.moduleId)));
  }
}

export default defineConfig({
  test: {
    include: ['{shared,server,client,e2e,bench}/**/*.test.ts'],
    setupFiles: ['.vitest.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // How long a busy machine takes says nothing about whether it is right: one second, the default, does.
    expect: { poll: { timeout: 50_000 } },
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
    reporters: ['default', ['json', { outputFile: '.reports/vitest.json' }]],
  },
});
