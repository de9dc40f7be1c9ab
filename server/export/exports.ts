/** Makes files of plans and comparisons: in the documents' workers, or, for PDF, in a process of its own. So many at once; the others wait. */
import { REDLINE_FORMATS, type RedlineFormat } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../shared/export.ts';
import type { Documents } from '../documents/documents.ts';
import type { ExportedFile, ExportRequest, RedlineRequest } from '../documents/jobs.ts';
import { createGate } from '../gate.ts';
import type { PdfExporter, WrittenPdf } from './pdf/exporter.ts';

/** All but `unknown-format` reject as reading a snapshot does, with `busy` when too many wait, and with the signal's reason for who gave up. */
export interface Exports {
  /** Those that this server can make: where Typst has no compiler for the machine, there is no PDF. */
  readonly formats: readonly ExportFormat[];
  readonly redlineFormats: readonly RedlineFormat[];
  /** Rejects with `unknown-format` for what is not among the formats. */
  write(request: ExportRequest, signal?: AbortSignal): Promise<ExportedFile>;
  /** What changed between two versions. Rejects with `unknown-format` for what is not among the formats. */
  redline(
    request: RedlineRequest & { format: RedlineFormat },
    signal?: AbortSignal,
  ): Promise<Omit<ExportedFile, 'title'>>;
}

/** Exports that are made at once, so that other work gets its turn, and that may wait. */
const AT_ONCE = 2;
const MOST_WAITING = 20;

/** `pdf` null: it cannot be made here. */
export function createExports({
  documents,
  pdf,
}: {
  documents: Pick<Documents, 'export' | 'pdfJob' | 'compare' | 'redlineJob'>;
  pdf: Pick<PdfExporter, 'write'> | null;
}): Exports {
  const gate = createGate(AT_ONCE, MOST_WAITING);
  const possible = (format: string): boolean => format !== 'pdf' || pdf !== null;
  const formats = EXPORT_FORMATS.filter(possible);
  const redlineFormats = REDLINE_FORMATS.filter(possible);

  function writePdf(job: Uint8Array, signal?: AbortSignal): Promise<WrittenPdf> {
    if (pdf === null) throw unknownFormat(formats);
    return pdf.write(job, signal);
  }

  return {
    formats,
    redlineFormats,

    async write(request, signal) {
      if (!formats.includes(request.format)) throw unknownFormat(formats);
      return gate.pass(async () => {
        if (request.format !== 'pdf') return documents.export(request);
        const { job, title } = await documents.pdfJob(request);
        const { pdf: bytes, warnings } = await writePdf(job, signal);
        return { bytes, title, warnings };
      }, signal);
    },

    async redline({ format, ...request }, signal) {
      if (!redlineFormats.includes(format)) throw unknownFormat(redlineFormats);
      return gate.pass(async () => {
        if (format !== 'pdf') {
          return { bytes: await documents.compare(request.planId, request.from, request.to, format), warnings: [] };
        }
        const { pdf: bytes, warnings } = await writePdf(await documents.redlineJob(request), signal);
        return { bytes, warnings };
      }, signal);
    },
  };
}

export function unknownFormat(formats: readonly string[]): CommonplanError {
  const expected = new Intl.ListFormat('en', { type: 'disjunction' }).format(formats);
  return new CommonplanError('unknown-format', `This format is not known here. Expected ${expected}.`);
}
