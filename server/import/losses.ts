/** Gathers what a file held that the plan made of it does not, in words for the person who imports it. */
import type { Loss } from '../../shared/api.ts';

/** A plan has four levels of headings. */
export const DEEP_HEADINGS = 'headings below the fourth level, which are of the fourth now';

const LONGEST_EXAMPLE = 80;

export class Losses {
  readonly #found = new Map<string, { count: number; example: string }>();

  /** `what` names the kind, in the plural; `example` is how the first of them reads in the file. */
  add(what: string, example: string): void {
    const known = this.#found.get(what);
    if (known) known.count++;
    else {
      const line = example.replace(/\s+/g, ' ').trim();
      const short = line.length > LONGEST_EXAMPLE ? `${line.slice(0, LONGEST_EXAMPLE - 1)}…` : line;
      this.#found.set(what, { count: 1, example: short.toWellFormed() });
    }
  }

  list(): Loss[] {
    return [...this.#found].map(([what, found]) => ({ what, ...found }));
  }
}
