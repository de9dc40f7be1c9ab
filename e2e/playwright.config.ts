/** How the end-to-end tests run: one real server for each worker, the packaged browser, nothing installed by hand. */
import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { browserLaunchOptions } from './browser.ts';

// The tests start the server often: what Node has compiled once it need not compile again.
process.env.NODE_COMPILE_CACHE ??= resolve(import.meta.dirname, '../node_modules/.cache/compiled');

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../.reports/e2e',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '../.reports/playwright.json' }]],
  use: {
    launchOptions: await browserLaunchOptions(),
    locale: 'en-GB',
    timezoneId: 'Europe/Brussels',
    trace: 'retain-on-failure',
  },
});
