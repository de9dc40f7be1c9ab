/** Compares the text of blocks by words, with their marks, line breaks and footnotes. */
import type { ComparedInline, NodeJSON, Shape } from './comparison.ts';
import type { Draft } from './draft.ts';
import { BREAK, InlineText, unitsOf } from './inline-text.ts';
import { attributesKey, isSameShape, marksKey, shapeOf, textOf } from './node.ts';
import { type Stretch, stretchesOf } from './stretches.ts';

type Inline = readonly NodeJSON[] | undefined;

/** From which similarity on a footnote in the place of another is the other, rewritten. */
const SAME_NOTE = 0.3;

/** `byLine`: code. */
export function compareInline(before: Inline, after: Inline, draft: Draft, byLine = false): ComparedInline[] {
  return new InlineComparison(before ?? [], after ?? [], draft, null).run(byLine);
}

/** Several neighbouring blocks as one text. `change`: that of the split or join itself. */
export function compareRegrouped(
  before: readonly Inline[],
  after: readonly Inline[],
  change: number,
  draft: Draft,
): ComparedInline[] {
  const joined = (blocks: readonly Inline[]) =>
    blocks.flatMap((content, index) => (index === 0 ? (content ?? []) : [BREAK, ...(content ?? [])]));
  return new InlineComparison(joined(before), joined(after), draft, change).run(false);
}

class InlineComparison {
  readonly #before: InlineText;
  readonly #after: InlineText;
  readonly #draft: Draft;
  /** Of the split or join, if this is one. */
  readonly #regroup: number | null;
  readonly #result: ComparedInline[] = [];
  /** The change of marks that the result ends with. */
  #formatting: { readonly delta: string; readonly change: number } | null = null;

  constructor(before: readonly NodeJSON[], after: readonly NodeJSON[], draft: Draft, regroup: number | null) {
    this.#before = new InlineText(before, draft);
    this.#after = new InlineText(after, draft);
    this.#draft = draft;
    this.#regroup = regroup;
  }

  run(byLine: boolean): ComparedInline[] {
    for (const stretch of stretchesOf(this.#before, this.#after, this.#draft, byLine)) {
      if (stretch.equal) this.#equal(stretch);
      else this.#changed(stretch);
    }
    return this.#result;
  }

  /** The same text; its marks may differ, and may change at other places on either side. */
  #equal({ b0, b1, a0, a1 }: Stretch): void {
    const before = this.#before.slice(b0, b1);
    const after = this.#after.slice(a0, a1);
    let [b, a] = [0, 0];
    let [bDone, aDone] = [0, 0];
    while (b < before.length && a < after.length) {
      const [old, fresh] = [before[b]!, after[a]!];
      const units = Math.min(unitsOf(old) - bDone, unitsOf(fresh) - aDone);
      this.#pair(part(old, bDone, units), part(fresh, aDone, units));
      bDone += units;
      aDone += units;
      if (bDone === unitsOf(old)) [b, bDone] = [b + 1, 0];
      if (aDone === unitsOf(fresh)) [a, aDone] = [a + 1, 0];
    }
  }

