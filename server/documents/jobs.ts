/** What documents are asked for, and what comes back: the messages between the main thread and the workers. */
import type { JSONContent } from '@tiptap/core';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';

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

/** A job's name with what it takes and what it answers. */
export interface Jobs {
  /** Writes a new plan's Y.Doc (R6). */
  create: {
    input: PlanContent & { ownerId: string; time: number };
    output: {
      state: Uint8Array;
      stateVector: Uint8Array;
      deleteSet: Uint8Array;
      /** The Yjs client ids that wrote it. */
      clientIds: number[];
      attribution: Uint8Array;
      words: number;
      /** As written: what the schema makes of the input. */
      frontMatter: FrontMatter;
    };
  };
  /** Reads a plan. `poisons` are updates that could not be applied and were left out. */
  materialise: { input: { planId: string }; output: PlanContent & { seq: number; poisons: PoisonFound[] } };
  /** Reads what the list of plans shows. */
  digest: {
    input: { planId: string };
    output: { frontMatter: FrontMatter; words: number; seq: number; changedAt: number | null; poisons: PoisonFound[] };
  };
  /** Merges base and tail; null when there is nothing to merge. */
  compact: {
    input: { planId: string };
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
  importMarkdown: { input: { text: string; prompts: boolean }; output: PlanContent };
  exportMarkdown: { input: { planId: string }; output: { markdown: string; poisons: PoisonFound[] } };
}

export type JobName = keyof Jobs;
export type Job = { [Name in JobName]: { name: Name; input: Jobs[Name]['input'] } }[JobName];

/** What a worker sends back. `refused` carries an error that the asker is meant to see; `error` is a fault of ours. */
export type Reply =
  | { readonly output: unknown }
  | { readonly refused: { code: string; message: string; hint: string | undefined } }
  | { readonly error: unknown };
