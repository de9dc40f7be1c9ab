/** What all steps of one comparison share: the numbers of nodes and words, the language, and the changes found so far. */
import type { ChangeKind } from './comparison.ts';
import { NodeNumbers, Numbers } from './node.ts';
import { WordBags } from './word-bag.ts';

export class Draft {
  readonly nodes = new NodeNumbers();
  readonly tokens = new Numbers();
  readonly bags: WordBags;
  /** BCP 47. */
  readonly language: string;
  /** In reading order, as long as changes are added by whoever writes the tree, from its start to its end. */
  readonly kinds: ChangeKind[] = [];

  constructor(language: string) {
    this.language = language;
    this.bags = new WordBags(language);
  }

  /** Returns the number of the new change. */
  add(kind: ChangeKind): number {
    return this.kinds.push(kind) - 1;
  }
}
