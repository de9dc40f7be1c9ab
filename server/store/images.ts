/** The pictures of plans. Plain SQL on a connection: workers and `npm run verify` read them, too. */
import type { DatabaseSync } from 'node:sqlite';

/** A picture as it is kept: encoded by this server, without metadata. */
export interface StoredImage {
  /** SHA-256 of `bytes`, hexadecimal. */
  readonly hash: string;
  readonly mediaType: 'image/jpeg' | 'image/png';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

const COLUMNS = 'images.hash, media_type AS mediaType, width, height, bytes';

/** Undefined: the plan has no such picture. */
export function readImage(sqlite: DatabaseSync, planId: string, hash: string): StoredImage | undefined {
  return sqlite
    .prepare(`SELECT ${COLUMNS} FROM plan_images JOIN images USING (hash) WHERE plan_id = ? AND hash = ?`)
    .get(planId, hash) as StoredImage | undefined;
}

/** A picture of any plan. Who asks must hold its bytes, or have been let at a plan that it is kept with. */
export function findImage(sqlite: DatabaseSync, hash: string): StoredImage | undefined {
  return sqlite.prepare(`SELECT ${COLUMNS} FROM images WHERE hash = ?`).get(hash) as StoredImage | undefined;
}

/** Bytes of all pictures that are kept with the plan. */
export function imageBytes(sqlite: DatabaseSync, planId: string): number {
  const row = sqlite
    .prepare('SELECT total(length(bytes)) AS bytes FROM plan_images JOIN images USING (hash) WHERE plan_id = ?')
    .get(planId);
  return row?.bytes as number;
}

/** Keeps pictures with a plan; one that it has already is kept once. Called in a transaction. */
export function insertImages(
  sqlite: DatabaseSync,
  planId: string,
  images: readonly StoredImage[],
  by: { readonly userId: string; readonly time: number },
): void {
  const image = sqlite.prepare(
    'INSERT INTO images (hash, media_type, width, height, bytes) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const kept = sqlite.prepare(
    'INSERT INTO plan_images (plan_id, hash, added_by, added_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  for (const { hash, mediaType, width, height, bytes } of images) {
    image.run(hash, mediaType, width, height, bytes);
    kept.run(planId, hash, by.userId, by.time);
  }
}