  #pair(before: NodeJSON, after: NodeJSON): void {
    if (before === BREAK) {
      this.#push({ op: 'break', side: 'both' });
      return;
    }
    const difference = marksDifference(before, after);
    if (!difference) {
      this.#push({ op: 'same', node: after });
      return;
    }
    const { delta, kind } = difference;
    const change = this.#formatting?.delta === delta ? this.#formatting.change : this.#draft.add(kind);
    this.#result.push({ op: 'formatted', before, after, change });
    this.#formatting = { delta, change };
  }

  #push(inline: ComparedInline): void {
    this.#formatting = null;
    this.#result.push(inline);
  }

  /** Footnotes that were rewritten stay footnotes; what stands between them is replaced. */
  #changed({ b0, b1, a0, a1 }: Stretch): void {
    let [b, a] = [b0, a0];
    for (const [bNote, aNote] of this.#pairNotes(b0, b1, a0, a1)) {
      this.#replaced(b, bNote, a, aNote);
      this.#note(this.#before.slice(bNote, bNote + 1)[0]!, this.#after.slice(aNote, aNote + 1)[0]!);
      [b, a] = [bNote + 1, aNote + 1];
    }
    this.#replaced(b, b1, a, a1);
  }

  #pairNotes(b0: number, b1: number, a0: number, a1: number): [number, number][] {
    const notes = (side: InlineText, from: number, to: number) => {
      const found: { at: number; node: NodeJSON }[] = [];
      for (let at = from; at < to; at++) {
        const node = side.tokens[at]!.kind === 'atom' ? side.slice(at, at + 1)[0]! : null;
        if (node?.type === 'footnote') found.push({ at, node });
      }
      return found;
    };
    const older = notes(this.#before, b0, b1);
    const newer = notes(this.#after, a0, a1);
    if (older.length === 1 && newer.length === 1) return [[older[0]!.at, newer[0]!.at]];
    const bag = ({ node }: { node: NodeJSON }) => this.#draft.bags.of(textOf(node));
    const [olderBags, newerBags] = [older.map(bag), newer.map(bag)];
    const pairs: [number, number][] = [];
    let next = 0;
    older.forEach(({ at }, index) => {
      const similar = newerBags.findIndex(
        (other, n) => n >= next && this.#draft.bags.similarity(olderBags[index]!, other) >= SAME_NOTE,
      );
      if (similar < 0) return;
      pairs.push([at, newer[similar]!.at]);
      next = similar + 1;
    });
    return pairs;
  }

  #note(before: NodeJSON, after: NodeJSON): void {
    const [old, fresh] = [shapeOf(before), shapeOf(after)];
    const change = isSameShape(old, fresh)
      ? null
      : this.#draft.add(attributesKey(old.attrs) === attributesKey(fresh.attrs) ? 'formatting' : 'attributes');
    const inline = compareInline(before.content, after.content, this.#draft);
    this.#push({ op: 'note', before: old, after: fresh, change, inline });
  }

  #replaced(b0: number, b1: number, a0: number, a1: number): void {
    if (b0 === b1 && a0 === a1) return;
    const removed = this.#before.slice(b0, b1);
    const added = this.#after.slice(a0, a1);
    const change = this.#changeOf(removed, added);
    const put = (nodes: readonly NodeJSON[], op: 'deleted' | 'inserted') => {
      for (const node of nodes) {
        if (node === BREAK) this.#push({ op: 'break', side: op });
        else this.#push({ op, node, change });
      }
    };
    put(removed, 'deleted');
    put(added, 'inserted');
  }

  /** Spaces that come or go with the break itself belong to the split or join. */
  #changeOf(removed: readonly NodeJSON[], added: readonly NodeJSON[]): number {
    const isGap = (node: NodeJSON) => node === BREAK || (node.type === 'text' && !node.text?.trim());
    const all = [...removed, ...added];
    if (this.#regroup !== null && all.includes(BREAK) && all.every(isGap)) return this.#regroup;
    const isContent = (node: NodeJSON) => node !== BREAK;
    const [goes, comes] = [removed.some(isContent), added.some(isContent)];
    return this.#draft.add(goes && comes ? 'replaced' : goes ? 'deleted' : 'inserted');
  }
}

const part = (node: NodeJSON, from: number, units: number): NodeJSON =>
  node.type === 'text' && units < unitsOf(node) ? { ...node, text: node.text!.slice(from, from + units) } : node;

/** Null: the same marks. Otherwise what came and went, as a key, and whether only attributes (the address of a link) differ. */
function marksDifference(
  { marks: before }: Shape,
  { marks: after }: Shape,
): { delta: string; kind: 'formatting' | 'attributes' } | null {
  if (marksKey(before) === marksKey(after)) return null;
  const keys = (marks: Shape['marks']) => (marks ?? []).map((mark) => marksKey([mark]));
  const [old, fresh] = [keys(before), keys(after)];
  const gone = old.filter((key) => !fresh.includes(key));
  const come = fresh.filter((key) => !old.includes(key));
  const types = (marks: Shape['marks']) => (marks ?? []).map(({ type }) => type).join();
  return {
    delta: `-${gone.join(' ')} +${come.join(' ')}`,
    kind: types(before) === types(after) ? 'attributes' : 'formatting',
  };
}
