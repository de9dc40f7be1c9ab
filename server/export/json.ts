/** Writes a plan as JSON: everything needed to check it against its hashes, and to import it again. */
import { canonicalDocument } from '../snapshots/entry.ts';
import { dataAddress } from './data-address.ts';
import type { Exportable } from './exportable.ts';

/**
 * `content`, `frontMatter` and `schema` are what `contentHash` is of; with `snapshot` they are what the check in
 * server/snapshots/README.md takes. `images` has the pictures by the addresses that `content` names them with, each of which ends with
 * the SHA-256 of its bytes.
 */
export function exportJson({ content, frontMatter, version, images }: Exportable): string {
  const { planId, url, seq, time, contentHash, contributors, schema, snapshot } = version;
  // As hashed: in the order of RFC 8785, and without what JSON has no form for.
  const document = JSON.parse(canonicalDocument({ content, frontMatter, schema }).toString('utf8'));
  const plan = { id: planId, url, seq, time, contributors };
  const pictures = Object.fromEntries([...images].map(([address, image]) => [address, dataAddress(image)]));
  return `${JSON.stringify({ plan, snapshot, contentHash, ...document, images: pictures }, null, 2)}\n`;
}
