/** What every export's writer is given: a plan or a snapshot of it, with all that the file has to say about itself. */
import type { JSONContent } from '@tiptap/core';
import type { SnapshotSummary } from '../../shared/api.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';

export interface Exportable<Options = unknown> {
  /** A `doc` of the schema. */
  readonly content: JSONContent;
  readonly frontMatter: FrontMatter;
  readonly version: ExportedVersion;
  /** The plan's own pictures by their address, the `src` of figures. Others are shown as links and never fetched. */
  readonly images: ReadonlyMap<string, ExportImage>;
  readonly options: Options;
}

export interface ExportImage {
  readonly bytes: Uint8Array;
  /** `image/png` and so on. */
  readonly mediaType: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Which state of the plan this is. The same state is described the same whenever it is exported, so that the same bytes come out. */
export interface ExportedVersion {
  readonly planId: string;
  /** Where this version is to be read; null where the server does not know how it is reached. */
  readonly url: string | null;
  /** Of the snapshot; null: the live draft as of `seq`. */
  readonly number: number | null;
  readonly seq: number;
  /** One line; empty where there is none. */
  readonly label: string;
  /** ISO 8601, UTC: when the snapshot was taken, or the live draft last changed. */
  readonly time: string;
  /** SHA-256 of the snapshot's entry in the chain; null: the live draft. */
  readonly hash: string | null;
  /** SHA-256 of text and front matter, also of a live draft; server/snapshots/README.md says how it is made. */
  readonly contentHash: string;
  /** Names of those who wrote its text, who wrote the most first. */
  readonly contributors: readonly string[];
  /** Version of the schema that the content is in. */
  readonly schema: number;
  /** The whole entry of the snapshot. */
  readonly snapshot: SnapshotSummary | null;
}
