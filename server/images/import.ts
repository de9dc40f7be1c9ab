/** Gives an imported document its pictures: those that its file carries, and those of plans that whoever imports it may read. */
import type { JSONContent } from '@tiptap/core';
import { CommonplanError } from '../../shared/errors.ts';
import { imageAddress, readImageAddress } from '../../shared/schema/image-address.ts';
import type { Imported } from '../import/html-content.ts';
import { Losses } from '../import/losses.ts';
import type { StoredImage } from '../store/images.ts';
import { type Images, mebibytes } from './images.ts';
import { picturesIn } from './images-of.ts';

export interface WithPictures extends Pick<Imported, 'content' | 'losses'> {
  /** To be kept with the plan, in the transaction that makes it. */
  readonly images: readonly StoredImage[];
}

/**
 * Figures then name pictures of `planId`, a plan that is about to be made, or pictures on the web; where a picture could not be had, the
 * figure stays without it, and that is a loss. `mayRead`: whether the person may read that plan.
 */
export async function keepPictures(
  planId: string,
  { content, losses, pictures }: Imported,
  { images, mayRead }: { images: Images; mayRead: (planId: string) => Promise<boolean> },
): Promise<WithPictures> {
  const lost = new Losses();
  const kept = new Map<string, StoredImage>();
  const addresses = new Map<string, string | null>();
  let room = images.mostBytesPerPlan;

  const find = async (source: string): Promise<StoredImage | undefined> => {
    const carried = pictures?.get(source);
    if (carried) return images.prepare(carried);
    const address = readImageAddress(source);
    return address && (await mayRead(address.planId)) ? images.read(address.planId, address.hash) : undefined;
  };

  for (const [source, alt] of picturesIn(content)) {
    if (!readImageAddress(source)) continue;
    const example = alt || 'without a description';
    addresses.set(source, null);
    try {
      const image = await find(source);
      if (!image) {
        lost.add('pictures that the file does not hold: add each again where it stood', example);
        continue;
      }
      if (!kept.has(image.hash)) {
        if (image.bytes.length > room) {
          lost.add(`pictures beyond the ${mebibytes(images.mostBytesPerPlan)} MiB that one plan may have`, example);
          continue;
        }
        room -= image.bytes.length;
        kept.set(image.hash, image);
      }
      addresses.set(source, imageAddress(planId, image.hash));
    } catch (error) {
      if (!(error instanceof CommonplanError) || error.status >= 500) throw error;
      lost.add('pictures that could not be taken over', `${example}: ${error.message}`);
    }
  }

  return {
    content: addresses.size > 0 ? readdressed(content, addresses) : content,
    losses: [...losses, ...lost.list()],
    images: [...kept.values()],
  };
}

function readdressed(node: JSONContent, addresses: ReadonlyMap<string, string | null>): JSONContent {
  const src = node.type === 'figure' ? addresses.get(node.attrs?.src) : undefined;
  return {
    ...node,
    ...(src !== undefined && { attrs: { ...node.attrs, src } }),
    ...(node.content && { content: node.content.map((child) => readdressed(child, addresses)) }),
  };
}
