/** Watches that tables grow by what people do to them and by nothing else. */
import type { Node } from '@tiptap/pm/model';
import { TableMap } from '@tiptap/pm/tables';

interface Sizes {
  rows: number;
  columns: number;
  highest: number;
  widest: number;
}

function sizes(doc: Node): Sizes {
  const result = { rows: 0, columns: 0, highest: 0, widest: 0 };
  doc.descendants((node) => {
    if (node.inlineContent) return false;
    if (node.type.spec.tableRole !== 'table') return true;
    const { width, height } = TableMap.get(node);
    result.rows += height;
    result.columns += width;
    result.highest = Math.max(result.highest, height);
    result.widest = Math.max(result.widest, width);
    return true;
  });
  return result;
}

export class TableGrowth {
  #rows: number;
  #columns: number;

  constructor(doc: Node) {
    const { rows, columns } = sizes(doc);
    this.#rows = rows;
    this.#columns = columns;
  }

  /** Notes what one person's edit added, as it left the document before the flow had its say. */
  note(before: Node, after: Node): void {
    const [old, now] = [sizes(before), sizes(after)];
    this.#rows += Math.max(0, now.rows - old.rows);
    this.#columns += Math.max(0, now.columns - old.columns);
  }

  /**
   * Says what is wrong when a table has more than three times the rows or columns that people ever made; null when nothing
   * is. Twice as many can be right: cells merged over rows, while others write in those rows, show as parts between theirs.
   */
  judge(doc: Node): string | null {
    const { highest, widest } = sizes(doc);
    if (highest <= 3 * this.#rows && widest <= 3 * this.#columns) return null;
    return `a table of ${highest} rows and ${widest} columns, where people made ${this.#rows} and ${this.#columns}`;
  }
}
