/** What the server and the process that decodes its pictures say to each other. */
import type { EncodedImage } from './encode.ts';

export interface ImageJob {
  readonly bytes: Uint8Array;
}

/** `refused` carries an error that whoever sent the picture is meant to see; `error` is a fault of ours. */
export type ImageAnswer =
  | { readonly encoded: EncodedImage }
  | { readonly refused: { code: string; message: string } }
  | { readonly error: string };
