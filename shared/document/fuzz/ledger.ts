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

/** What became of each word, from the edits as their authors saw them. */
export class Ledger {
  readonly typed = new Set<string>();
  readonly deleted = new Set<string>();
  /** Of each word: who moved it or brought it back. Two who do so at once make two copies; Yjs has no move. */
  readonly reinserted = new Map<string, Set<string>>();
  readonly #authored = new Map<string, Set<string>>();

  author(replica: string): Set<string> {
    const words = this.#authored.get(replica) ?? new Set();
    this.#authored.set(replica, words);
    return words;
  }

  note(
    replica: string,
    before: Map<string, number>,
    after: Map<string, number>,
    how: 'edit' | 'move' | 'undo',
  ): string[] {
    const foreign: string[] = [];
    const authored = this.author(replica);
    for (const word of before.keys()) {
      if (!after.has(word)) {
        if (how === 'undo' && !authored.has(word)) foreign.push(word);
        this.deleted.add(word);
      } else if (how === 'move') {
        this.#reinsert(word, replica);
        authored.add(word);
      }
    }
    for (const word of after.keys()) {
      if (before.has(word)) continue;
      if (this.typed.has(word)) this.#reinsert(word, replica);
      this.typed.add(word);
      authored.add(word);
    }
    return foreign;
  }

  #reinsert(word: string, replica: string): void {
    const who = this.reinserted.get(word) ?? new Set();
    this.reinserted.set(word, who.add(replica));
  }

  /** Compares with a document that everybody agrees on. */
  judge(counts: Map<string, number>): { lost: string[]; doubled: string[] } {
    const lost = [...this.typed].filter((word) => !this.deleted.has(word) && !counts.has(word));
    const doubled = [...counts].filter(([word, count]) => count > Math.max(1, this.reinserted.get(word)?.size ?? 0));
    return { lost, doubled: doubled.map(([word]) => word) };
  }
}
