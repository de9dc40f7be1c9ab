/** Pictures on their way to the server: which figure each is for, how far it is, and what to do when it does not arrive. */
import { Fragment, type NodeType, type ResolvedPos, Slice } from '@tiptap/pm/model';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { AddedImage } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { explain, NetworkError } from '../api.ts';
import type { UploadOptions } from '../upload-image.ts';

/** A picture that a figure is to get; until then nobody else sees it. */
export interface Upload {
  readonly id: number;
  /** Of the figure. */
  readonly pos: number;
  readonly read: (signal: AbortSignal) => Promise<Blob>;
  /** An address for the picture as it is on this device; null: it has not been read yet. */
  readonly preview: string | null;
  /** How much of it the server has, 0 to 1. */
  readonly progress: number;
  /** Why it is not there, in words for the person; null: it is on its way. */
  readonly failure: string | null;
  /** Whether the same may go well another time. */
  readonly transient: boolean;
}

export type SendPicture = (file: Blob, options: UploadOptions) => Promise<AddedImage>;

type Change =
  | { readonly type: 'add'; readonly pos: number; readonly read: Upload['read'] }
  | { readonly type: 'change'; readonly id: number; readonly to: Partial<Upload> }
  | { readonly type: 'remove'; readonly id: number };

const key = new PluginKey<readonly Upload[]>('pictures');
let nextId = 1;

/** Of the figure at this place, if a picture is on its way to it. */
export const uploadFor = (decorations: readonly Decoration[]): Upload | undefined =>
  decorations.map(({ spec }) => (spec as { upload?: Upload }).upload).find((upload) => upload !== undefined);

export const isUploading = (state: EditorState): boolean => (key.getState(state) ?? []).some(({ failure }) => !failure);

/** In a transaction that leaves a figure at `pos`: the picture is sent when it is applied, and the figure gets its address. */
export function addUpload(tr: Transaction, pos: number, read: Upload['read']): Transaction {
  return meta(tr, { type: 'add', pos, read });
}

/** Several changes may come with one transaction. */
function meta(tr: Transaction, change: Change): Transaction {
  return tr.setMeta(key, [...((tr.getMeta(key) as Change[] | undefined) ?? []), change]);
}

export function retryUpload(view: EditorView, id: number): void {
  view.dispatch(meta(view.state.tr, { type: 'change', id, to: { failure: null, progress: 0 } }));
}

/** Gives the picture up. A figure that has no other goes with it. */
export function discardUpload(view: EditorView, id: number): void {
  const upload = key.getState(view.state)?.find((each) => each.id === id);
  if (!upload) return;
  const figure = view.state.doc.nodeAt(upload.pos);
  const tr = meta(view.state.tr, { type: 'remove', id });
  if (figure && figure.attrs.src === null && figure.content.size === 0)
    tr.delete(upload.pos, upload.pos + figure.nodeSize);
  view.dispatch(tr);
  view.focus();
}

export interface Picture {
  readonly file: Blob;
  readonly attrs?: { readonly alt: string; readonly decorative: boolean; readonly credit: string };
  readonly caption?: string;
}

/** Puts a figure for each picture behind the block at the selection, or at `pos`; in place of that block where it is empty. */
export function insertPictures(view: EditorView, pictures: readonly Picture[], pos?: number): void {
  const { tr, schema } = view.state;
  const type = schema.nodes.figure;
  if (!type || pictures.length === 0) return;
  if (pos === undefined) tr.deleteSelection();
  const [from, to] = placeFor(tr.doc.resolve(pos ?? tr.selection.to), type);
  const figures = new Map(
    pictures.map(({ file, attrs, caption }) => [type.create(attrs, caption ? schema.text(caption) : null), file]),
  );
  tr.replaceRange(from, to, new Slice(Fragment.from([...figures.keys()]), 0, 0));
  tr.doc.descendants((node, at) => {
    const file = figures.get(node);
    if (file) addUpload(tr, at, () => Promise.resolve(file));
    return !node.isTextblock;
  });
  view.dispatch(tr.scrollIntoView());
}

function placeFor(place: ResolvedPos, type: NodeType): [from: number, to: number] {
  let { depth } = place;
  while (depth > 0 && !place.node(depth).isTextblock) depth--;
  if (depth === 0) return [place.pos, place.pos];
  const [around, index] = [place.node(depth - 1), place.index(depth - 1)];
  const isEmpty = place.node(depth).content.size === 0 && place.node(depth).type.name === 'paragraph';
  const to = place.after(depth);
  return [isEmpty && around.canReplaceWith(index, index + 1, type) ? place.before(depth) : to, to];
}

