/** Gathers the pictures that an imported file carries, so that they can be checked and kept with the plan that is made of it. */
import { createHash } from 'node:crypto';
import type { JSONContent } from '@tiptap/core';
import { MOST_IMAGE_BYTES } from '../../shared/api.ts';
import { imageAddress } from '../../shared/schema/image-address.ts';
import type { Imported } from './html-content.ts';
import { Losses } from './losses.ts';

/** Pictures of one file, at most. */
const MOST_PICTURES = 500;
/** Stands for the plan that there is not yet. */
const OF_FILE = 'file';

export class Pictures {
  readonly #found = new Map<string, Uint8Array>();
  readonly #losses: Losses;

  constructor(losses: Losses) {
    this.#losses = losses;
  }

  /** By the addresses that stand for them in the content, as they are in the file: not looked into yet. */
  get found(): ReadonlyMap<string, Uint8Array> {
    return this.#found;
  }

  /** The address to put into a figure; null, with a loss, where the file has too many, or this one is too large. */
  add(bytes: Uint8Array): string | null {
    const address = imageAddress(OF_FILE, createHash('sha256').update(bytes).digest('hex'));
    if (this.#found.has(address)) return address;
    if (bytes.length > MOST_IMAGE_BYTES) this.#losses.add('pictures of more than 10 MiB', `${bytes.length} bytes`);
    else if (this.#found.size >= MOST_PICTURES) {
      this.#losses.add(`pictures beyond the ${MOST_PICTURES} that are taken from one file`, `${bytes.length} bytes`);
    } else {
      this.#found.set(address, bytes);
      return address;
    }
    return null;
  }
}

/** In an attribute, where lines may be broken; as the destination of a Markdown picture, or of what one refers to. */
const DATA =
  /(?<=["'])data:image\/[\w.+-]+(?:;[\w.=-]+)*;base64,[A-Za-z0-9+/=\s]+(?=["'])|(?<=\(<?|\]:[ \t]*<?)data:image\/[\w.+-]+(?:;[\w.=-]+)*;base64,[A-Za-z0-9+/=]+/gi;

/**
 * Reads a text whose pictures stand in it as `data:` addresses (RFC 2397). They are taken out first, because parsers are slow on them;
 * where such an address was no picture but text, it is text again.
 */
export function withPictures(text: string, read: (text: string) => Imported): Imported {
  const losses = new Losses();
  const pictures = new Pictures(losses);
  const written = new Map<string, string>();
  const without = text.replace(DATA, (data) => {
    const address = pictures.add(Buffer.from(data.slice(data.indexOf(',') + 1), 'base64'));
    if (address) written.set(address, data);
    return address ?? '';
  });
  const imported = read(without);
  if (written.size === 0) return { ...imported, losses: [...imported.losses, ...losses.list()] };
  return {
    ...imported,
    content: asText(imported.content, written),
    losses: [...imported.losses, ...losses.list()],
    pictures: pictures.found,
  };
}

const STANDS_FOR = new RegExp(imageAddress(OF_FILE, '[0-9a-f]{64}'), 'g');

/** With the addresses that stand in the text as they were written, and links to them, which lead nowhere, as text. */
function asText(node: JSONContent, written: ReadonlyMap<string, string>): JSONContent {
  const marks = node.marks?.filter(({ attrs }) => !written.has(String(attrs?.href)));
  return {
    ...node,
    ...(node.text !== undefined && {
      text: node.text.replace(STANDS_FOR, (address) => written.get(address) ?? address),
    }),
    ...(marks?.length !== node.marks?.length && { marks }),
    ...(node.content && { content: node.content.map((child) => asText(child, written)) }),
  };
}
