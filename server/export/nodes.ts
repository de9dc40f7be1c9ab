/** The tree that every export is written from: mdast (https://github.com/syntax-tree/mdast) and the nodes it has no word for. */
import type { BlockContent, Data, Literal, Parent, PhrasingContent } from 'mdast';

/** Inline formatting that Markdown has no characters for. `monospace` is code that holds more than plain text, such as a break. */
export interface Formatting extends Parent {
  type: 'underline' | 'highlight' | 'subscript' | 'superscript' | 'monospace';
  children: PhrasingContent[];
}

/** A note, standing where it is referred to; the writer numbers it and decides where its text goes. */
export interface Footnote extends Parent {
  type: 'footnote';
  children: PhrasingContent[];
}

/** A picture with its caption (the children) and credit. `url` null: no picture chosen yet. */
export interface Figure extends Parent {
  type: 'figure';
  url: string | null;
  /** Empty: nobody has said yet what it shows, unless it is `decorative`. */
  alt: string;
  /** There is nothing to say about it to those who cannot see it. */
  decorative: boolean;
  /** Of a picture whose data stands elsewhere in the file: what it is called there. */
  reference?: string;
  credit: string;
  children: PhrasingContent[];
  data?: Data;
}

/** A table whose cells hold blocks and may span; mdast's own `table` can say only the simplest of them. */
export interface Grid extends Parent {
  type: 'grid';
  children: GridRow[];
}

export interface GridRow extends Parent {
  type: 'gridRow';
  children: GridCell[];
}

export interface GridCell extends Parent {
  type: 'gridCell';
  header: boolean;
  colspan: number;
  rowspan: number;
  align: 'left' | 'center' | 'right' | null;
  /** Pixels, one for each column that the cell spans. */
  widths: number[] | null;
  children: BlockContent[];
}

/** A paragraph without anything in it, which Markdown cannot say; kept because people space their text with them. */
export interface EmptyParagraph extends Parent {
  type: 'emptyParagraph';
  children: [];
  data?: Data;
}

/** In a redline: words that only the newer document has, or only the older. `moved`: both have them, at different places. */
export interface Marked extends Parent {
  type: 'insertion' | 'deletion';
  /** Index of the change in the comparison; null: it is none of its changes. */
  change: number | null;
  moved: boolean;
  children: PhrasingContent[];
}

/** In a redline: what is said about a change that the words alone do not show. */
export interface ChangeNote extends Literal {
  type: 'changeNote';
  change: number | null;
}

/** In a redline: a block of code in which something changed. */
export interface MarkedCode extends Parent {
  type: 'markedCode';
  lang: string | null;
  children: PhrasingContent[];
}

declare module 'mdast' {
  interface Data {
    /** BCP 47, of a paragraph, heading or figure whose language is not the plan's own. */
    lang?: string;
    dir?: 'ltr' | 'rtl';
    /** How an ordered list counts, as in HTML: a, A, i, I or 1; absent: as usual. */
    numbering?: string;
  }
  interface PhrasingContentMap {
    formatting: Formatting;
    footnote: Footnote;
    marked: Marked;
    changeNote: ChangeNote;
  }
  interface BlockContentMap {
    markedCode: MarkedCode;
    figure: Figure;
    grid: Grid;
    emptyParagraph: EmptyParagraph;
  }
  interface RootContentMap {
    figure: Figure;
    formatting: Formatting;
    footnote: Footnote;
    marked: Marked;
    changeNote: ChangeNote;
    markedCode: MarkedCode;
    grid: Grid;
    gridRow: GridRow;
    gridCell: GridCell;
    emptyParagraph: EmptyParagraph;
  }
}
