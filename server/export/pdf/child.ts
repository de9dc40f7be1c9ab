/** The process that makes PDFs: one at a time, for whoever started it. It holds no secrets, and may die of any plan without harm. */

import type { PdfAnswer, PdfJob } from './child-messages.ts';
import { missingCharacters } from './coverage.ts';
import { inWords, isObstacle } from './obstacles.ts';
import { redlinePages } from './redline-pages.ts';
import { type Pages, toPages } from './to-pages.ts';
import { createTypst, TypstError } from './typst.ts';

const compile = createTypst();

process.on('message', (job: PdfJob) => {
  process.send?.(answer(job));
});
// Its parent is gone.
process.on('disconnect', () => process.exit());

const pagesOf = (job: PdfJob): Pages =>
  'redline' in job ? redlinePages(job.redline, job.paper) : toPages(job.exportable);

function answer(job: PdfJob): PdfAnswer {
  try {
    const { document, files, warnings } = pagesOf(job);
    let shown = document;
    let compiled: ReturnType<typeof compile>;
    try {
      compiled = compile(shown, files);
    } catch (error) {
      // A picture that cannot be read would take the whole plan with it.
      if (!(error instanceof TypstError) || files.size === 0 || !('exportable' in job)) throw error;
      shown = toPages({ ...job.exportable, images: new Map() }).document;
      compiled = compile(shown, new Map());
      warnings.push(`Its pictures could not be read (${error.message}), so they are left out.`);
    }
    const missing = missingCharacters(shown);
    if (missing) warnings.push(missing);
    if (compiled.obstacle !== null && !warnings.some(isObstacle)) warnings.push(inWords(compiled.obstacle));
    return { pdf: compiled.pdf, standard: compiled.obstacle === null ? 'PDF/UA-1' : null, warnings };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
