/** Reads a plan's own JSON export back, and checks it against the hash that it names. */
import { createHash } from 'node:crypto';
import type { JSONContent } from '@tiptap/core';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { CommonplanError } from '../../shared/errors.ts';
import { frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { readImageAddress } from '../../shared/schema/image-address.ts';
import { schema } from '../../shared/schema/schema.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import type { Imported } from './html-content.ts';
import { Losses } from './losses.ts';
import { checkText } from './text.ts';

/** A plan and all the pictures that one may have. */
const MAX_BYTES_WITH_PICTURES = 200 * 1024 * 1024;

/** As server/export/json.ts writes it; what a person wrote needs only the content. */
const exported = z.object({
  content: z.record(z.string(), z.unknown()),
  frontMatter: frontMatterSchema.default(frontMatterSchema.parse({})),
  schema: z.number().int().default(SCHEMA_VERSION),
  contentHash: z.string().nullish(),
  /** Pictures as `data:` addresses, by the addresses that figures name them with. */
  images: z.record(z.string(), z.string()).default({}),
});

/** Blocks, and stretches of text that are set alike. A plan of 50,000 words has a twentieth of this. */
const MAX_NODES = 250_000;

/** Throws `too-large`, `not-text`, and `invalid-document` for what is not such a file, or does not fit the hash it names. */
export function importJson(text: string): Imported {
  const { content, frontMatter, schema: version, contentHash, images } = read(checkText(text, MAX_BYTES_WITH_PICTURES));
  if (version > SCHEMA_VERSION) {
    throw invalid('The file is from a newer version of Commonplan. Update this server, then import it.');
  }
  checkSize(content);
  const losses = new Losses();
  try {
    const hash = createHash('sha256')
      .update(canonicalize({ content, frontMatter, schema: version }) ?? '')
      .digest('hex');
    if (contentHash && hash !== contentHash) {
      throw invalid(
        'The file is not as it was exported: its text does not fit its contentHash. Without that line it can be imported as it is.',
      );
    }
    const document = schema.nodeFromJSON(content);
    document.check();
    if (document.type !== schema.topNodeType) throw new RangeError('Expected a whole document');
    const pictures = readPictures(images, losses);
    return { frontMatter, content: document.toJSON(), losses: losses.list(), pictures };
  } catch (cause) {
    // The schema throws RangeError and TypeError for what it has no place for; so does nesting beyond the call stack.
    if (!(cause instanceof RangeError || cause instanceof TypeError || cause instanceof SyntaxError)) throw cause;
    throw invalid(`The document in the file could not be read: ${cause.message}`, cause);
  }
}

function checkSize(content: JSONContent): void {
  let nodes = 0;
  const waiting: JSONContent[] = [content];
  for (let node = waiting.pop(); node && nodes <= MAX_NODES; node = waiting.pop()) {
    nodes++;
    if (Array.isArray(node.content)) for (const child of node.content) if (child) waiting.push(child);
  }
  if (nodes > MAX_NODES) {
    throw new CommonplanError(
      'too-large',
      `The document in the file has more than the ${MAX_NODES.toLocaleString('en')} blocks and pieces of text that can be imported.`,
    );
  }
}

function read(text: string): z.infer<typeof exported> {
  const expected = 'Expected a plan as Commonplan exports it to JSON, with its "content".';
  try {
    return exported.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) throw invalid(expected, cause);
    throw cause;
  }
}

const invalid = (message: string, cause?: unknown): CommonplanError =>
  new CommonplanError('invalid-document', message, { cause });

/** Those that are what their addresses say. */
function readPictures(images: Readonly<Record<string, string>>, losses: Losses): Map<string, Uint8Array> {
  const pictures = new Map<string, Uint8Array>();
  for (const [address, data] of Object.entries(images)) {
    const bytes = Buffer.from(/^data:[^,]*;base64,(.*)$/s.exec(data)?.[1] ?? '', 'base64');
    const isWhole = readImageAddress(address)?.hash === createHash('sha256').update(bytes).digest('hex');
    if (isWhole) pictures.set(address, bytes);
    else losses.add('pictures whose bytes are not those that were exported', address);
  }
  return pictures;
}
