/** For tests: the process that makes PDFs, with its jobs made on this side, where the server's workers make them. */
import type { Exportable } from '../exportable.ts';
import type { Redline } from '../redline-facts.ts';
import { createPdfExporter, type PdfExporterOptions } from './exporter.ts';
import { encodeJob, type PdfJob } from './job.ts';
import type { PdfOptions } from './to-pages.ts';

export type TestExporter = ReturnType<typeof createTestExporter>;

export function createTestExporter(options: PdfExporterOptions) {
  const exporter = createPdfExporter(options);
  const make = async (job: PdfJob, signal?: AbortSignal) => exporter.write(encodeJob(job), signal);
  return {
    write: (exportable: Exportable<PdfOptions>, { signal }: { signal?: AbortSignal } = {}) =>
      make({ exportable }, signal),
    redline: (redline: Redline, { paper }: { paper: PdfOptions['paper'] }) => make({ redline, paper }),
    stop: () => exporter.stop(),
  };
}
