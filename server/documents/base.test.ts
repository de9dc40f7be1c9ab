/** A base is stored only when it comes back as it was, and what merely looks different does not keep a plan from its next one. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { encodeBase, verifyBase } from './base.ts';

test('[R5] a block that was changed in two ways and then deleted does not stand in the way of a compaction', () => {
  const ydoc = new Y.Doc();
  const marker = new Y.Map<unknown>([
    ['k', 'heading'],
    ['.level', 2],
  ]);
  const text = ydoc.getText('content');
  text.insertEmbed(0, marker);
  text.insert(1, 'Title');
  marker.set('k', 'paragraph');
  marker.set('.level', 1);
  text.delete(0, 1);
  const base = encodeBase(ydoc);
  const reloaded = new Y.Doc();
  Y.applyUpdate(reloaded, base.state);
  expect(Y.encodeStateAsUpdate(reloaded)).not.toEqual(base.state);
  verifyBase(ydoc, base);
});

test('[R5] a base that lacks something, or has something else, is refused', () => {
  const ydoc = new Y.Doc();
  ydoc.getText('content').insert(0, 'all of it');
  const base = encodeBase(ydoc);
  verifyBase(ydoc, base);
  ydoc.getText('content').insert(9, ' and more');
  verifyBase(ydoc, encodeBase(ydoc));
  expect(() => verifyBase(ydoc, base)).toThrow('not the same');
  const waiting = new Y.Doc();
  Y.applyUpdate(waiting, Y.encodeStateAsUpdate(ydoc, Y.encodeStateVectorFromUpdate(base.state)));
  expect(() => verifyBase(waiting, encodeBase(waiting))).toThrow('does not have');
});
