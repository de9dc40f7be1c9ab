/** Finds the pictures that a document shows, among those that are kept with its plan. */
import type { DatabaseSync } from 'node:sqlite';
import type { JSONContent } from '@tiptap/core';
import { readImageAddress } from '../../shared/schema/image-address.ts';
import type { ExportImage } from '../export/exportable.ts';
import { readImage } from '../store/images.ts';

/** By the addresses that `content` names them with. Those of other plans are left out: who may read this one may not read them. */
export function imagesOf(sqlite: DatabaseSync, planId: string, content: JSONContent): Map<string, ExportImage> {
  const images = new Map<string, ExportImage>();
  for (const source of picturesIn(content).keys()) {
    const address = readImageAddress(source);
    const image = address?.planId === planId ? readImage(sqlite, planId, address.hash) : undefined;
    if (image) images.set(source, image);
  }
  return images;
}

/** The `src` of every figure, each once, in the order of the text, with its description. */
export function picturesIn(content: JSONContent): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (node: JSONContent): void => {
    const { src, alt } = node.attrs ?? {};
    if (node.type === 'figure' && typeof src === 'string' && !found.has(src)) found.set(src, String(alt ?? ''));
    node.content?.forEach(visit);
  };
  visit(content);
  return found;
}
