/** What template/main.typ reads as /doc.json: a plan, ready to be laid out. Everything in it is data to Typst, never code. */

export interface PageDocument {
  readonly design: 'report' | 'charter';
  readonly paper: 'a4' | 'letter';
  readonly numbered: boolean;
  /** Live, not a snapshot: every page says so. */
  readonly draft: boolean;
  readonly redline: boolean;
  readonly lang: string;
  readonly region: string | null;
  readonly dir: Direction;
  readonly east: EasternFont;
  /** Metadata of the file, and what stands above and below the text of each page. */
  readonly title: string;
  readonly authors: readonly string[];
  readonly keywords: readonly string[];
  readonly description: string;
  readonly date: PageDate;
  readonly 'running-title': string;
  readonly footer: string;
  /** The front page. */
  readonly state: string;
  readonly 'title-words': Phrase[];
  readonly subtitle: Phrase[];
  readonly 'by-line': Phrase[];
  readonly 'place-line': Phrase[];
  /** Paragraphs. */
  readonly summary: Phrase[][];
  readonly facts: readonly { readonly label: string; readonly mono: boolean; readonly c: Phrase[] }[];
  readonly 'has-contents': boolean;
  readonly blocks: Block[];
}

export type Direction = 'ltr' | 'rtl';
/** Whose forms the characters take that Chinese (simplified), Japanese and Korean share. */
export type EasternFont = 'sc' | 'jp' | 'kr';

export interface PageDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Absent where a block is as what it stands in. */
export interface Spoken {
  /** Addresses of changes within the block. */
  anchors?: string[];
  lang?: string;
  region?: string;
  dir?: Direction;
  east?: EasternFont;
}

export type Phrase =
  | { t: 'text' | 'code'; v: string }
  | { t: 'break' | 'gap' }
  | { t: 'link'; url: string; ruled: boolean; c: Phrase[] }
  /** To the first place of a change. */
  | { t: 'goto'; to: string; c: Phrase[] }
  | { t: 'underline'; ruled: boolean; c: Phrase[] }
  | { t: 'note' | 'heading-note' | Formatting; c: Phrase[] }
  | { t: 'insertion' | 'deletion'; change: number | null; anchor?: string; moved: boolean; ruled: boolean; c: Phrase[] }
  | { t: 'change-note'; change: number | null; anchor?: string; v: string };

type Formatting = 'strong' | 'emphasis' | 'delete' | 'highlight' | 'subscript' | 'superscript' | 'monospace';

export type Block = Spoken &
  (
    | { t: 'paragraph' | 'changed-code'; c: Phrase[] }
    /** `plain`: for the head of the page. */
    | { t: 'heading'; level: number; plain: string; c: Phrase[] }
    | { t: 'space' | 'rule' }
    | { t: 'quote'; c: Block[] }
    | { t: 'bullets'; tight: boolean; c: Block[][] }
    | { t: 'numbers'; tight: boolean; start: number; numbering: string; c: Block[][] }
    | { t: 'tasks'; tight: boolean; boxes: boolean[]; c: Block[][] }
    | { t: 'code'; v: string }
    | PageFigure
    | PageTable
  );

export interface PageFigure {
  t: 'figure';
  /** Path of the picture's file; absent: `instead` stands in its place. */
  image?: string;
  /** Of the text's width, 0 to 1. */
  width: number;
  alt: string;
  decorative: boolean;
  instead: Phrase[];
  credit: Phrase[];
  c: Phrase[];
}

export interface PageTable {
  t: 'table';
  /** Shares of the width; null: as wide as its words need. */
  columns: (number | null)[];
  head: PageCell[];
  /** Whether the head stands again on the pages that the table goes on to. */
  repeated: boolean;
  body: PageCell[];
}

export interface PageCell {
  header: boolean;
  colspan: number;
  rowspan: number;
  align: 'left' | 'center' | 'right' | null;
  c: Block[];
}
