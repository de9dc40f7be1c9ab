/** The writer of each format but PDF, which pdf/ makes in a process of its own. They run in the documents' workers. */
import type { ExportFormat, ExportOptions } from '../../shared/export.ts';
import { exportDocx } from './docx/document.ts';
import type { Exportable } from './exportable.ts';
import { exportHtml } from './html-document.ts';
import { exportJson } from './json.ts';
import { exportMarkdown } from './markdown.ts';
import { versionFacts } from './version-facts.ts';
import { exportWikitext } from './wikitext.ts';

type Writer<Format extends ExportFormat> = (
  exportable: Exportable<ExportOptions<Format>>,
) => string | Uint8Array | Promise<Uint8Array>;

export const WRITERS: { readonly [Format in Exclude<ExportFormat, 'pdf'>]: Writer<Format> } = {
  md: (exportable) => {
    const about = versionFacts(exportable).map(({ label, value }) => `${label}: ${value}`);
    return exportMarkdown(exportable.content, exportable.frontMatter, about, exportable.images);
  },
  docx: exportDocx,
  html: exportHtml,
  wikitext: exportWikitext,
  json: exportJson,
};
