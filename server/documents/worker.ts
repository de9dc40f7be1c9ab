/** Worker thread: the one place on the server where a plan's text is a Y.Doc or a ProseMirror document. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import * as Y from 'yjs';
import { readContent, writeContent } from '../../shared/document/ydoc.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { readFrontMatter, writeFrontMatter } from '../../shared/schema/front-matter-map.ts';
import { SCHEMA_VERSION } from '../../shared/schema/version.ts';
import { redlineDocx } from '../export/docx/redline.ts';
import type { Exportable } from '../export/exportable.ts';
import { encodeJob } from '../export/pdf/job.ts';
import type { PdfOptions } from '../export/pdf/to-pages.ts';
import { redlineContent } from '../export/redline.ts';
import { redlineHtml } from '../export/redline-html.ts';
import { redlineMarkdown } from '../export/redline-markdown.ts';
import { imagesOf } from '../images/images-of.ts';
import { importFile } from '../import/file.ts';
import { readSnapshot } from '../snapshots/stored.ts';
import { attribute, encodeAttributions, NOTHING_BEFORE } from './attribution.ts';
import { encodeBase, verifyBase } from './base.ts';
import { comparePlan } from './comparison-job.ts';
import { readExportable, writeExport } from './export-job.ts';
import { attributeTail } from './history.ts';
import type { Job, JobName, Jobs, Reply } from './jobs.ts';
import { readStoredPlan, replay } from './replay.ts';
import { restoreEdits } from './restore-job.ts';
import { firstSnapshot, readSnapshotJson, repack, takeSnapshot } from './snapshot-jobs.ts';
import { countWords } from './words.ts';

const port = parentPort!;
const { file } = workerData as { file: string };
let connection: DatabaseSync | undefined;

function database(): DatabaseSync {
  connection ??= new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  return connection;
}

type Handler<Name extends JobName> = (
  input: Jobs[Name]['input'],
) => Jobs[Name]['output'] | Promise<Jobs[Name]['output']>;

const handlers: { readonly [Name in JobName]: Handler<Name> } = {
  create({ ownerId, time, frontMatter, content }) {
    const ydoc = new Y.Doc();
    writeFrontMatter(ydoc, frontMatter);
    try {
      writeContent(ydoc, content);
    } catch (cause) {
      throw new CommonplanError('invalid-document', `The document could not be read: ${(cause as Error).message}`);
    }
    const base = encodeBase(ydoc);
    return {
      ...base,
      clients: Y.decodeStateVector(base.stateVector),
      attribution: encodeAttributions(attribute([{ userId: ownerId, time, update: base.state }], 1, NOTHING_BEFORE)),
      words: wordsOf(ydoc),
      frontMatter: readFrontMatter(ydoc),
      snapshot: firstSnapshot(ydoc, ownerId),
    };
  },

  materialise,

  digest({ planId }) {
    const stored = readStoredPlan(database(), planId);
    const { ydoc, poisons, seq } = replay(stored);
    const changedAt = stored.tail.at(-1)?.time ?? null;
    return { frontMatter: readFrontMatter(ydoc), words: wordsOf(ydoc), seq, changedAt, poisons };
  },

  compact({ planId, upTo }) {
    const stored = readStoredPlan(database(), planId, upTo);
    if (stored.tail.length === 0) return { base: null, poisons: [] };
    const { ydoc, poisons, seq } = replay(stored);
    // What cannot be applied is set aside first; then there is another compaction.
    if (poisons.length > 0) return { base: null, poisons };
    const base = encodeBase(ydoc);
    verifyBase(ydoc, base);
    const attribution = encodeAttributions(attributeTail(database(), planId, stored));
    return { base: { seq, previousSeq: stored.baseSeq, ...base, attribution }, poisons };
  },

  importFile,

  export: (request) => writeExport(database(), request),
  pdfJob(request) {
    const { exportable, poisons } = readExportable(database(), request);
    const job = encodeJob({ exportable: exportable as Exportable<PdfOptions> });
    return { job, title: exportable.frontMatter.title, poisons };
  },

  takeSnapshot: (input) => takeSnapshot(database(), input),
  readSnapshot: (input) => readSnapshotJson(database(), input),
  async compare({ format, ...input }) {
    if (format === 'json') {
      const { answer, poisons } = comparePlan(database(), input);
      return { bytes: Buffer.from(JSON.stringify(answer)), poisons };
    }
    const { redline, poisons } = readRedline(input);
    const written = await { html: redlineHtml, docx: redlineDocx, md: redlineMarkdown }[format](redline);
    return { bytes: typeof written === 'string' ? Buffer.from(written) : written, poisons };
  },
  redlineJob({ paper, ...input }) {
    const { redline, poisons } = readRedline(input);
    return { job: encodeJob({ redline, paper }), poisons };
  },
  restore({ planId, number, range }) {
    const { document } = readSnapshot(database(), planId, number);
    const { ydoc, poisons, seq } = replay(readStoredPlan(database(), planId));
    return { edits: restoreEdits(ydoc, document, range), seq, poisons };
  },
  repack: (input) => repack(database(), input),
};

/** A comparison with the pictures that it shows. */
function readRedline(input: { planId: string; from: number; to: number | null }) {
  const { poisons, ...comparison } = comparePlan(database(), input);
  const images = imagesOf(database(), input.planId, redlineContent(comparison.answer));
  return { redline: { ...comparison, images }, poisons };
}

function materialise({ planId, snapshot }: Jobs['materialise']['input']): Jobs['materialise']['output'] {
  if (snapshot !== null) {
    const { document, entry } = readSnapshot(database(), planId, snapshot);
    return { ...document, seq: entry.seq, poisons: [] };
  }
  const { ydoc, poisons, seq } = replay(readStoredPlan(database(), planId));
  const content = readContent(ydoc).toJSON();
  return { frontMatter: readFrontMatter(ydoc), content, seq, schema: SCHEMA_VERSION, poisons };
}

function wordsOf(ydoc: Y.Doc): number {
  const content = readContent(ydoc);
  const text = content.textBetween(0, content.content.size, '\n', ' ');
  return countWords(text, readFrontMatter(ydoc).language);
}

async function answer({ name, input }: Job): Promise<Exclude<Reply, { ready: true }>> {
  try {
    return { output: await handlers[name](input as never) };
  } catch (error) {
    if (!(error instanceof CommonplanError)) return { error };
    const { code, message, hint } = error;
    return { refused: { code, message, hint } };
  }
}

port.on('message', async (job: Job) => {
  const reply = await answer(job);
  port.postMessage(reply, 'output' in reply ? filesIn(reply.output) : []);
});
port.postMessage({ ready: true } satisfies Reply);

/** Memory that is handed over rather than copied: that of files, which have it to themselves. */
function filesIn(output: unknown): ArrayBuffer[] {
  const parts: unknown[] = output && typeof output === 'object' ? [output, ...Object.values(output)] : [];
  return parts
    .filter((part) => part instanceof Uint8Array)
    .filter(({ buffer, byteLength }) => buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
    .map(({ buffer }) => buffer as ArrayBuffer);
}
