/** Tests that an editor which came to show something else than the plan says so, and only then. */
import type { EditorView } from '@tiptap/pm/view';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { FlowBinding } from '../../shared/document/binding.ts';
import { contentRoots } from '../../shared/document/format.ts';
import { schema } from '../../shared/schema/schema.ts';
import { driftCheck } from './drift-check.ts';

const MINUTE = 60_000;
const cleanups: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('window', {});
});

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An editor on a plan of two paragraphs, somebody who writes in the plan, and what the check tells. */
function open() {
  const ydoc = new Y.Doc();
  const { ytext } = contentRoots(ydoc);
  ytext.applyDelta([{ insert: 'two' }, { insert: new Y.Map() }]);
  const binding = new FlowBinding(ydoc, schema, () => binding.doc);
  const view = { isDestroyed: false, composing: false, state: binding };
  const told = vi.fn();
  const running = driftCheck(binding, told).spec.view?.(view as unknown as EditorView);
  cleanups.push(
    () => running?.destroy?.(),
    () => binding.destroy(),
  );
  const write = (text: string, place: 'start' | 'end' = 'start') =>
    ytext.insert(place === 'start' ? 0 : ytext.length, text);
  return { binding, told, write };
}

it('tells of an update that failed, once', () => {
  const { binding, told, write } = open();
  vi.spyOn(binding.view, 'update').mockImplementationOnce(() => {
    throw new RangeError('broken');
  });
  write('one ');
  expect(binding.doc.textContent).toBe('one two');
  vi.advanceTimersByTime(MINUTE);
  expect(told).toHaveBeenCalledTimes(1);
  write('two ');
  vi.advanceTimersByTime(MINUTE);
  expect(told).toHaveBeenCalledTimes(1);
});

it('tells of a view that is not what the plan holds, and puts it right', () => {
  const { binding, told, write } = open();
  vi.spyOn(binding.view, 'update').mockImplementationOnce(() => {});
  write('one ');
  write('three ', 'end');
  expect(binding.doc.textContent).toBe('twothree ');
  vi.advanceTimersByTime(MINUTE);
  expect(told).toHaveBeenCalledTimes(1);
  expect(binding.doc.textContent).toBe('one twothree ');
});

it('says nothing while all is well', () => {
  const { told, write } = open();
  for (const text of ['one ', 'two ', 'three ']) {
    write(text);
    vi.advanceTimersByTime(MINUTE);
  }
  expect(told).not.toHaveBeenCalled();
});
