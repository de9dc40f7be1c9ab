/** Worker thread: the one place on the server where a plan's text is a Y.Doc or a ProseMirror document. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import * as Y from 'yjs';
import { readContent, writeContent } from '../../shared/document/ydoc.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { readFrontMatter, writeFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { exportMarkdown } from '../export/markdown.ts';
import { importMarkdown } from '../import/markdown.ts';
import { attribute, encodeAttributions } from './attribution.ts';
import type { Job, JobName, Jobs, Reply } from './jobs.ts';
import { readStoredPlan, replay } from './replay.ts';
import { countWords } from './words.ts';

const port = parentPort!;
const { file } = workerData as { file: string };
let connection: DatabaseSync | undefined;

function database(): DatabaseSync {
  connection ??= new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  return connection;
}

const handlers: { [Name in JobName]: (input: Jobs[Name]['input']) => Jobs[Name]['output'] } = {
  create({ ownerId, time, frontMatter, content }) {
    const ydoc = new Y.Doc();
    writeFrontMatter(ydoc, frontMatter);
    try {
      writeContent(ydoc, content);
    } catch (cause) {
      throw new CommonplanError('invalid-document', `The document could not be read: ${(cause as Error).message}`);
    }
    const state = Y.encodeStateAsUpdate(ydoc);
    return {
      ...encodeBase(ydoc, state),
      clientIds: [...ydoc.store.clients.keys()],
      attribution: encodeAttributions(attribute([{ userId: ownerId, time, update: state }], 1, new Map())),
      words: wordsOf(ydoc),
      frontMatter: readFrontMatter(ydoc),
    };
  },

  materialise({ planId }) {
    const { ydoc, poisons, seq } = replay(readStoredPlan(database(), planId));
    return { frontMatter: readFrontMatter(ydoc), content: readContent(ydoc).toJSON(), seq, poisons };
  },

  digest({ planId }) {
    const stored = readStoredPlan(database(), planId);
    const { ydoc, poisons, seq } = replay(stored);
    const changedAt = stored.tail.at(-1)?.time ?? null;
    return { frontMatter: readFrontMatter(ydoc), words: wordsOf(ydoc), seq, changedAt, poisons };
  },

  compact({ planId }) {
    const stored = readStoredPlan(database(), planId);
    if (stored.tail.length === 0) return { base: null, poisons: [] };
    const { ydoc, poisons, seq } = replay(stored);
    // What cannot be applied is set aside first; then there is another compaction.
    if (poisons.length > 0) return { base: null, poisons };
    const state = Y.encodeStateAsUpdate(ydoc);
    verify(ydoc, state);
    const before = stored.baseVector ? Y.decodeStateVector(stored.baseVector) : new Map<number, number>();
    const attribution = encodeAttributions(attribute(stored.tail, stored.baseSeq + 1, before));
    return { base: { seq, previousSeq: stored.baseSeq, ...encodeBase(ydoc, state), attribution }, poisons };
  },

  importMarkdown: ({ text, prompts }) => importMarkdown(text, { prompts }),

  exportMarkdown({ planId }) {
    const { ydoc, poisons } = replay(readStoredPlan(database(), planId));
    return { markdown: exportMarkdown(readContent(ydoc).toJSON(), readFrontMatter(ydoc)), poisons };
  },
};

function encodeBase(ydoc: Y.Doc, state: Uint8Array) {
  const stateVector = Y.encodeStateVector(ydoc);
  // What somebody lacks who has it all: no structs, and the whole delete set.
  return { state, stateVector, deleteSet: Y.encodeStateAsUpdate(ydoc, stateVector) };
}

/** R5: what is stored must be what was read, before anything that it replaces is deleted. */
function verify(ydoc: Y.Doc, state: Uint8Array): void {
  if (ydoc.store.pendingStructs !== null || ydoc.store.pendingDs !== null) {
    throw new Error('The log has updates that build on others which it does not have.');
  }
  const reloaded = new Y.Doc();
  Y.applyUpdate(reloaded, state);
  if (Buffer.compare(Y.encodeStateAsUpdate(reloaded), state) !== 0) {
    throw new Error('The merged state, loaded back, is not the same.');
  }
  reloaded.destroy();
}

function wordsOf(ydoc: Y.Doc): number {
  const content = readContent(ydoc);
  const text = content.textBetween(0, content.content.size, '\n', ' ');
  return countWords(text, readFrontMatter(ydoc).language);
}

function answer({ name, input }: Job): Reply {
  try {
    return { output: handlers[name](input as never) };
  } catch (error) {
    if (!(error instanceof CommonplanError)) return { error };
    const { code, message, hint } = error;
    return { refused: { code, message, hint } };
  }
}

port.on('message', (job: Job) => port.postMessage(answer(job)));
