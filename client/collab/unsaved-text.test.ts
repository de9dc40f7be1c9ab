/** Tests of reading words out of updates. */
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { textOfUpdates } from './unsaved-text.ts';

function recording(write: (text: Y.Text) => void): Uint8Array[] {
  const ydoc = new Y.Doc();
  const text = ydoc.getText('content');
  text.insert(0, 'The server has this. ');
  const updates: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => updates.push(update));
  write(text);
  return updates;
}

describe('textOfUpdates', () => {
  it('joins what was typed letter by letter, without the document that it was typed into', () => {
    const updates = recording((text) => {
      for (const letter of 'My words') text.insert(text.length, letter);
    });
    expect(textOfUpdates(updates)).toBe('My words');
  });

  it('begins a line where the writer went on elsewhere, and at a block', () => {
    const updates = recording((text) => {
      text.insert(text.length, 'At the end');
      text.insert(0, 'At the start');
      text.insertEmbed(text.length, new Y.Map());
      text.insert(text.length, 'In a new block');
    });
    expect(textOfUpdates(updates).split('\n')).toEqual(['At the end', 'At the start', 'In a new block']);
  });

  it('is empty for deletions and for nothing', () => {
    expect(textOfUpdates(recording((text) => text.delete(0, 4)))).toBe('');
    expect(textOfUpdates([])).toBe('');
  });
});
