/** Compares two tables: columns first, then rows, then what stands in the cells. */

import { heaviestRising } from '../rising.ts';
import type { ComparedNode, NodeJSON } from './comparison.ts';
import type { Draft } from './draft.ts';
import { type Match, matchUnits, type Unit } from './matching.ts';
import { attributesKey, isSameShape, shapeOf } from './node.ts';
import { unitOf } from './tree.ts';

type CompareBlocks = (before: readonly NodeJSON[], after: readonly NodeJSON[], draft: Draft) => ComparedNode[];

/** A cell of either table, or of both. */
interface CellPair {
  readonly before: NodeJSON | null;
  readonly after: NodeJSON | null;
  /** The change of the column that the cell came or went with; null: it came or went by itself. */
  readonly column: number | null;
}

/** Returns the rows of both tables. */
export function compareTables(
  before: NodeJSON,
  after: NodeJSON,
  draft: Draft,
  compareBlocks: CompareBlocks,
): ComparedNode[] {
  return new TableComparison(before, after, draft, compareBlocks).rows();
}

class TableComparison {
  readonly #before: readonly NodeJSON[];
  readonly #after: readonly NodeJSON[];
  readonly #draft: Draft;
  readonly #compareBlocks: CompareBlocks;
  readonly #matches: readonly Match[];
  /** Null: cells that span, or rows of different length. Cells are then matched row by row. */
  readonly #columns: readonly ColumnPair[] | null;
  readonly #columnChanges = new Map<ColumnPair, number>();
  /** Changes of cells' attributes by what changed: a column that was made wider is one change, not one for each cell. */
  readonly #attributeChanges = new Map<string, number>();
  readonly #moves = new Map<number, number>();
  readonly #units = new Map<NodeJSON, Unit>();

