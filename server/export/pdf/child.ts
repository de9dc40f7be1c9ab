/** The process that makes PDFs: one at a time, for whoever started it. It holds no secrets, and may die of any plan without harm. */
import { Socket } from 'node:net';
import { missingCharacters } from './coverage.ts';
import { readFrames, writeFrame } from './frames.ts';
import { decodeJob, type PdfAnswer, type PdfJob } from './job.ts';
import { inWords, isObstacle } from './obstacles.ts';
import { redlinePages } from './redline-pages.ts';
import { type Pages, toPages } from './to-pages.ts';
import { createTypst, TypstError } from './typst.ts';

const compile = createTypst();
const answers = new Socket({ fd: 3 });

readFrames(process.stdin, (frame) => {
  const { answer, pdf } = make(decodeJob(frame));
  writeFrame(answers, Buffer.from(JSON.stringify(answer)));
  if (pdf) writeFrame(answers, pdf);
});
// Whoever started it is gone.
process.stdin.on('end', () => process.exit());

const pagesOf = (job: PdfJob): Pages =>
  'redline' in job ? redlinePages(job.redline, job.paper) : toPages(job.exportable);

function make(job: PdfJob): { answer: PdfAnswer; pdf?: Uint8Array } {
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
    const { pdf, obstacle } = compiled;
    if (obstacle !== null && !warnings.some(isObstacle)) warnings.push(inWords(obstacle));
    return { answer: { standard: obstacle === null ? 'PDF/UA-1' : null, warnings }, pdf };
  } catch (error) {
    return { answer: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) } };
  }
}
