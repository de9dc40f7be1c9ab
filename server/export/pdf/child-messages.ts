/** What the server and the process that makes its PDFs say to each other. */
import type { Exportable } from '../exportable.ts';
import type { Redline } from '../redline-facts.ts';
import type { PdfOptions } from './to-pages.ts';

export type PdfJob =
  | { readonly exportable: Exportable<PdfOptions> }
  | { readonly redline: Redline; readonly paper: PdfOptions['paper'] };

export interface WrittenPdf {
  readonly pdf: Uint8Array;
  /** The standard that it keeps to; null: `warnings` say what stands in the way, and it is an ordinary tagged PDF. */
  readonly standard: 'PDF/UA-1' | null;
  /** Whole sentences, for the person who exports. */
  readonly warnings: readonly string[];
}

export type PdfAnswer = WrittenPdf | { readonly error: string };
