/** How the unit and integration tests run; end-to-end tests are Playwright's (e2e/playwright.config.ts). */
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// The tests start the server and its workers some hundred times: what Node has compiled once it need not compile again.
process.env.NODE_COMPILE_CACHE ??= resolve(import.meta.dirname, 'node_modules/.cache/compiled');

export default defineConfig({
  test: {
    include: ['{shared,server,client,e2e,bench}/**/*.test.ts'],
    setupFiles: ['.vitest.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: '.reports/vitest.json' }]],
  },
});
