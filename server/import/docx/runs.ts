/** Reads what stands in the paragraphs of a Word file: words and how they are set, links, notes, pictures, fields, tracked changes. */
import { hex } from 'dingbat-to-unicode';
import type { Element } from 'hast';
import type { Losses } from '../losses.ts';
import { readDrawing, understoodWay } from './drawings.ts';
import { element, type Piece, toHast, trimmed } from './inline.ts';
import type { Part } from './package.ts';
import { type Format, formatOf, merged, type Styles } from './styles.ts';
import { child, descendants, flagOf, saidBy, type Xml } from './xml.ts';

/** What is needed from all over the file. */
export interface Reading {
  readonly styles: Styles;
  readonly losses: Losses;
  /** By `footnote` or `endnote` and the id. */
  readonly notes: ReadonlyMap<string, { readonly note: Xml; readonly part: Part }>;
  /** Letters in each language, to tell which is the file's. */
  readonly languages: Map<string, number>;
  /** The words that the first table of contents begins with, if there is one. */
  contents: string | null;
  /** What a picture becomes: an `img`. */
  readonly picture: (part: Part, id: string | undefined, alt: string) => Element;
}

export interface Inline {
  readonly pieces: Piece[];
  /** Text boxes that are fixed to the paragraph. */
  readonly boxes: Xml[];
  /** Whether a line across the page stands in it. */
  readonly hasRule: boolean;
}

/** A field (17.16): what it is told to be, then what it shows. */
interface Field {
  instruction: string;
  showsResult: boolean;
}

/** Where the words are that are being read. */
interface Place {
  readonly format: Format;
  readonly href: string | null;
}

type Handler = (node: Xml, place: Place) => void;

/** Reads one part of the file: fields may begin in one paragraph and end in another. */
export class RunReader {
  readonly #reading: Reading;
  readonly #part: Part;
  readonly #inNote: boolean;
  readonly #fields: Field[] = [];
  #inline: Inline & { hasRule: boolean } = { pieces: [], boxes: [], hasRule: false };

  constructor(reading: Reading, part: Part, { inNote = false }: { inNote?: boolean } = {}) {
    this.#reading = reading;
    this.#part = part;
    this.#inNote = inNote;
  }

  /** `format` is what the paragraph's style says of all of its words. */
  read(nodes: readonly Xml[], format: Format): Inline {
    this.#inline = { pieces: [], boxes: [], hasRule: false };
    this.#walk(nodes, { format, href: null });
    return this.#inline;
  }

  /** Whatever else may be around runs (smart tags, custom XML, directions) says nothing of them. */
  #walk(nodes: readonly Xml[], place: Place): void {
    for (const node of nodes) (this.#around[node.name] ?? this.#inside)(node, place);
  }

  readonly #inside: Handler = (node, place) => this.#walk(node.children, place);
  readonly #nothing: Handler = () => {};