  constructor(before: NodeJSON, after: NodeJSON, draft: Draft, compareBlocks: CompareBlocks) {
    this.#before = before.content ?? [];
    this.#after = after.content ?? [];
    this.#draft = draft;
    this.#compareBlocks = compareBlocks;
    const units = (rows: readonly NodeJSON[]) => rows.map((row) => unitOf(row, draft));
    this.#matches = matchUnits(units(this.#before), units(this.#after), draft);
    const widths = [columnsOf(this.#before), columnsOf(this.#after)] as const;
    this.#columns = widths[0] !== null && widths[1] !== null ? this.#alignColumns(widths[0], widths[1]) : null;
  }

  rows(): ComparedNode[] {
    const pairs = this.#matches.filter(({ partial }) => !partial).toSorted((one, other) => one.before - other.before);
    const rising = heaviestRising(
      pairs.map(({ after }) => after),
      (index) => (pairs[index]!.moved ? 0.5 : 1),
    );
    const inPlace = rising.map((index) => pairs[index]!);
    const partnerOfBefore = new Map(pairs.map(({ before, after }) => [before, after]));
    const partnerOfAfter = new Map(pairs.map(({ before, after }) => [after, before]));
    const result: ComparedNode[] = [];
    let [b, a] = [0, 0];
    const gap = (bEnd: number, aEnd: number) => {
      for (; b < bEnd; b++) {
        const node = this.#before[b]!;
        if (partnerOfBefore.has(b)) result.push({ op: 'departed', node, change: this.#move(b) });
        else result.push({ op: 'deleted', node, change: this.#draft.add('row-deleted') });
      }
      for (; a < aEnd; a++) {
        const from = partnerOfAfter.get(a);
        const node = this.#after[a]!;
        if (from === undefined) result.push({ op: 'inserted', node, change: this.#draft.add('row-inserted') });
        else {
          const change = this.#move(from);
          result.push({ op: 'arrived', node: this.#row(this.#before[from]!, node), change });
        }
      }
    };
    for (const { before, after } of inPlace) {
      gap(before, after);
      result.push(this.#row(this.#before[before]!, this.#after[after]!));
      [b, a] = [before + 1, after + 1];
    }
    gap(this.#before.length, this.#after.length);
    return result;
  }

  #move(row: number): number {
    const known = this.#moves.get(row);
    if (known !== undefined) return known;
    const change = this.#draft.add('moved');
    this.#moves.set(row, change);
    return change;
  }

  #row(before: NodeJSON, after: NodeJSON): ComparedNode {
    if (this.#draft.nodes.of(before) === this.#draft.nodes.of(after)) return { op: 'same', node: after };
    const [old, fresh] = [shapeOf(before), shapeOf(after)];
    const change = isSameShape(old, fresh) ? null : this.#draft.add('attributes');
    const pairs = this.#columns
      ? this.#columns.map((column) => this.#cellPair(column, before, after))
      : this.#matchCells(before.content ?? [], after.content ?? []);
    return { op: 'container', before: old, after: fresh, change, children: pairs.map((pair) => this.#cell(pair)) };
  }

  #cellPair(column: ColumnPair, before: NodeJSON, after: NodeJSON): CellPair {
    const old = column.before === null ? null : before.content![column.before]!;
    const fresh = column.after === null ? null : after.content![column.after]!;
    if (old && fresh) return { before: old, after: fresh, column: null };
    const change = this.#columnChanges.get(column) ?? this.#draft.add(old ? 'column-deleted' : 'column-inserted');
    this.#columnChanges.set(column, change);
    return { before: old, after: fresh, column: change };
  }

  /** Cells of two rows whose columns cannot be told: all in order when they are as many, otherwise by what they say. */
  #matchCells(before: readonly NodeJSON[], after: readonly NodeJSON[]): CellPair[] {
    if (before.length === after.length) {
      return before.map((cell, index) => ({ before: cell, after: after[index]!, column: null }));
    }
    const units = (cells: readonly NodeJSON[]) => cells.map((cell) => unitOf(cell, this.#draft));
    const matches = matchUnits(units(before), units(after), this.#draft).filter(
      ({ moved, partial }) => !moved && !partial,
    );
    const result: CellPair[] = [];
    let [b, a] = [0, 0];
    const gap = (bEnd: number, aEnd: number) => {
      for (; b < bEnd; b++) result.push({ before: before[b]!, after: null, column: null });
      for (; a < aEnd; a++) result.push({ before: null, after: after[a]!, column: null });
    };
    for (const match of matches.toSorted((one, other) => one.before - other.before)) {
      gap(match.before, match.after);
      result.push({ before: before[b++]!, after: after[a++]!, column: null });
    }
    gap(before.length, after.length);
    return result;
  }

  #cell({ before, after, column }: CellPair): ComparedNode {
    if (!before) return { op: 'inserted', node: after!, change: column ?? this.#draft.add('inserted') };
    if (!after) return { op: 'deleted', node: before, change: column ?? this.#draft.add('deleted') };
    if (this.#draft.nodes.of(before) === this.#draft.nodes.of(after)) return { op: 'same', node: after };
    const [old, fresh] = [shapeOf(before), shapeOf(after)];
    const change = isSameShape(old, fresh) ? null : this.#attributeChange(old, fresh);
    const children = this.#compareBlocks(before.content ?? [], after.content ?? [], this.#draft);
    return { op: 'container', before: old, after: fresh, change, children };
  }

  #attributeChange(before: NodeJSON, after: NodeJSON): number {
    const key = `${before.type} ${attributesKey(before.attrs)} ${after.type} ${attributesKey(after.attrs)}`;
    const known = this.#attributeChanges.get(key);
    if (known !== undefined) return known;
    const change = this.#draft.add(before.type === after.type ? 'attributes' : 'retyped');
    this.#attributeChanges.set(key, change);
    return change;
  }

  /** Which columns stayed, came and went, in the order in which they are shown. */
  #alignColumns(widthBefore: number, widthAfter: number): ColumnPair[] {
    const enough = Math.ceil(MOST_LOOKS / (widthBefore * widthAfter));
    const rows = this.#matches.filter(({ moved }) => !moved).slice(0, enough);
    const alike = (b: number, a: number): number => {
      let total = 0;
      for (const row of rows) {
        total += this.#alike(this.#before[row.before]!.content![b]!, this.#after[row.after]!.content![a]!);
      }
      return rows.length === 0 ? 0 : total / rows.length;
    };
    const likeness = Array.from({ length: widthBefore }, (_, b) =>
      Array.from({ length: widthAfter }, (_, a) => alike(b, a)),
    );
    const pairs = widthBefore === widthAfter && !isBetterShifted(likeness) ? null : bestOrder(likeness);
    const kept = pairs ?? Array.from({ length: widthBefore }, (_, n) => [n, n] as const);
    const result: ColumnPair[] = [];
    let [b, a] = [0, 0];
    const gap = (bEnd: number, aEnd: number) => {
      for (; b < bEnd; b++) result.push({ before: b, after: null });
      for (; a < aEnd; a++) result.push({ before: null, after: a });
    };
    for (const [bAt, aAt] of kept) {
      gap(bAt, aAt);
      result.push({ before: b++, after: a++ });
    }
    gap(widthBefore, widthAfter);
    return result;
  }

  #unit(cell: NodeJSON): Unit {
    const unit = this.#units.get(cell) ?? unitOf(cell, this.#draft);
    this.#units.set(cell, unit);
    return unit;
  }

  #alike(before: NodeJSON, after: NodeJSON): number {
    const [old, fresh] = [this.#unit(before), this.#unit(after)];
    if (old.bag.weight === 0 && fresh.bag.weight === 0) return EMPTY_ALIKE;
    return old.number === fresh.number ? 1 : this.#draft.bags.similarity(old.bag, fresh.bag);
  }
}

/** Indexes of a column in either table. */
interface ColumnPair {
  readonly before: number | null;
  readonly after: number | null;
}

/** Pairs of cells that are looked at to tell the columns. */
const MOST_LOOKS = 20_000;
/** Two empty cells say little about whether their columns are the same. */
const EMPTY_ALIKE = 0.3;
/** Columns less alike than that are not the same. */
const SAME_COLUMN = 0.25;

/** The number of columns where no cell spans and all rows are as long, or null. */
function columnsOf(rows: readonly NodeJSON[]): number | null {
  const width = rows[0]?.content?.length ?? 0;
  const isPlain = ({ attrs }: NodeJSON) => (attrs?.colspan ?? 1) === 1 && (attrs?.rowspan ?? 1) === 1;
  const isRegular = ({ content = [] }: NodeJSON) => content.length === width && content.every(isPlain);
  return width > 0 && rows.every(isRegular) ? width : null;
}

/** Whether another order than the same one explains clearly more: one column went and another came. */
function isBetterShifted(likeness: readonly (readonly number[])[]): boolean {
  const straight = likeness.reduce((total, row, index) => total + row[index]!, 0);
  const best = bestOrder(likeness).reduce((total, [b, a]) => total + likeness[b]![a]!, 0);
  return best > straight + 0.5;
}

/** Pairs of columns, rising on both sides, that are most alike together. */
function bestOrder(likeness: readonly (readonly number[])[]): (readonly [number, number])[] {
  const edges = likeness.flatMap((row, b) =>
    row.flatMap((alike, a) => (alike >= SAME_COLUMN ? [{ b, a, alike }] : [])).reverse(),
  );
  const rising = heaviestRising(
    edges.map(({ a }) => a),
    (index) => edges[index]!.alike,
  );
  return rising.map((index) => [edges[index]!.b, edges[index]!.a] as const);
}
