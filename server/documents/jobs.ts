/** What documents are asked for, and what comes back: the messages between the main thread and the workers. */
import type { JSONContent } from '@tiptap/core';
import type { RedlineFormat } from '../../shared/api.ts';
import type { Place } from '../../shared/compare/comparison.ts';
import type { ExportFormat, ExportOptions } from '../../shared/export.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import type { ImportRequest } from '../import/file.ts';
import type { Imported } from '../import/html-content.ts';
import type { ServerEdit } from '../store/restores.ts';
import type { PackedContent, SnapshotEntry } from '../store/snapshots.ts';

/** Content as ProseMirror JSON. */
export type Content = JSONContent;

export interface PlanContent {
  readonly frontMatter: FrontMatter;
  readonly content: Content;
}

export interface PoisonFound {
  readonly seq: number;
  readonly reason: string;
}

/** A snapshot before it has its place in the chain. */
export interface SnapshotDraft
  extends Pick<SnapshotEntry, 'seq' | 'words' | 'contributors' | 'shares' | 'contentHash' | 'authorshipHash'> {
  readonly content: PackedContent;
}

/** Each made on the state that the one before it results in, and merging into whatever the plan is by then. */
export interface RestoreEdits {
  readonly edit: ServerEdit;
  /** Takes the edit back. */
  readonly undo: ServerEdit;
}

export interface ExportRequest {
  readonly planId: string;
  /** null: the live plan. */
  readonly snapshot: number | null;
  readonly format: ExportFormat;
  /** As the format's schema in shared/export.ts makes them. */
  readonly options: object;
  /** Where the application is reached, without a trailing slash; null: not known. */
  readonly origin: string | null;
}

export interface ExportedFile {
  readonly bytes: Uint8Array;
  /** Of the plan as it is in the file. */
  readonly title: string;
  /** Sentences about what could not be written as it is in the plan. */
  readonly warnings: readonly string[];
}

/** Those that workers write. */
export type ComparisonFormat = 'json' | Exclude<RedlineFormat, 'pdf'>;

export interface RedlineRequest {
  readonly planId: string;
  readonly from: number;
  /** null: the live plan. */
  readonly to: number | null;
  readonly paper: ExportOptions<'pdf'>['paper'];
}

/** A job's name with what it takes and what it answers. */
export interface Jobs {
  /** Writes a new plan's Y.Doc (R6). */
  create: {
    input: PlanContent & { ownerId: string; time: number };
    output: {
      state: Uint8Array;
      stateVector: Uint8Array;
      deleteSet: Uint8Array;
      /** The Yjs client ids that wrote it, with the clocks of each. */
      clients: ReadonlyMap<number, number>;
      attribution: Uint8Array;
      words: number;
      /** As written: what the schema makes of the input. */
      frontMatter: FrontMatter;
      snapshot: SnapshotDraft;
    };
  };
  /** Reads a plan (`snapshot` null), or a snapshot of it. `poisons` are updates that could not be applied and were left out. */
  materialise: {
    input: { planId: string; snapshot: number | null };
    output: PlanContent & { seq: number; schema: number; poisons: PoisonFound[] };
  };
  /** Reads what the list of plans shows. */
  digest: {
    input: { planId: string };
    output: { frontMatter: FrontMatter; words: number; seq: number; changedAt: number | null; poisons: PoisonFound[] };
  };
  /** Merges the base and the tail up to `upTo`; null when there is nothing to merge. */
  compact: {
    input: { planId: string; upTo: number };
    output: {
      base: {
        seq: number;
        previousSeq: number;
        state: Uint8Array;
        stateVector: Uint8Array;
        deleteSet: Uint8Array;
        attribution: Uint8Array;
      } | null;
      poisons: PoisonFound[];
    };
  };
  importFile: { input: ImportRequest; output: Imported };
  /** A plan, or a snapshot of it, as a file. */
  export: { input: ExportRequest; output: ExportedFile & { poisons: PoisonFound[] } };
  /** A job for the process that makes PDFs (`encodeJob`), and the plan's title. */
  pdfJob: {
    input: ExportRequest;
    output: { job: Uint8Array; title: string; poisons: PoisonFound[] };
  };
  /** The same for a comparison. */
  redlineJob: { input: RedlineRequest; output: { job: Uint8Array; poisons: PoisonFound[] } };
  /** The plan at `upTo`. `draft` null: there is nothing new in it. `again`: take it all the same. */
  takeSnapshot: {
    input: { planId: string; upTo: number; again: boolean };
    output: { draft: SnapshotDraft | null; poisons: PoisonFound[] };
  };
  /** A `snapshotContent` of shared/api.ts, as JSON. */
  readSnapshot: { input: { planId: string; number: number }; output: Uint8Array };
  /** A `comparison` of shared/api.ts as JSON, or as a redline to hand round. `to` null: the live plan. */
  compare: {
    input: { planId: string; from: number; to: number | null; format: ComparisonFormat };
    output: { bytes: Uint8Array; poisons: PoisonFound[] };
  };
  /** The edit that brings the plan back to a snapshot, or to what `range` holds of it; null: nothing differs. */
  restore: {
    input: { planId: string; number: number; range: Place | null };
    output: { edits: RestoreEdits | null; seq: number; poisons: PoisonFound[] };
  };
  /** What of a plan's snapshots has to be stored anew for `removed` to go. */
  repack: {
    input: { planId: string; removed: readonly number[] };
    output: (PackedContent & { number: number })[];
  };
}

export type JobName = keyof Jobs;
export type Job = { [Name in JobName]: { name: Name; input: Jobs[Name]['input'] } }[JobName];

/** What a worker sends back. `refused` carries an error that the asker is meant to see; `error` is a fault of ours. */
export type Reply =
  /** Before the first job: what the worker needs is loaded. */
  | { readonly ready: true }
  | { readonly output: unknown }
  | { readonly refused: { code: string; message: string; hint: string | undefined } }
  | { readonly error: unknown };
