// Adds up the reports that the test runners wrote; a missing report counts as a failure.
import { readFileSync } from 'node:fs';

const total = { passed: 0, failed: 0, skipped: 0 };

function add(file, count) {
  try {
    count(JSON.parse(readFileSync(new URL(`../.reports/${file}`, import.meta.url), 'utf8')));
  } catch (error) {
    console.error(`${file}: ${error.message}`);
    total.failed += 1;
  }
}

add('vitest.json', (report) => {
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests || (report.success ? 0 : 1);
  total.skipped += report.numPendingTests + report.numTodoTests;
});
add('playwright.json', ({ stats, errors }) => {
  total.passed += stats.expected;
  total.failed += stats.unexpected + stats.flaky + errors.length;
  total.skipped += stats.skipped;
});

console.log(`${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed || !total.passed ? 1 : 0);
