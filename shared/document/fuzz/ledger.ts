/** Counts words: what was typed by somebody and deleted by nobody must be there exactly once. */
import type { Node } from '@tiptap/pm/model';

const WORD = /⟨[a-z]\d+⟩/g;

/** How often each whole word stands in a document. */
export function countWords(doc: Node): Map<string, number> {
  const counts = new Map<string, number>();
  doc.descendants((node) => {
    if (!node.isTextblock) return;
    // Leaves as spaces: a word cut by a break is not whole.
    for (const [word] of node.textBetween(0, node.content.size, ' ', ' ').matchAll(WORD)) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  });
  return counts;
}

/** How an edit treats words: whether it may take them elsewhere, brings them back, or cuts into them. */
export type Manner = 'edit' | 'move' | 'undo' | 'cut';

/** What became of each word, from the edits as their authors saw them. */
export class Ledger {
  readonly typed = new Set<string>();
  /** Of each word: who deleted it, and has not brought it back by an undo. */
  readonly #deletedBy = new Map<string, Set<string>>();
  /** Words cut into: whose letters somebody else may delete without this ledger seeing a word go. */
  readonly #cut = new Set<string>();
  /** Of each word: who moved it or brought it back. Two who do so at once make two copies; Yjs has no move. */
  readonly #reinsertedBy = new Map<string, Set<string>>();
  readonly #authored = new Map<string, Set<string>>();

  /** Notes one edit by what its author saw before and after. Returns the words of others that an undo took away. */
  note(replica: string, before: Map<string, number>, after: Map<string, number>, manner: Manner): string[] {
    const foreign: string[] = [];
    const authored = of(this.#authored, replica);
    for (const word of before.keys()) {
      if (!after.has(word)) {
        if (manner === 'undo' && !authored.has(word)) foreign.push(word);
        if (manner === 'cut') this.#cut.add(word);
        of(this.#deletedBy, word).add(replica);
      } else if (manner === 'move') {
        of(this.#reinsertedBy, word).add(replica);
        authored.add(word);
      }
    }
    for (const [word, count] of after) {
      if (count <= (before.get(word) ?? 0)) continue;
      // Cuts and their undoing put letters together to words that nobody typed.
      if (!this.typed.has(word) && (manner === 'cut' || manner === 'undo')) continue;
      if (this.typed.has(word)) of(this.#reinsertedBy, word).add(replica);
      this.#deletedBy.get(word)?.delete(replica);
      this.typed.add(word);
      authored.add(word);
    }
    return foreign;
  }

  /** Compares with a document that everybody agrees on. */
  judge(counts: Map<string, number>): { lost: string[]; doubled: string[] } {
    const size = (sets: Map<string, Set<string>>, word: string) => sets.get(word)?.size ?? 0;
    const kept = [...this.typed].filter((word) => size(this.#deletedBy, word) === 0 && !this.#cut.has(word));
    const doubled = [...counts].filter(([word, count]) => count > Math.max(1, size(this.#reinsertedBy, word)));
    return { lost: kept.filter((word) => !counts.has(word)), doubled: doubled.map(([word]) => word) };
  }
}

function of(sets: Map<string, Set<string>>, key: string): Set<string> {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set);
  return set;
}
