/** Writes the blocks of the tree as Word's: styled paragraphs, numbered lists, tables, pictures. */
import {
  AlignmentType,
  Bookmark,
  BorderStyle,
  type FileChild,
  HeadingLevel,
  ImageRun,
  type IParagraphOptions,
  type IPropertiesOptions,
  Paragraph,
  type ParagraphChild,
  Table,
  TableCell,
  TableRow,
  WidthType,
} from 'docx';
import type { BlockContent, Data, Heading, List, ListItem } from 'mdast';
import type { ExportImage } from '../exportable.ts';
import { type GridLayout, layOut, type PlacedCell } from '../grid.ts';
import type { Figure, Grid } from '../nodes.ts';
import type { Outline } from '../outline.ts';
import { printable, type RunWriter } from './runs.ts';
import { BULLETS, HEADINGS, INDENT, ordered } from './styles.ts';

type Block = Paragraph | Table;
type Definition = NonNullable<IPropertiesOptions['numbering']>['config'][number];

export interface BlocksOptions {
  readonly outline: Outline;
  /** In a format that Word shows: PNG, JPEG, GIF or BMP. */
  readonly images: ReadonlyMap<string, ExportImage>;
  readonly direction: 'ltr' | 'rtl';
  /** Twips between the margins. */
  readonly width: number;
}

/** Where a block stands. */
interface Place {
  /** Twips from the margin. */
  readonly indent: number;
  readonly style?: string;
  readonly align?: 'left' | 'center' | 'right' | null;
  /** What is before the first block of a list's item. */
  readonly numbering?: IParagraphOptions['numbering'];
  /** Twips there are. */
  readonly width: number;
  readonly level: number;
}

const HEADING_LEVELS = [
  HeadingLevel.HEADING_1,
  HeadingLevel.HEADING_2,
  HeadingLevel.HEADING_3,
  HeadingLevel.HEADING_4,
  HeadingLevel.HEADING_5,
  HeadingLevel.HEADING_6,
] as const;
/** Columns that Word opens. */
const MOST_COLUMNS = 63;
/** Deeper, the text would become too narrow. */
const MOST_INDENT = 10 * INDENT;
/** Twips in a CSS pixel, and pixels that a picture may be high so that its caption stays on its page. */
const PIXEL = 15;
const MOST_HEIGHT = 780;

export class BlockWriter {
  readonly numbering = new Map<string, Definition>([
    [BULLETS.reference, BULLETS],
    [HEADINGS.reference, HEADINGS],
  ]);
  readonly #runs: RunWriter;
  readonly #options: BlocksOptions;
  #lists = 0;

  constructor(runs: RunWriter, options: BlocksOptions) {
    this.#runs = runs;
    this.#options = options;
  }

  document(nodes: readonly BlockContent[]): FileChild[] {
    return this.#blocks(nodes, { indent: 0, width: this.#options.width, level: 0 });
  }

  #blocks(nodes: readonly BlockContent[], place: Place): Block[] {
    return nodes.flatMap((node) => this.#block(node, place));
  }

