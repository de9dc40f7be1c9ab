/** Makes files of plans: in the documents' workers, or, for PDF, in a process of its own. So many at once; the others wait. */
import { CommonplanError } from '../../shared/errors.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportOptions } from '../../shared/export.ts';
import type { Documents } from '../documents/documents.ts';
import type { ExportedFile, ExportRequest } from '../documents/jobs.ts';
import { createGate } from '../gate.ts';
import type { Exportable } from './exportable.ts';
import type { PdfExporter } from './pdf/exporter.ts';

export interface Exports {
  /** Those that this server can make: where Typst has no compiler for the machine, there is no PDF. */
  readonly formats: readonly ExportFormat[];
  /**
   * Rejects as reading a snapshot does, with `unknown-format` for what is not among the formats, with `busy` when too many wait, and with
   * the signal's reason for who gave up.
   */
  write(request: ExportRequest, signal?: AbortSignal): Promise<ExportedFile>;
}

/** Exports that are made at once, so that other work gets its turn, and that may wait. */
const AT_ONCE = 2;
const MOST_WAITING = 20;

/** `pdf` null: it cannot be made here. */
export function createExports({
  documents,
  pdf,
}: {
  documents: Pick<Documents, 'export' | 'readExportable'>;
  pdf: Pick<PdfExporter, 'write'> | null;
}): Exports {
  const gate = createGate(AT_ONCE, MOST_WAITING);
  const formats = EXPORT_FORMATS.filter((format) => format !== 'pdf' || pdf !== null);

  async function write(request: ExportRequest, signal?: AbortSignal): Promise<ExportedFile> {
    if (request.format !== 'pdf' || pdf === null) return documents.export(request);
    const exportable = await documents.readExportable(request);
    signal?.throwIfAborted();
    const written = await pdf.write(exportable as Exportable<ExportOptions<'pdf'>>, signal ? { signal } : {});
    return { bytes: written.pdf, title: exportable.frontMatter.title, warnings: written.warnings };
  }

  return {
    formats,
    async write(request, signal) {
      if (!formats.includes(request.format)) throw unknownFormat(formats);
      return gate.pass(() => write(request, signal), signal);
    },
  };
}

export function unknownFormat(formats: readonly ExportFormat[]): CommonplanError {
  const expected = new Intl.ListFormat('en', { type: 'disjunction' }).format(formats);
  return new CommonplanError('unknown-format', `This format is not known here. Expected ${expected}.`);
}
