/** The process that makes PDFs: one at a time, for whoever started it. It holds no secrets, and may die of any plan without harm. */
import { Socket } from 'node:net';
import { missingCharacters } from './coverage.ts';
import { readFrames, writeFrame } from './frames.ts';
import { decodeJob, type PdfAnswer, type PdfJob } from './job.ts';
import { inWords, isObstacle } from './obstacles.ts';
import { firstPages } from './preview.ts';
import { redlinePages } from './redline-pages.ts';
import { type Pages, toPages } from './to-pages.ts';
import { createTypst, TypstError } from './typst.ts';

const typst = createTypst();
const answers = new Socket({ fd: 3 });

readFrames(process.stdin, async (frame) => {
  const { answer, files } = await make(decodeJob(frame));
  writeFrame(answers, Buffer.from(JSON.stringify(answer)));
  for (const file of files) writeFrame(answers, file);
});
// Whoever started it is gone.
process.stdin.on('end', () => process.exit());

const pagesOf = (job: PdfJob): Pages =>
  'redline' in job ? redlinePages(job.redline, job.paper) : toPages(job.exportable);

async function make(job: PdfJob): Promise<{ answer: PdfAnswer; files: Uint8Array[] }> {
  try {
    const { document, files, warnings } = pagesOf(job);
    let shown = document;
    let compiled: ReturnType<typeof typst.compile>;
    try {
      compiled = typst.compile(shown, files);
    } catch (error) {
      // A picture that cannot be read would take the whole plan with it.
      if (!(error instanceof TypstError) || files.size === 0 || !('exportable' in job)) throw error;
      shown = toPages({ ...job.exportable, images: new Map() }).document;
      compiled = typst.compile(shown, new Map());
      warnings.push(`Its pictures could not be read (${error.message}), so they are left out.`);
    }
    const missing = missingCharacters(shown);
    if (missing) warnings.push(missing);
    const { pdf, pages, obstacle } = compiled;
    if (obstacle !== null && !warnings.some(isObstacle)) warnings.push(inWords(obstacle));
    const made = 'preview' in job && job.preview ? await firstPages(typst, pdf, pages) : [pdf];
    const standard = obstacle === null ? 'PDF/UA-1' : null;
    return { answer: { files: made.length, pages, standard, warnings }, files: made };
  } catch (error) {
    return { answer: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, files: [] };
  }
}
