/** How alike two texts are by the words they share, in any order. */
import { Numbers } from './node.ts';
import { wordsOf } from './words.ts';

/** Words as rising numbers, each as often as it occurs. */
export interface WordBag {
  readonly words: Int32Array;
  /** Sum of the weights of all words. */
  readonly weight: number;
}

/** Scripts in which a word is one letter or two. */
const DENSE = /[\u2e80-\u9fff\uac00-\ud7af]/;

/** Makes bags whose words are numbered alike. */
export class WordBags {
  readonly #numbers = new Numbers();
  readonly #weights: number[] = [];
  readonly #language: string;

  constructor(language: string) {
    this.#language = language;
  }

  of(whole: string): WordBag {
    const words: number[] = [];
    let weight = 0;
    for (const text of wordsOf(whole.toLowerCase(), this.#language)) {
      const word = this.#numbers.of(text);
      // Long words say more about what a text is about than short ones; one of an unspaced script says much in few letters.
      this.#weights[word] ??= DENSE.test(text) ? text.length * 3 : text.length;
      words.push(word);
      weight += this.#weights[word]!;
    }
    return { words: Int32Array.from(words).sort(), weight };
  }

  weightOf(word: number): number {
    return this.#weights[word]!;
  }

  /** Weight of the words that both hold. */
  shared(one: WordBag, other: WordBag): number {
    let total = 0;
    const [a, b] = [one.words, other.words];
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      if (a[i] === b[j]) {
        total += this.#weights[a[i]!]!;
        i++;
        j++;
      } else if (a[i]! < b[j]!) i++;
      else j++;
    }
    return total;
  }

  /** Dice's coefficient by weight: 0 to 1. */
  similarity(one: WordBag, other: WordBag): number {
    const total = one.weight + other.weight;
    return total === 0 ? 0 : (2 * this.shared(one, other)) / total;
  }

  sum(bags: readonly WordBag[]): WordBag {
    const words = new Int32Array(bags.reduce((total, bag) => total + bag.words.length, 0));
    let at = 0;
    for (const bag of bags) {
      words.set(bag.words, at);
      at += bag.words.length;
    }
    return { words: words.sort(), weight: bags.reduce((total, bag) => total + bag.weight, 0) };
  }

  /** What `bag` holds and `other` does not. */
  minus(bag: WordBag, other: WordBag): WordBag {
    const words: number[] = [];
    let weight = 0;
    for (let i = 0, j = 0; i < bag.words.length; ) {
      const word = bag.words[i]!;
      if (j < other.words.length && other.words[j]! < word) j++;
      else {
        if (other.words[j] === word) j++;
        else {
          words.push(word);
          weight += this.#weights[word]!;
        }
        i++;
      }
    }
    return { words: Int32Array.from(words), weight };
  }
}
