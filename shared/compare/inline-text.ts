/** The inline content of blocks as one text, cut into tokens, from which any stretch can be cut out again with its marks. */
import type { NodeJSON } from './comparison.ts';
import type { Draft } from './draft.ts';
import { sizeOf } from './node.ts';
import { type Token, tokensOf } from './words.ts';

/** Where one of several neighbouring blocks ends and the next one starts. */
export const BREAK: NodeJSON = { type: 'break' };
const BREAK_KEY = -1;
/** Stands in the text for what is no text. */
const ATOM = '\ufffc';

export interface InlineToken {
  /** Tokens with the same key are equal but for their marks. */
  readonly key: number;
  readonly kind: Token['kind'] | 'atom';
  /** Range in the text. */
  readonly from: number;
  readonly to: number;
}

interface Run {
  readonly node: NodeJSON;
  readonly from: number;
  readonly to: number;
}

export class InlineText {
  readonly text: string;
  readonly tokens: readonly InlineToken[];
  readonly #runs: readonly Run[];

  constructor(content: readonly NodeJSON[], draft: Draft) {
    const runs: Run[] = [];
    const tokens: InlineToken[] = [];
    let text = '';
    let start = 0;
    const cut = () => {
      let from = start;
      for (const token of tokensOf(text.slice(start), draft.language)) {
        const to = from + token.text.length;
        tokens.push({ key: draft.tokens.of(token.text), kind: token.kind, from, to });
        from = to;
      }
      start = text.length;
    };
    for (const node of content) {
      const from = text.length;
      if (node.type === 'text') text += node.text ?? '';
      else {
        cut();
        text += ATOM;
        start = text.length;
        const key = node === BREAK ? BREAK_KEY : draft.tokens.of(`${ATOM}${draft.nodes.unmarked(node)}`);
        tokens.push({ key, kind: 'atom', from, to: start });
      }
      runs.push({ node, from, to: text.length });
    }
    cut();
    this.text = text;
    this.tokens = tokens;
    this.#runs = runs;
  }

  /** What stands from token to token, as nodes with their marks. */
  slice(fromToken: number, toToken: number): NodeJSON[] {
    if (fromToken >= toToken) return [];
    return this.between(this.tokens[fromToken]!.from, this.tokens[toToken - 1]!.to);
  }

  between(from: number, to: number): NodeJSON[] {
    const nodes: NodeJSON[] = [];
    for (let at = this.#runAt(from); at < this.#runs.length && this.#runs[at]!.from < to; at++) {
      const run = this.#runs[at]!;
      const [start, end] = [Math.max(from, run.from), Math.min(to, run.to)];
      if (start === run.from && end === run.to) nodes.push(run.node);
      else nodes.push({ ...run.node, text: this.text.slice(start, end) });
    }
    return nodes;
  }

  /** The first run that ends behind an offset. */
  #runAt(offset: number): number {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#runs[middle]!.to <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Units of the text that a node takes up in an InlineText. */
export const unitsOf = (node: NodeJSON): number => (node.type === 'text' ? sizeOf(node) : 1);