  #block(node: BlockContent, place: Place): Block[] {
    switch (node.type) {
      case 'paragraph':
        return [
          this.#paragraph(place, this.#runs.runs(node.children, this.#languageOf(node.data)), node.data, {
            run: this.#runs.markOf(node.children),
          }),
        ];
      case 'emptyParagraph':
        return [this.#paragraph(place, [], node.data)];
      case 'heading':
        return [this.#heading(node, place)];
      case 'blockquote': {
        const indent = inward(place, 2);
        return this.#blocks(node.children as BlockContent[], { ...indent, style: place.style ?? 'Quote' });
      }
      case 'list':
        return this.#list(node, place);
      case 'code':
        return [this.#paragraph({ ...place, style: 'Code' }, this.#lines(node.value), { dir: 'ltr' })];
      case 'markedCode':
        return [this.#paragraph({ ...place, style: 'Code' }, this.#runs.runs(node.children), { dir: 'ltr' })];
      case 'thematicBreak':
        return [this.#paragraph(place, [], undefined, { thematicBreak: true })];
      case 'figure':
        return this.#figure(node, place);
      case 'grid':
        return this.#grid(node, place);
      default:
        throw new TypeError(`The tree of a plan holds no ${node.type}`);
    }
  }

  #paragraph(place: Place, children: ParagraphChild[], data?: Data, more: IParagraphOptions = {}): Paragraph {
    const { indent, numbering, style, align } = place;
    const bidirectional = (data?.dir ?? this.#options.direction) === 'rtl';
    return new Paragraph({
      ...(style ? { style } : {}),
      ...(numbering
        ? { numbering, indent: { start: indent, hanging: INDENT } }
        : indent
          ? { indent: { start: indent } }
          : {}),
      ...(align ? { alignment: ALIGNMENTS[align] } : {}),
      ...(bidirectional ? { bidirectional } : {}),
      ...defined(more),
      children,
    });
  }

  #languageOf(data: Data | undefined) {
    const rightToLeft = (data?.dir ?? this.#options.direction) === 'rtl';
    const lang = data?.lang;
    return {
      ...(rightToLeft ? { rightToLeft } : {}),
      ...(lang ? { language: { value: lang, eastAsia: lang, bidirectional: lang } } : {}),
    };
  }

  #lines(value: string): ParagraphChild[] {
    return value.split('\n').map((line, index) => this.#runs.text(line, index > 0 ? { break: 1 } : {}));
  }

  #heading(node: Heading, place: Place): Paragraph {
    const at = this.#options.outline.get(node);
    const runs = this.#runs.runs(node.children, this.#languageOf(node.data));
    if (!at) return this.#paragraph(place, runs, node.data);
    const { numbering: _, style: __, ...bare } = place;
    return this.#paragraph(bare, at.id ? [new Bookmark({ id: bookmark(at.id), children: runs })] : runs, node.data, {
      heading: HEADING_LEVELS[Math.min(at.depth, 6) - 1]!,
      ...(at.number ? { numbering: { reference: HEADINGS.reference, level: at.depth - 1 } } : {}),
      run: this.#runs.markOf(node.children),
    });
  }

  #list(node: List, place: Place): Block[] {
    const inside = { ...inward(place, 1), level: place.level + 1 };
    const level = Math.min(place.level, 8);
    this.#lists += 1;
    const numbering = { reference: this.#referenceOf(node), level, instance: this.#lists };
    return node.children.flatMap((item) => this.#item(item, inside, numbering));
  }

  #referenceOf(node: List): string {
    if (!node.ordered) return BULLETS.reference;
    const start = node.start ?? 1;
    const reference = `ordered-${node.data?.numbering ?? '1'}-${start}`;
    if (!this.numbering.has(reference)) this.numbering.set(reference, ordered(reference, start, node.data?.numbering));
    return reference;
  }

  /** The bullet stands before the first block; what follows is set in as far as its text. */
  #item({ checked, children }: ListItem, place: Place, numbering: NonNullable<Place['numbering']>): Block[] {
    const [first, ...rest] = children as BlockContent[];
    const box = typeof checked === 'boolean' ? `${checked ? '☑' : '☐'} ` : '';
    const marked: Place = box ? place : { ...place, numbering };
    if (first?.type !== 'paragraph' && first?.type !== 'emptyParagraph') {
      return [
        this.#paragraph(marked, box ? [this.#runs.text(box)] : []),
        ...this.#blocks(children as BlockContent[], place),
      ];
    }
    const words = this.#runs.runs(first.children, this.#languageOf(first.data));
    const head = this.#paragraph(marked, box ? [this.#runs.text(box), ...words] : words, first.data, {
      run: this.#runs.markOf(first.children),
    });
    return [head, ...this.#blocks(rest, place)];
  }

  #figure(node: Figure, place: Place): Block[] {
    const image = node.url === null ? undefined : this.#options.images.get(node.url);
    const picture = image
      ? [imageRun(image, node.alt, place.width)]
      : this.#runs.runs([
          { type: 'text', value: `Picture${node.alt ? `: ${node.alt}` : ''}` },
          ...(node.url && /^https?:/i.test(node.url)
            ? [
                { type: 'text' as const, value: ' (' },
                { type: 'link' as const, url: node.url, children: [{ type: 'text' as const, value: node.url }] },
                { type: 'text' as const, value: ')' },
              ]
            : []),
        ]);
    const caption = this.#runs.runs(node.children, this.#languageOf(node.data));
    const credit = node.credit
      ? [...(caption.length > 0 ? [this.#runs.text(' ')] : []), this.#runs.text(node.credit, { style: 'Credit' })]
      : [];
    const { numbering: _, ...bare } = place;
    const hasLegend = caption.length + credit.length > 0;
    const shown = this.#paragraph(
      image ? bare : { ...bare, style: 'ToldPicture' },
      picture,
      node.data,
      hasLegend ? { keepNext: true } : {},
    );
    return hasLegend
      ? [shown, this.#paragraph({ ...bare, style: 'Caption' }, [...caption, ...credit], node.data)]
      : [shown];
  }

  /** A table wider than Word's becomes several, below each other; what spans from one into the next is cut. */
  #grid(node: Grid, place: Place): Block[] {
    const layout = layOut(node);
    const starts = Array.from({ length: Math.ceil(layout.columns / MOST_COLUMNS) }, (_, index) => index * MOST_COLUMNS);
    return starts.flatMap((start) => this.#columns(layout, start, place));
  }

  #columns({ rows, columns, widths, headerRows }: GridLayout, start: number, place: Place): Block[] {
    const end = Math.min(start + MOST_COLUMNS, columns);
    const twips = columnTwips(widths.slice(start, end), place.width - place.indent);
    /** For each column, the first row in which it is free again. */
    const freeFrom: number[] = Array(end).fill(0);
    const written = rows.map((cells, index) => {
      const begun = new Map(cells.map((cell) => [cell.column, cell]));
      const children: TableCell[] = [];
      for (let column = start; column < end; ) {
        const cell = begun.get(column);
        const colspan = Math.min(cell?.colspan ?? 1, end - column);
        if (cell) {
          freeFrom.fill(index + cell.rowspan, column, column + colspan);
          children.push(this.#cell({ ...cell, column: column - start, colspan }, twips, place));
        } else if (freeFrom[column]! <= index) {
          // Word needs every place of the grid to be filled.
          children.push(
            new TableCell({ children: [new Paragraph({ style: 'TableText' })], width: width(twips[column - start]!) }),
          );
        }
        column += colspan;
      }
      return new TableRow({ children, ...(index < headerRows ? { tableHeader: true } : {}) });
    });
    const table = new Table({
      rows: written,
      columnWidths: twips,
      width: width(twips.reduce((sum, each) => sum + each, 0)),
      ...(place.indent ? { indent: width(place.indent) } : {}),
      ...(this.#options.direction === 'rtl' ? { visuallyRightToLeft: true } : {}),
      borders: BORDERS,
      margins: { top: 60, bottom: 60, left: 100, right: 100 },
    });
    // Two tables without anything between them would be one.
    return [table, new Paragraph({ spacing: { after: 0 } })];
  }

  #cell({ cell, column, colspan, rowspan }: PlacedCell, twips: readonly number[], place: Place): TableCell {
    const total = twips.slice(column, column + colspan).reduce((sum, each) => sum + each, 0);
    const blocks = this.#blocks(cell.children, {
      indent: 0,
      style: cell.header ? 'TableHeader' : 'TableText',
      align: cell.align,
      width: Math.max(total - 200, INDENT),
      level: place.level,
    });
    return new TableCell({
      children: blocks.length > 0 ? blocks : [new Paragraph({ style: 'TableText' })],
      ...(colspan > 1 ? { columnSpan: colspan } : {}),
      ...(rowspan > 1 ? { rowSpan: rowspan } : {}),
      ...(cell.header ? { shading: { fill: 'EEF2F1' } } : {}),
      width: width(total),
    });
  }
}

