/** The pictures of plans: checked, encoded anew, and kept once in the database, up to so many bytes for each plan. */
import { createHash } from 'node:crypto';
import { MOST_IMAGE_BYTES } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { Database } from '../store/database.ts';
import { findImage, imageBytes, insertImages, readImage, type StoredImage } from '../store/images.ts';
import { transaction } from '../store/transaction.ts';
import type { ImageEncoder } from './encoder.ts';

/** A picture that is ready to be kept. */
export interface PreparedImage extends StoredImage {
  /** It was an animation, of which this is the first picture. */
  readonly animated: boolean;
}

export interface Images {
  /** Checks and encodes what somebody sent. Rejects as `ImageEncoder.encode` does, and with `too-large` for more than `MOST_IMAGE_BYTES`. */
  prepare(bytes: Uint8Array): Promise<PreparedImage>;
  /** Keeps the picture with the plan. Rejects as `prepare` does, and with `too-large` where the plan has no room for it. */
  add(planId: string, userId: string, bytes: Uint8Array): Promise<PreparedImage>;
  /** Undefined: the plan has no such picture. */
  read(planId: string, hash: string): StoredImage | undefined;
  /** Bytes of pictures that one plan may have. */
  readonly mostBytesPerPlan: number;
}

export function createImages({
  database: { sqlite },
  encoder,
  mostBytesPerPlan,
}: {
  database: Pick<Database, 'sqlite'>;
  encoder: Pick<ImageEncoder, 'encode'>;
  mostBytesPerPlan: number;
}): Images {
  async function prepare(bytes: Uint8Array): Promise<PreparedImage> {
    if (bytes.length > MOST_IMAGE_BYTES) {
      throw new CommonplanError('too-large', 'This picture is too large. Expected a file of at most 10 MiB.');
    }
    // What this server has encoded itself is taken as it is: encoding it again would only make it worse.
    const known = findImage(sqlite, sha256(bytes));
    if (known) return { ...known, animated: false };
    const encoded = await encoder.encode(bytes);
    return { ...encoded, hash: sha256(encoded.bytes) };
  }

  return {
    prepare,
    mostBytesPerPlan,

    async add(planId, userId, bytes) {
      const image = await prepare(bytes);
      await transaction(sqlite, () => {
        const room = mostBytesPerPlan - imageBytes(sqlite, planId);
        if (image.bytes.length > room && !readImage(sqlite, planId, image.hash)) throw noRoom(mostBytesPerPlan);
        insertImages(sqlite, planId, [image], { userId, time: Date.now() });
      });
      return image;
    },

    read: (planId, hash) => readImage(sqlite, planId, hash),
  };
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const noRoom = (mostBytes: number): CommonplanError =>
  new CommonplanError(
    'too-large',
    `The pictures of this plan take up all of the ${mebibytes(mostBytes)} MiB that this server gives to one plan.`,
  );

export const mebibytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024);
