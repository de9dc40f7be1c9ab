/** What changed between two documents, as a tree in reading order: enough to show it, to accept it and to reject it, whole or in part. */

/** ProseMirror JSON of a node. */
export interface NodeJSON {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly NodeJSON[];
  readonly text?: string;
  readonly marks?: readonly MarkJSON[];
}
export interface MarkJSON {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

/**
 * inserted, deleted: blocks or words. replaced: words for words, at one place. moved: the same block elsewhere. split, joined: paragraphs;
 * or a list or quote, which is then taken away from around several new ones, or put around several old ones.
 * retyped: another kind of block, or wrapped into a list, a quote, or out of it. formatting: other marks on the same words.
 * attributes: the same thing with another address, language, caption, number... rows and columns: of tables.
 */
export const CHANGE_KINDS = [
  'inserted',
  'deleted',
  'replaced',
  'moved',
  'split',
  'joined',
  'retyped',
  'formatting',
  'attributes',
  'row-inserted',
  'row-deleted',
  'column-inserted',
  'column-deleted',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A range of ProseMirror positions in one of the two documents; empty (from = to) where something is missing on that side. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** One change as a reader counts it. Its number is its index in `Comparison.changes`; the nodes it touches carry that number. */
export interface Change {
  readonly kind: ChangeKind;
  /** In the older and in the newer document. */
  readonly before: Place;
  readonly after: Place;
  /** Index in `Comparison.sections`; null before the first heading. */
  readonly section: number | null;
}

/** A heading with what follows it, to the next heading of any level. */
export interface Section {
  readonly title: string;
  /** 1 to 4. */
  readonly level: number;
  /** Index in `Comparison.blocks` of the heading, or of the block it is in. */
  readonly block: number;
}

/** A node without its content. */
export type Shape = Pick<NodeJSON, 'type' | 'attrs' | 'marks'>;

/** `change` null: nothing about the node itself changed, only something in it. */
export type ComparedNode =
  | { readonly op: 'same'; readonly node: NodeJSON }
  | { readonly op: 'inserted' | 'deleted'; readonly node: NodeJSON; readonly change: number }
  /** Where something stood in the older document that the `arrived` of the same change has in the newer one: moved or wrapped. */
  | { readonly op: 'departed'; readonly node: NodeJSON; readonly change: number }
  | { readonly op: 'arrived'; readonly node: ComparedNode; readonly change: number }
  /** A list, a quote, a table, a row, a cell, an item. `before` null: put around its content; `after` null: taken away from around it. */
  | {
      readonly op: 'container';
      readonly before: Shape | null;
      readonly after: Shape | null;
      readonly change: number | null;
      readonly children: readonly ComparedNode[];
    }
  /** A block of text, or a figure with its caption. */
  | {
      readonly op: 'text';
      readonly before: Shape;
      readonly after: Shape;
      readonly change: number | null;
      readonly inline: readonly ComparedInline[];
    }
  /**
   * Split or joined: neighbouring blocks of text on both sides; `inline` has a `break` wherever one ends and the next starts. Each
   * block is its shapes from the outside in: that of a list item that holds nothing but the block, if there is one, then the block's.
   */
  | {
      readonly op: 'regrouped';
      readonly before: readonly (readonly Shape[])[];
      readonly after: readonly (readonly Shape[])[];
      readonly change: number;
      readonly inline: readonly ComparedInline[];
    };

/** Text with its marks, hard breaks, and footnotes with the text in them. */
export type ComparedInline =
  | { readonly op: 'same'; readonly node: NodeJSON }
  | { readonly op: 'inserted' | 'deleted'; readonly node: NodeJSON; readonly change: number }
  /** The same text with other marks. */
  | { readonly op: 'formatted'; readonly before: NodeJSON; readonly after: NodeJSON; readonly change: number }
  /** A footnote that stayed; `change` set: its attributes did not. */
  | {
      readonly op: 'note';
      readonly before: Shape;
      readonly after: Shape;
      readonly change: number | null;
      readonly inline: readonly ComparedInline[];
    }
  /** Only in `regrouped`. `both`: a block ends here in either document. */
  | { readonly op: 'break'; readonly side: 'both' | 'inserted' | 'deleted' };

export interface Comparison {
  /** The children of the document. */
  readonly blocks: readonly ComparedNode[];
  /** In reading order. */
  readonly changes: readonly Change[];
  readonly sections: readonly Section[];
}

/** A field of the front matter that changed, its words compared. Lists are text with one entry a line. */
export interface ComparedField {
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly inline: readonly ComparedWords[];
}
export type ComparedWords = { readonly op: 'same' | 'inserted' | 'deleted'; readonly text: string };
