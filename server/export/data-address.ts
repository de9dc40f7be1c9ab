/** A picture as an address that holds all of it, for files that carry their pictures in their text (RFC 2397). */
import type { ExportImage } from './exportable.ts';

export const dataAddress = ({ bytes, mediaType }: ExportImage): string =>
  `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
