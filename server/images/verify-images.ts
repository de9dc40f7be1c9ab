/** Checks stored pictures: that each is still the bytes it was stored by. */
import type { DatabaseSync } from 'node:sqlite';
import type { JSONContent } from '@tiptap/core';
import { readImageAddress } from '../../shared/schema/image-address.ts';
import { readImage } from '../store/images.ts';
import { sha256 } from './images.ts';
import { picturesIn } from './images-of.ts';

/** How many there are, and what is damaged, a sentence each. One is read at a time. */
export function verifyImages(sqlite: DatabaseSync): { images: number; problems: string[] } {
  const problems: string[] = [];
  let images = 0;
  for (const { hash, bytes } of sqlite.prepare('SELECT hash, bytes FROM images ORDER BY hash').iterate()) {
    images += 1;
    if (sha256(bytes as Uint8Array) !== hash) problems.push(`picture ${hash} is not what was stored.`);
  }
  return { images, problems };
}

/** Sentences about pictures that a document names as its plan's own, and the plan has not. */
export function missingImages(sqlite: DatabaseSync, planId: string, content: JSONContent): string[] {
  return [...picturesIn(content).keys()].flatMap((source) => {
    const address = readImageAddress(source);
    const isMissing = address?.planId === planId && !readImage(sqlite, planId, address.hash);
    return isMissing ? [`it shows the picture ${address.hash}, which is not kept with it.`] : [];
  });
}
