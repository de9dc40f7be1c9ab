/** Reads each paragraph and table of a Word file into a block that knows where it belongs: in a list, a quote, below a picture. */
import type { Element, ElementContent } from 'hast';
import { element, type Piece, textOf, toHast, trimmed } from './inline.ts';
import { indentOf, type ListLevel, type Numbering } from './numbering.ts';
import type { Part } from './package.ts';
import { type Reading, RunReader } from './runs.ts';
import { outlineLevel, type ParagraphStyle, type Role } from './styles.ts';
import { child, flagOf, saidBy, type Xml } from './xml.ts';

/** What stands between blocks of the same list or quote is not known yet: `assemble` puts them together. */
export interface Block {
  readonly node: Element;
  readonly role: Role | null;
  readonly list: ListPlace | null;
  /** A list's item that is ticked or not. */
  readonly checked: boolean | null;
  /** Twips that the paragraph itself, not its style, is set in by. */
  readonly indent: number | null;
  /** Its text, for code and titles. */
  readonly text: string;
}

export interface ListPlace extends Omit<ListLevel, 'kind' | 'indent'> {
  readonly ordered: boolean;
  /** Twips that the item's text is set in by. */
  readonly indent: number;
}

/** Twips, where nothing says how far a list is set in. */
const USUAL_INDENT = 720;
const BOX = /^[☐☑☒]/u;

export class ParagraphReader {
  readonly #reading: Reading;
  readonly #numbering: Numbering;
  readonly #runs: RunReader;
  readonly #readTable: (table: Xml) => Block[];
  /** What is left of a paragraph whose end was deleted: it belongs to the next one. */
  #carried: Xml[] = [];

  constructor(reading: Reading, part: Part, numbering: Numbering, readTable: (table: Xml) => Block[]) {
    this.#reading = reading;
    this.#numbering = numbering;
    this.#runs = new RunReader(reading, part);
    this.#readTable = readTable;
  }

  /** All of the text's, or of a cell's. */
  all(nodes: readonly Xml[]): Block[] {
    return [...this.blocks(nodes), ...this.#left()];
  }

  blocks(nodes: readonly Xml[]): Block[] {
    return nodes.flatMap((node) => this.#block(node));
  }

  /** Where no paragraph comes next, what waits for one is one itself. */
  #left(): Block[] {
    return this.#carried.length > 0 ? this.#paragraph({ name: 'w:p', attributes: {}, children: [], text: '' }) : [];
  }

  #block(node: Xml): Block[] {
    switch (node.name) {
      case 'w:p':
        return this.#paragraph(node);
      case 'w:tbl':
        return [...this.#left(), ...this.#readTable(node)];
      case 'w:sdt':
        return this.#structured(node);
      case 'w:altChunk':
        this.#reading.losses.add('embedded documents', node.attributes['r:id'] ?? '');
        return [];
      case 'm:oMathPara':
      case 'm:oMath':
      case 'w:r':
        return this.#paragraph({ name: 'w:p', attributes: {}, children: [node], text: '' });
      case 'w:sectPr':
        return [];
      default:
        return this.blocks(node.children);
    }
  }

  #structured(node: Xml): Block[] {
    const gallery = saidBy(child(child(node, 'w:sdtPr'), 'w:docPartObj'), 'w:docPartGallery');
    const inside = this.blocks(child(node, 'w:sdtContent')?.children ?? []);
    if (gallery !== 'Table of Contents') return inside;
    const [first] = inside;
    if (first) this.#reading.contents ||= first.text;
    return [];
  }

  #paragraph(node: Xml): Block[] {
    const properties = child(node, 'w:pPr');
    const endMark = child(properties, 'w:rPr');
    const children = [...this.#carried, ...node.children.filter(({ name }) => name !== 'w:pPr')];
    this.#carried = [];
    if (child(endMark, 'w:del') || child(endMark, 'w:moveFrom')) {
      this.#carried = children;
      return [];
    }
    const style = this.#reading.styles.paragraph(saidBy(properties, 'w:pStyle'));
    const role = outlineRole(properties, style);
    const { pieces, boxes, hasRule } = this.#runs.read(children, languageOf(style));
    const below = boxes.flatMap((box) => this.blocks(box.children));
    if (role?.kind === 'contents') {
      this.#reading.contents ||= textOf(pieces).trim();
      return below;
    }
    const hasLine = hasRule || [properties, ...style.properties].some(isUnderlined);
    const isEmpty = pieces.every((piece) => piece.kind === 'break' || (piece.kind === 'text' && !piece.text.trim()));
    // Empty paragraphs are how space is made; in code they are empty lines.
    if (isEmpty && role?.kind !== 'code') return [...(hasLine ? [RULE] : []), ...below];
    return [this.#made(pieces, role, properties, style), ...(hasRule ? [RULE] : []), ...below];
  }

  #made(pieces: Piece[], role: Role | null, properties: Xml | undefined, style: ParagraphStyle): Block {
    const indent = indentOf(properties);
    const boxed = role?.kind === 'heading' ? null : withoutBox(pieces);
    const counted = role?.kind === 'heading' ? null : this.#listPlace(properties, style);
    const isTask = boxed !== null && !(counted && counted.kind === 'ordered');
    const place = counted && counted.kind !== 'none' ? listPlace(counted) : null;
    const list = isTask
      ? {
          ...TASKS,
          ...place,
          ordered: false,
          key: `${place?.key ?? 'paragraphs'} with boxes ${place ? '' : indent}`,
          indent: place?.indent ?? indent ?? USUAL_INDENT,
        }
      : place;
    if (role?.kind === 'told-picture') return toldPicture(pieces, indent);
    const isQuietHeading = role?.kind === 'heading' || role?.kind === 'header-cell';
    const children = toHast(isTask ? boxed.pieces : pieces, { isBold: isQuietHeading });
    const isGoingOn = counted?.kind === 'none';
    return {
      node: {
        type: 'element',
        tagName: role?.kind === 'heading' ? `h${Math.min(role.level, 6)}` : 'p',
        properties: { ...languagesOf(pieces), ...directionOf(properties, style) },
        children,
      },
      role: isGoingOn && role === null ? { kind: 'continuation' } : role,
      list,
      checked: isTask ? boxed.checked : null,
      indent: isGoingOn ? (indent ?? counted.indent) : indent,
      text: textOf(pieces),
    };
  }