function applied(uploads: readonly Upload[], tr: Transaction): readonly Upload[] {
  const moved = tr.docChanged ? uploads.flatMap((upload) => follow(upload, tr)) : uploads;
  return ((tr.getMeta(key) as Change[] | undefined) ?? []).reduce<readonly Upload[]>((now, change) => {
    if (change.type === 'remove') return now.filter(({ id }) => id !== change.id);
    if (change.type === 'change') return now.map((each) => (each.id === change.id ? { ...each, ...change.to } : each));
    const { pos, read } = change;
    const fresh = { id: nextId++, pos, read, preview: null, progress: 0, failure: null, transient: false };
    return [...now.filter((each) => each.pos !== pos), fresh];
  }, moved);
}

function follow(upload: Upload, tr: Transaction): Upload[] {
  const pos = figureAfter(upload.pos, tr);
  return pos === null ? [] : [{ ...upload, pos }];
}

/** Where a figure is after a change, which may have written it anew; null: it is gone. */
export function figureAfter(before: number, { mapping, doc }: Transaction): number | null {
  for (const side of [1, -1]) {
    const pos = mapping.map(before, side);
    if (doc.nodeAt(pos)?.type.name === 'figure') return pos;
  }
  return null;
}

export function picturesPlugin(send: SendPicture): Plugin<readonly Upload[]> {
  return new Plugin<readonly Upload[]>({
    key,
    state: { init: () => [], apply: (tr, uploads) => applied(uploads, tr) },
    props: {
      decorations(state) {
        const uploads = key.getState(state) ?? [];
        if (uploads.length === 0) return null;
        return DecorationSet.create(
          state.doc,
          uploads.flatMap((upload) => {
            const size = state.doc.nodeAt(upload.pos)?.nodeSize;
            return size ? [Decoration.node(upload.pos, upload.pos + size, {}, { upload })] : [];
          }),
        );
      },
    },
    view: (view) => new Sender(view, send),
  });
}

/** Sends what the state says is to be sent. */
class Sender {
  readonly #view: EditorView;
  readonly #send: SendPicture;
  readonly #running = new Map<number, AbortController>();
  readonly #previews = new Map<number, string>();

  constructor(view: EditorView, send: SendPicture) {
    this.#view = view;
    this.#send = send;
    window.addEventListener('online', this.#online);
  }

  update(): void {
    const uploads = this.#uploads;
    const waiting = new Set(uploads.filter(({ failure }) => failure === null).map(({ id }) => id));
    for (const [id, controller] of this.#running) {
      if (waiting.has(id)) continue;
      this.#running.delete(id);
      controller.abort();
    }
    for (const [id, preview] of this.#previews) {
      if (uploads.some((upload) => upload.id === id)) continue;
      this.#previews.delete(id);
      URL.revokeObjectURL(preview);
    }
    for (const upload of uploads) if (waiting.has(upload.id) && !this.#running.has(upload.id)) void this.#run(upload);
  }

  destroy(): void {
    window.removeEventListener('online', this.#online);
    for (const controller of this.#running.values()) controller.abort();
    for (const preview of this.#previews.values()) URL.revokeObjectURL(preview);
  }

  get #uploads(): readonly Upload[] {
    return key.getState(this.#view.state) ?? [];
  }

  readonly #online = (): void => {
    for (const { id, failure, transient } of this.#uploads) if (failure && transient) retryUpload(this.#view, id);
  };

  async #run({ id, read }: Upload): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#running.set(id, controller);
    const change = (to: Partial<Upload>): void => {
      if (!signal.aborted) this.#view.dispatch(meta(this.#view.state.tr, { type: 'change', id, to }));
    };
    try {
      const file = await read(signal);
      const preview = this.#previews.get(id) ?? (await previewOf(file));
      if (signal.aborted) {
        if (preview) URL.revokeObjectURL(preview);
        return;
      }
      if (preview) this.#previews.set(id, preview);
      change({ preview });
      const { src } = await this.#send(file, { signal, onProgress: (progress) => change({ progress }) });
      await loaded(src);
      if (signal.aborted) return;
      const { state, editable } = this.#view;
      const upload = this.#uploads.find((each) => each.id === id);
      if (!upload) return;
      if (editable)
        this.#view.dispatch(meta(state.tr.setNodeAttribute(upload.pos, 'src', src), { type: 'remove', id }));
      else change({ failure: 'You can no longer write in this plan.' });
    } catch (error) {
      change({ failure: explain(error), transient: isTransient(error) });
    }
  }
}

/** An address for a picture on this device, to be revoked; null: this browser cannot show it. */
export async function previewOf(file: Blob): Promise<string | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  bitmap?.close();
  return bitmap && URL.createObjectURL(file);
}

const isTransient = (error: unknown): boolean =>
  error instanceof NetworkError ||
  (error instanceof CommonplanError && (error.status >= 500 || error.code === 'too-many'));

/** So that the picture does not vanish for a moment while it is fetched. If it cannot be, the figure says so. */
async function loaded(src: string): Promise<void> {
  const image = new Image();
  image.src = src;
  await image.decode().catch(() => undefined);
}