  readonly #around: Readonly<Record<string, Handler>> = {
    'w:r': (run, place) => {
      const properties = child(run, 'w:rPr');
      const named = this.#reading.styles.run(saidBy(properties, 'w:rStyle'));
      const format = merged([formatOf(properties), named, place.format]);
      for (const node of run.children) this.#content(node, { ...place, format });
    },
    'w:hyperlink': (node, place) => this.#walk(node.children, { ...place, href: this.#addressOf(node) ?? place.href }),
    'w:fldSimple': (node, place) => {
      this.#fields.push({ instruction: node.attributes['w:instr'] ?? '', showsResult: true });
      this.#walk(node.children, place);
      this.#fields.pop();
    },
    'w:ins': (node, place) => this.#change(node, place),
    'w:moveTo': (node, place) => this.#change(node, place),
    'w:del': (node) => this.#change(node, null),
    'w:moveFrom': (node) => this.#change(node, null),
    'w:sdt': (node, place) => {
      // What stands there until somebody fills it in is no text.
      const isFilled = !child(child(node, 'w:sdtPr'), 'w:showingPlcHdr');
      if (isFilled) this.#walk(child(node, 'w:sdtContent')?.children ?? [], place);
    },
    'm:oMathPara': (node, place) => this.#formula(node, place),
    'm:oMath': (node, place) => this.#formula(node, place),
    'w:pPr': this.#nothing,
  };

  #content(node: Xml, place: Place): void {
    const handler = this.#within[node.name];
    if (handler) handler(node, place);
    else if (node.children.length > 0) {
      this.#reading.losses.add('parts that are not known here, of which only the text was kept', node.name);
      this.#walk(node.children, place);
    }
  }

  readonly #within: Readonly<Record<string, Handler>> = {
    'w:t': ({ text }, place) => this.#text(text, place),
    'w:tab': (_, place) => this.#text('\t', place),
    'w:ptab': (_, place) => this.#text('\t', place),
    'w:noBreakHyphen': (_, place) => this.#text('\u2011', place),
    'w:softHyphen': (_, place) => this.#text('\u00ad', place),
    'w:sym': (node, place) => this.#symbol(node, place),
    'w:cr': () => this.#break(),
    'w:br': ({ attributes }) => {
      // Pages and columns are broken anew.
      if (!/^(?:page|column)$/.test(attributes['w:type'] ?? '')) this.#break();
    },
    'w:fldChar': (node, place) => this.#field(node, place),
    'w:instrText': ({ text }) => {
      const field = this.#fields.at(-1);
      if (field) field.instruction += text;
    },
    'w:footnoteReference': (node) => this.#note('footnote', node),
    'w:endnoteReference': (node) => this.#note('endnote', node),
    'mc:AlternateContent': (node, place) => {
      for (const each of understoodWay(node)?.children ?? []) this.#content(each, place);
    },
    'w:drawing': (node) => this.#drawing(node),
    'w:pict': (node) => this.#drawing(node),
    'w:object': (node) => this.#reading.losses.add('embedded objects', readDrawing(node).name),
    'w:ruby': (node, place) => {
      this.#walk(child(node, 'w:rubyBase')?.children ?? [], place);
      this.#text(' (', place);
      this.#walk(child(node, 'w:rt')?.children ?? [], place);
      this.#text(')', place);
    },
    'w:rPr': this.#nothing,
    'w:delText': this.#nothing,
    'w:delInstrText': this.#nothing,
  };

  #text(text: string, { format, href }: Place): void {
    const { losses, languages } = this.#reading;
    if (text === '' || !this.#isShown) return;
    if (this.#isInContents) this.#reading.contents ||= text;
    else if (format.hidden) losses.add('hidden words', text);
    else {
      const lang = format.rtl ? format.rtlLang : format.lang;
      if (lang && /\p{L}/u.test(text)) languages.set(lang, (languages.get(lang) ?? 0) + text.length);
      const field = this.#fields.findLast(({ instruction }) => /^\s*HYPERLINK\b/.test(instruction));
      const address = href ?? (field ? this.#fieldAddress(field) : null);
      this.#inline.pieces.push({ kind: 'text', text, format, href: address });
    }
  }

  #break(): void {
    if (this.#isShown && !this.#isInContents) this.#inline.pieces.push({ kind: 'break' });
  }

  get #isShown(): boolean {
    return this.#fields.every(({ showsResult }) => showsResult);
  }

  get #isInContents(): boolean {
    return this.#fields.some(({ instruction }) => /^\s*TOC\b/.test(instruction));
  }

  #change(node: Xml, place: Place | null): void {
    const example = wordsIn(node) || (node.attributes['w:author'] ?? '');
    this.#reading.losses.add('tracked changes, which were taken as accepted', example);
    if (place) this.#walk(node.children, place);
  }

  #formula(node: Xml, place: Place): void {
    const formula = wordsIn(node, /^m:t$/);
    this.#reading.losses.add('formulas, kept as their text', formula);
    this.#text(formula, { ...place, format: { code: true } });
  }

  #symbol({ attributes }: Xml, place: Place): void {
    const { 'w:font': font = '', 'w:char': code = '' } = attributes;
    // Symbols stand in the private area, at F000 and what they have in their font.
    const found = hex(font, code) ?? hex(font, code.replace(/^F0/i, ''));
    if (!found) this.#reading.losses.add('signs of a font that is not known here', `${font} ${code}`);
    this.#text(found?.string ?? '\ufffd', place);
  }

  #field(node: Xml, place: Place): void {
    const type = node.attributes['w:fldCharType'];
    const last = this.#fields.at(-1);
    if (type === 'separate' && last) last.showsResult = true;
    if (type === 'end') this.#fields.pop();
    if (type !== 'begin') return;
    const box = child(child(node, 'w:ffData'), 'w:checkBox');
    const isChecked = flagOf(box, 'w:checked') ?? flagOf(box, 'w:default');
    if (box) this.#text(isChecked ? '☑' : '☐', place);
    this.#fields.push({ instruction: '', showsResult: false });
  }

  #addressOf(node: Xml): string | null {
    const { 'r:id': id = '', 'w:anchor': anchor } = node.attributes;
    const target = this.#part.targets.get(id);
    if (target?.external) return anchor && !target.path.includes('#') ? `${target.path}#${anchor}` : target.path;
    const words = wordsIn(node);
    if (words && !this.#isInContents) this.#internal(words);
    return null;
  }

  #fieldAddress({ instruction }: Field): string | null {
    const [, local, quoted, bare] = /HYPERLINK\s+(\\l\s+)?(?:"([^"]*)"|([^\\\s]\S*))/.exec(instruction) ?? [];
    const address = quoted ?? bare ?? null;
    if (address && local) this.#internal(address);
    return local ? null : address;
  }

  #internal(words: string): void {
    this.#reading.losses.add('links to places in the file, kept as text', words);
  }

  #note(type: 'footnote' | 'endnote', node: Xml): void {
    const id = node.attributes['w:id'] ?? '';
    const found = this.#reading.notes.get(`${type} ${id}`);
    if (!found || this.#inNote) {
      this.#reading.losses.add('references to notes that are not in the file', id);
      return;
    }
    const reader = new RunReader(this.#reading, found.part, { inNote: true });
    const lines = [...descendants(found.note)]
      .filter(({ name }) => name === 'w:p')
      // The space after a note's number is layout.
      .map((paragraph) => trimmed(reader.read(paragraph.children, {}).pieces))
      .filter((pieces) => pieces.length > 0);
    const pieces = lines.flatMap((line, index): Piece[] => (index > 0 ? [{ kind: 'break' }, ...line] : line));
    this.#inline.pieces.push({ kind: 'note', element: element('sup', toHast(pieces), { dataFootnote: '' }) });
  }

  #drawing(node: Xml): void {
    const { losses, picture } = this.#reading;
    const { boxes, pictures, isRule, name } = readDrawing(node);
    for (const box of boxes) {
      losses.add('text boxes, whose text stands below the paragraph that they were fixed to', wordsIn(box));
      this.#inline.boxes.push(box);
    }
    for (const { id, alt } of pictures) {
      this.#inline.pieces.push({ kind: 'picture', element: picture(this.#part, id, alt) });
    }
    if (isRule) this.#inline.hasRule = true;
    else if (boxes.length + pictures.length === 0) losses.add('drawings and charts', name);
  }
}

/** All words, also deleted ones. */
const wordsIn = (node: Xml, names = /^w:(?:t|delText)$/): string =>
  [...descendants(node)]
    .filter(({ name }) => names.test(name))
    .map(({ text }) => text)
    .join('');
