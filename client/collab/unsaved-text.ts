/** Reads the words out of updates that the server never confirmed, so that a person can take them elsewhere when they cannot be sent. */
import * as Y from 'yjs';

/**
 * The characters inserted by these updates, in the order in which they were typed; a new line wherever the writer went on in
 * another place or began a block. Needs no document: the updates of a plan that cannot be opened any more can be read too.
 */
export function textOfUpdates(updates: readonly Uint8Array[]): string {
  if (updates.length === 0) return '';
  const { structs } = Y.decodeUpdate(Y.mergeUpdates([...updates]));
  let text = '';
  let last: { client: number; clock: number } | null = null;
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue;
    const { client, clock } = struct.id;
    const follows =
      last !== null && struct.origin !== null && Y.compareIDs(struct.origin, Y.createID(last.client, last.clock));
    if (!follows && text !== '' && !text.endsWith('\n')) text += '\n';
    if (struct.content instanceof Y.ContentString) text += struct.content.str;
    last = { client, clock: clock + struct.length - 1 };
  }
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .join('\n');
}
