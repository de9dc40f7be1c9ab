/** The formats that a plan can be taken away in, and what can be chosen of each. */
import { z } from 'zod';

const choice = <const Word extends string>(words: readonly [Word, ...Word[]]) =>
  z.enum(words, `Expected ${words.join(' or ')}`).default(words[0] as never);
const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'], 'Expected true or false')
    .default(fallback ? 'true' : 'false')
    .transform((word) => word === 'true');

interface Format {
  readonly mediaType: string;
  /** Of the file's name, without the dot. */
  readonly extension: string;
  /** As they stand in an address: words. */
  readonly options: z.ZodObject;
}

export const PDF_OPTIONS = z.object({
  paper: choice(['a4', 'letter']),
  design: choice(['report', 'charter']),
  /** Whether headings are numbered. */
  numbered: flag(true),
});
export const DOCX_OPTIONS = z.object({ paper: choice(['a4', 'letter']), numbered: flag(true) });
/** `fragment`: only the text, to paste into another site's editor. */
export const HTML_OPTIONS = z.object({ fragment: flag(false), numbered: flag(true) });

/** A format stands here when, and only when, server/export/formats.ts has its writer. */
export const FORMATS = {
  pdf: { mediaType: 'application/pdf', extension: 'pdf', options: PDF_OPTIONS },
  docx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extension: 'docx',
    options: DOCX_OPTIONS,
  },
  html: { mediaType: 'text/html; charset=utf-8', extension: 'html', options: HTML_OPTIONS },
  wikitext: { mediaType: 'text/plain; charset=utf-8', extension: 'wiki', options: z.object({}) },
  md: { mediaType: 'text/markdown; charset=utf-8', extension: 'md', options: z.object({}) },
  json: { mediaType: 'application/json; charset=utf-8', extension: 'json', options: z.object({}) },
} as const satisfies Record<string, Format>;

export type ExportFormat = keyof typeof FORMATS;
export const EXPORT_FORMATS = Object.keys(FORMATS) as readonly ExportFormat[];
export type ExportOptions<Of extends ExportFormat = ExportFormat> = z.output<(typeof FORMATS)[Of]['options']>;
