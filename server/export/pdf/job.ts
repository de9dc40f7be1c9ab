/** What the process that makes PDFs is asked for, as bytes, and what it answers. Whoever reads the plan makes the bytes: those between pass them on. */
import { deserialize, serialize } from 'node:v8';
import { CommonplanError } from '../../../shared/errors.ts';
import type { Exportable } from '../exportable.ts';
import type { Redline } from '../redline-facts.ts';
import type { PdfOptions } from './to-pages.ts';

export type PdfJob =
  | { readonly exportable: Exportable<PdfOptions> }
  | { readonly redline: Redline; readonly paper: PdfOptions['paper'] };

/** A frame of JSON. Where there is no error, the next frame is the PDF. */
export type PdfAnswer =
  | {
      /** The standard that it keeps to; null: `warnings` say what stands in the way, and it is an ordinary tagged PDF. */
      readonly standard: 'PDF/UA-1' | null;
      /** Whole sentences, for the person who exports. */
      readonly warnings: readonly string[];
    }
  | { readonly error: string };

/** Nodes of a plan or a comparison, at most: some 2000 pages. */
const MOST_NODES = 250_000;

/** Throws `too-large`. */
export function encodeJob(job: PdfJob): Uint8Array {
  if ('exportable' in job && nodes(job.exportable.content) > MOST_NODES) {
    throw new CommonplanError('too-large', 'This plan is too long for one PDF. Expected at most some 2000 pages.');
  }
  if ('redline' in job && nodes({ content: job.redline.answer.blocks }) > MOST_NODES) {
    throw new CommonplanError('too-large', 'This comparison is too long for one PDF.');
  }
  return serialize(job);
}

export const decodeJob = (bytes: Uint8Array): PdfJob => deserialize(bytes);

/** Counted no further than is needed to know that there are too many. */
function nodes(root: unknown): number {
  const stack: unknown[] = [root];
  let count = 0;
  while (stack.length > 0 && count <= MOST_NODES) {
    const node = stack.pop() as Partial<Record<'content' | 'children' | 'inline' | 'node', unknown>>;
    count++;
    for (const children of [node.content, node.children, node.inline]) {
      if (Array.isArray(children)) for (const child of children) stack.push(child);
    }
    if (node.node) stack.push(node.node);
  }
  return count;
}
