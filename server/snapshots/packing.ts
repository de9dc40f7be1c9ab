/** How contents of snapshots are compressed: each against the one before it, so that a snapshot costs what changed, not what the plan is long. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Contents that must be unpacked to read one, at most. The first of such a run stands by itself. */
export const LONGEST_RUN = 32;
/** Beyond any plan (R11): what claims to be longer is damaged. */
const MAX_BYTES = 256 * 1024 * 1024;
/** 3 packs a plan of 200 pages in milliseconds; higher levels gain nothing against a dictionary. */
const LEVEL = 3;

/** Sizes of zstd's tables are powers of two. It indexes 2^(INDEXED + size) bytes of a dictionary; the size of LEVEL is the default. */
const INDEXED = 3;
const DEFAULT_TABLES = 17;

export interface Unpacked {
  readonly document: Buffer;
  readonly authorship: Buffer;
}

/** Compressed with zstd (RFC 8878); `dictionary` is raw content, not a trained one. */
export function pack(content: Uint8Array, dictionary: Uint8Array | null): Buffer {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, ...reach(content.length, dictionary?.length ?? 0) };
  return zstdCompressSync(content, { params, ...(dictionary?.length && { dictionary }) });
}

/** The window must reach back over the whole dictionary from the end of the content, and the tables must index all of it. */
function reach(content: number, dictionary: number): Record<number, number> {
  const window = { [constants.ZSTD_c_windowLog]: Math.min(27, Math.max(10, log2(content + dictionary + 1))) };
  // zstd indexes only so much of a dictionary from its end; smaller tables, where they suffice, are faster.
  const tables = log2(dictionary) - INDEXED;
  if (tables <= DEFAULT_TABLES) return window;
  return { ...window, [constants.ZSTD_c_hashLog]: tables, [constants.ZSTD_c_chainLog]: tables };
}

const log2 = (bytes: number): number => Math.ceil(Math.log2(Math.max(1, bytes)));

/** Throws on bytes that `pack` did not write, or wrote against another dictionary where that shows. */
export function unpack(packed: Uint8Array, dictionary: Uint8Array | null): Buffer {
  return zstdDecompressSync(packed, { maxOutputLength: MAX_BYTES, ...(dictionary?.length && { dictionary }) });
}

export interface Link {
  readonly number: number;
  /** Number of an earlier one; null: it stands by itself. */
  readonly dictionary: number | null;
}

/** Which content to pack the next one against; null: it begins a new run. `links` in order of their numbers. */
export function nextDictionary(links: readonly Link[]): number | null {
  const last = links.at(-1);
  return last && depthsOf(links).get(last.number)! + 1 < LONGEST_RUN ? last.number : null;
}

/**
 * Which contents have to be packed anew, and against what, when `removed` go: those that were packed against one of them take the one that
 * is before them now, unless the run would be too long.
 */
export function relink(links: readonly Link[], removed: ReadonlySet<number>): Link[] {
  const depths = new Map<number, number>();
  const below = runsBelow(links, removed);
  const changed: Link[] = [];
  let previous: number | null = null;
  for (const { number, dictionary } of links) {
    if (removed.has(number)) continue;
    let takes = dictionary;
    if (dictionary !== null && removed.has(dictionary)) {
      const fits = previous !== null && depths.get(previous)! + 1 + below.get(number)! < LONGEST_RUN;
      takes = fits ? previous : null;
      changed.push({ number, dictionary: takes });
    }
    depths.set(number, takes === null ? 0 : depths.get(takes)! + 1);
    previous = number;
  }
  return changed;
}

/** For each, how many must be unpacked before it. */
export function depthsOf(links: readonly Link[]): Map<number, number> {
  const depths = new Map<number, number>();
  for (const { number, dictionary } of links) {
    depths.set(number, dictionary === null ? 0 : (depths.get(dictionary) ?? 0) + 1);
  }
  return depths;
}

/** For each that stays, how long the run of those that need it is and will not be packed anew. */
function runsBelow(links: readonly Link[], removed: ReadonlySet<number>): Map<number, number> {
  const below = new Map<number, number>();
  for (const { number, dictionary } of links.toReversed()) {
    if (removed.has(number)) continue;
    const own = below.get(number) ?? 0;
    below.set(number, own);
    if (dictionary !== null && !removed.has(dictionary))
      below.set(dictionary, Math.max(below.get(dictionary) ?? 0, own + 1));
  }
  return below;
}