const BORDER = { style: BorderStyle.SINGLE, size: 4, color: 'B4BDBA' };
export const BORDERS = {
  ...{ top: BORDER, bottom: BORDER, left: BORDER, right: BORDER },
  ...{ insideHorizontal: BORDER, insideVertical: BORDER },
};

const ALIGNMENTS = { left: AlignmentType.LEFT, center: AlignmentType.CENTER, right: AlignmentType.RIGHT };

/** A table's or a cell's, in twips. */
export const width = (size: number) => ({ size, type: WidthType.DXA });

/** Word's names of places hold letters, digits and underscores. */
export const bookmark = (id: string): string => id.replace(/\W/g, '_');

const inward = (place: Place, steps: number): Place => {
  const { numbering: _, ...bare } = place;
  return { ...bare, indent: Math.min(place.indent + steps * INDENT, MOST_INDENT, place.width / 2) };
};

/** Columns whose width nobody drew share what is left; drawn ones shrink together where they are too wide. */
function columnTwips(widths: readonly (number | null)[], available: number): number[] {
  const drawn = widths.map((each) => (each === null ? null : each * PIXEL));
  const open = drawn.filter((each) => each === null).length;
  const taken = drawn.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  const share = open > 0 ? Math.max((available - taken) / open, available / widths.length / 2) : 0;
  const wanted = drawn.map((each) => each ?? share);
  const scale = Math.min(1, available / wanted.reduce((sum, each) => sum + each, 0));
  return wanted.map((each) => Math.max(1, Math.floor(each * scale)));
}

function imageRun({ bytes, mediaType, width: wide, height: high }: ExportImage, alt: string, twips: number): ImageRun {
  const scale = Math.min(1, twips / PIXEL / wide, MOST_HEIGHT / high);
  return new ImageRun({
    type: mediaType === 'image/jpeg' ? 'jpg' : 'png',
    data: bytes,
    transformation: { width: Math.max(1, Math.round(wide * scale)), height: Math.max(1, Math.round(high * scale)) },
    altText: { name: 'Picture', description: printable(alt) },
  });
}

/** Without what is undefined, which the library would take for a value. */
const defined = (options: IParagraphOptions): IParagraphOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
