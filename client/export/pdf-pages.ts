/** The first pages of a PDF, drawn by this page itself: not every browser has a viewer that a page may use, phones' have none. */
import { GlobalWorkerOptions, getDocument } from 'pdfjs-dist';
import workerAddress from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { trustedTypes } from '../trusted-types.ts';

/** For the address of the worker that reads PDFs, a file of this build. */
const policy = trustedTypes?.createPolicy('pdf-worker', { createScriptURL: (url: string) => url });

export interface PdfPages {
  readonly canvases: readonly HTMLCanvasElement[];
  /** Of the whole file. */
  readonly count: number;
  /** Whether the file says of itself that it keeps to PDF/UA, so that every reader can read it. */
  readonly isAccessible: boolean;
}

/** `width` in pixels of the canvases. Rejects with the signal's reason for who gave up, and where the file is no PDF. */
export async function drawPages(file: Blob, most: number, width: number, signal: AbortSignal): Promise<PdfPages> {
  const data = await file.arrayBuffer();
  const port = new Worker(policy?.createScriptURL(workerAddress) ?? workerAddress, { type: 'module' });
  GlobalWorkerOptions.workerPort = port;
  // Letters are drawn as outlines, without fonts that the page's policy would not let in.
  const task = getDocument({ data, disableFontFace: true, useWasm: false });
  try {
    const pdf = await task.promise;
    signal.throwIfAborted();
    const canvases: HTMLCanvasElement[] = [];
    for (let number = 1; number <= Math.min(pdf.numPages, most); number++) {
      const page = await pdf.getPage(number);
      const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(viewport.width);
      canvas.height = Math.round(viewport.height);
      await page.render({ canvas, viewport }).promise;
      signal.throwIfAborted();
      canvases.push(canvas);
    }
    const { metadata } = await pdf.getMetadata();
    return { canvases, count: pdf.numPages, isAccessible: metadata?.get('pdfuaid:part') != null };
  } finally {
    await task.destroy();
    port.terminate();
  }
}
