/** Pictures on their way: which figure each is for, while the text around it changes. */
import type { Node } from '@tiptap/pm/model';
import { EditorState, type Transaction } from '@tiptap/pm/state';
import { DecorationSet } from '@tiptap/pm/view';
import { describe, expect, test } from 'vitest';
import { schema } from '../../shared/schema/schema.ts';
import { addUpload, figureAfter, isUploading, picturesPlugin, uploadFor } from './pictures.ts';

const plugin = picturesPlugin(() => Promise.reject(new Error('Nothing is sent without a page')));
const paragraph = (text: string): Node => schema.node('paragraph', null, text ? [schema.text(text)] : []);
const figure = (caption = ''): Node => schema.node('figure', null, caption ? [schema.text(caption)] : []);

function stateOf(...blocks: Node[]): EditorState {
  return EditorState.create({ doc: schema.node('doc', null, blocks), plugins: [plugin] });
}

/** Where the pictures are on their way to, as the figures are told. */
function places(state: EditorState): number[] {
  const found = plugin.props.decorations?.call(plugin, state);
  const decorations = found instanceof DecorationSet ? found.find() : [];
  return decorations.map((decoration) => {
    expect(uploadFor([decoration])).toMatchObject({ progress: 0, failure: null });
    return decoration.from;
  });
}

const waiting = (state: EditorState, pos: number): EditorState =>
  state.apply(addUpload(state.tr, pos, () => Promise.resolve(new Blob())));

describe('a picture on its way', () => {
  test('stays with its figure, whatever is written around it', () => {
    const state = waiting(stateOf(paragraph('One'), figure('Two'), paragraph('Three')), 5);
    const changes: [what: (tr: Transaction) => Transaction, at: number][] = [
      [(tr) => tr.insertText('Before ', 1), 12],
      [(tr) => tr.insert(5, figure('Another')), 14],
      [(tr) => tr.insertText('!', 9), 5],
      [(tr) => tr.setNodeAttribute(5, 'alt', 'A river'), 5],
      [(tr) => tr.replaceWith(5, 10, figure('Written anew')), 5],
      [(tr) => tr.delete(0, 5), 0],
    ];
    for (const [change, at] of changes) expect(places(state.apply(change(state.tr)))).toEqual([at]);
  });

  test('goes with its figure', () => {
    const state = waiting(stateOf(paragraph('One'), figure(), paragraph('Three')), 5);
    expect(isUploading(state)).toBe(true);
    const without = state.apply(state.tr.delete(5, 7));
    expect([places(without), isUploading(without)]).toEqual([[], false]);
    expect(figureAfter(5, state.tr.delete(5, 7))).toBeNull();
  });

  test('gives way to another that is chosen for the same figure, not to one for another', () => {
    const state = waiting(waiting(stateOf(figure(), figure()), 0), 2);
    expect(places(state)).toEqual([0, 2]);
    expect(places(waiting(state, 2))).toEqual([0, 2]);
  });

  test('several come with one change', () => {
    const state = stateOf(figure(), figure());
    const read = (): Promise<Blob> => Promise.resolve(new Blob());
    expect(places(state.apply(addUpload(addUpload(state.tr, 0, read), 2, read)))).toEqual([0, 2]);
  });
});