  #listPlace(properties: Xml | undefined, style: ParagraphStyle): ListLevel | null {
    const direct = child(properties, 'w:numPr');
    const inStyle = style.properties.map((each) => child(each, 'w:numPr')).find(Boolean);
    const numId = saidBy(direct, 'w:numId') ?? saidBy(inStyle, 'w:numId');
    if (numId === undefined || numId === '0') return null;
    const said = saidBy(direct, 'w:ilvl') ?? saidBy(inStyle, 'w:ilvl');
    const level = said === undefined ? (this.#numbering.levelOfStyle(numId, style.ids) ?? 0) : Number(said);
    // There are nine.
    if (!(level >= 0 && level <= 8)) return null;
    const found = this.#numbering.level(numId, level);
    if (!found) return null;
    const ofStyle = style.properties.map(indentOf).find((value) => value !== null) ?? null;
    const named = direct ? (found.indent ?? ofStyle) : (ofStyle ?? found.indent);
    return { ...found, indent: indentOf(properties) ?? named };
  }
}

const RULE: Block = {
  node: { type: 'element', tagName: 'hr', properties: {}, children: [] },
  role: null,
  list: null,
  checked: null,
  indent: null,
  text: '',
};

/** Our own export writes `Picture: what it shows (its address)` where a picture is not in the plan. */
function toldPicture(pieces: readonly Piece[], indent: number | null): Block {
  const told = /^Picture(?:: ([\s\S]*?))?(?: \([^()\s]*\))?$/.exec(textOf(pieces));
  const link = pieces.findLast((piece) => piece.kind === 'text' && piece.href !== null);
  const src = link?.kind === 'text' ? link.href : null;
  const image = element('img', [], { alt: told?.[1] ?? '', ...(src && { src }) });
  return { node: element('p', [image]), role: null, list: null, checked: null, indent, text: '' };
}

const TASKS = { level: 0, start: 1, type: null, restart: null };

const listPlace = ({ kind, ...level }: ListLevel): ListPlace => ({
  ...level,
  ordered: kind === 'ordered',
  indent: level.indent ?? USUAL_INDENT * (level.level + 1),
});

/** What the paragraph itself says of its place in the outline counts more than its style, which may be a heading's all the same. */
function outlineRole(properties: Xml | undefined, style: ParagraphStyle): Role | null {
  if (style.role) return style.role;
  const own = outlineLevel(properties);
  return own ?? style.role;
}

/** The style's letters set whole paragraphs; which of them are bold is what the style is for. */
const languageOf = ({ format: { lang, rtlLang, rtl, hidden } }: ParagraphStyle) => ({
  ...(lang && { lang }),
  ...(rtlLang && { rtlLang }),
  ...(rtl && { rtl }),
  ...(hidden && { hidden }),
});

const isUnderlined = (properties: Xml | undefined): boolean => {
  const borders = child(properties, 'w:pBdr');
  return ['w:bottom', 'w:top', 'w:between'].some((side) => {
    const value = saidBy(borders, side);
    return value !== undefined && value !== 'nil' && value !== 'none';
  });
};

/** The box before a task's words, and what comes after it; null where there is none. */
function withoutBox(pieces: readonly Piece[]): { checked: boolean; pieces: Piece[] } | null {
  const [first, ...rest] = trimmed(pieces);
  const box = first?.kind === 'text' ? BOX.exec(first.text) : null;
  if (first?.kind !== 'text' || !box) return null;
  return { checked: box[0] !== '☐', pieces: trimmed([{ ...first, text: first.text.slice(1) }, ...rest]) };
}

/** Where all words are in one language; `docx.ts` takes it away again where it is the file's. */
function languagesOf(pieces: readonly Piece[]): { lang?: string } {
  const said = new Set<string | undefined>();
  for (const piece of pieces) {
    if (piece.kind === 'text' && /\p{L}/u.test(piece.text))
      said.add(piece.format.rtl ? piece.format.rtlLang : piece.format.lang);
  }
  const [lang] = said;
  return said.size === 1 && lang ? { lang } : {};
}

function directionOf(properties: Xml | undefined, style: ParagraphStyle): { dir: 'ltr' | 'rtl' } {
  const said = [properties, ...style.properties].map((each) => flagOf(each, 'w:bidi'));
  return { dir: said.find((value) => value !== undefined) ? 'rtl' : 'ltr' };
}

export const isPicture = (node: ElementContent | undefined): boolean =>
  node?.type === 'element' && (node.tagName === 'img' || (node.tagName === 'a' && node.children.every(isPicture)));
