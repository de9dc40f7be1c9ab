/** How the unit and integration tests run; end-to-end tests are Playwright's (e2e/playwright.config.ts). */
import { defineConfig } from 'vitest/config';

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
