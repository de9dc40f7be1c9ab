/** The process that decodes pictures: one at a time, for whoever started it. It holds no secrets, and may die of any picture without harm. */
import { CommonplanError } from '../../shared/errors.ts';
import type { ImageAnswer, ImageJob } from './child-messages.ts';
import { encodeImage } from './encode.ts';

process.on('message', async (job: ImageJob) => {
  process.send?.(await answer(job));
});
// Its parent is gone.
process.on('disconnect', () => process.exit());

async function answer({ bytes }: ImageJob): Promise<ImageAnswer> {
  try {
    return { encoded: await encodeImage(bytes) };
  } catch (error) {
    if (!(error instanceof CommonplanError)) return { error: String((error as Error).stack ?? error) };
    return { refused: { code: error.code, message: error.message } };
  }
}
