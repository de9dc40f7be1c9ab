/** Turns the tree's blocks into what the template lays out: consecutive headings, directions, pictures with their widths, whole tables. */
import type { BlockContent, Data, List, PhrasingContent } from 'mdast';
import type { Figure, Grid, GridCell } from '../nodes.ts';
import type { Block, Direction, EasternFont, PageFigure, Phrase, Spoken } from './page-document.ts';
import { type PhraseOptions, printable, toPhrases, words } from './page-phrases.ts';
import { TooWide, toPageTable } from './page-table.ts';
import { directionOfText, easternFont, typstLanguage } from './script.ts';

/** Of a line of prose. */
const LONGEST_WORD = 60;
/** Typst's counters are of this size, and its Roman numerals sensible up to this. */
const MOST_ROMAN = 3999;

export interface BlockSettings {
  readonly lang: string;
  readonly dir: Direction;
  readonly east: EasternFont;
  readonly base: string | null;
  /** Points between the margins, and the most that a picture may be high. */
  readonly width: number;
  readonly height: number;
  /** Pictures that can be shown, by their address: path and size in pixels. */
  readonly images: ReadonlyMap<string, { path: string; width: number; height: number }>;
}

export class BlockWriter {
  /** Whole sentences about what a reader of the file will miss. */
  readonly warnings: string[] = [];
  readonly anchored = new Set<number>();
  headings = 0;
  /** Whether links lead to changes: only those of our own list do. */
  toChanges = false;
  #settings: BlockSettings;
  #figures = 0;
  #level = 0;
  #longest = LONGEST_WORD;
  #anchors: string[] | null = null;

  constructor(settings: BlockSettings) {
    this.#settings = settings;
  }

  blocks(nodes: readonly BlockContent[], dir: Direction = this.#settings.dir): Block[] {
    return nodes.flatMap((node) => this.#block(node, dir));
  }

  phrases(nodes: readonly PhrasingContent[], inHeading = false): Phrase[] {
    const { base } = this.#settings;
    const anchors = this.#anchors;
    const options: PhraseOptions = {
      base,
      longest: this.#longest,
      inHeading,
      lined: false,
      anchored: this.anchored,
      toChanges: this.toChanges,
      anchors,
    };
    return toPhrases(nodes, options);
  }

  #block(node: BlockContent, dir: Direction): Block[] {
    switch (node.type) {
      case 'paragraph':
        return [{ t: 'paragraph', ...this.#spoken(node, dir), c: this.phrases(node.children) }];
      case 'emptyParagraph':
        return [{ t: 'space' }];
      case 'heading': {
        const plain = oneLine(textOf(node));
        // What has no words is no heading to a screen reader; its notes and breaks stay.
        if (plain === '') {
          const c = this.phrases(node.children);
          return c.length === 0 ? [] : [{ t: 'paragraph', c }];
        }
        // PDF/UA: levels go down by one at a time, from 1.
        this.#level = Math.min(node.depth, this.#level + 1);
        this.headings++;
        return this.#laidOutTwice(() => {
          const c = this.phrases(node.children, true);
          return { t: 'heading', ...this.#spoken(node, dir), level: this.#level, plain, c };
        });
      }
      case 'blockquote': {
        const spoken = this.#within(node, dir);
        return [{ t: 'quote', ...spoken, c: this.blocks(node.children as BlockContent[], spoken.dir ?? dir) }];
      }
      case 'list':
        return [this.#list(node, dir)];
      case 'code': {
        // Typst draws no tabs in code that starts with them on a line of their own: eight columns, as terminals do.
        const v = node.value.split('\n').map((line) => printable(expandTabs(line)));
        return [{ t: 'code', v: v.join('\n') }];
      }
      case 'markedCode':
        return [{ t: 'changed-code', c: this.phrases(node.children) }];
      case 'thematicBreak':
        return [{ t: 'rule' }];
      case 'figure':
        return [this.#figure(node, dir)];
      case 'grid':
        return this.#grid(node, dir);
      default:
        throw new TypeError(`The tree of a plan holds no ${node.type}`);
    }
  }

  #list(node: List, dir: Direction): Block {
    const spoken = this.#within(node, dir);
    const tight = node.spread !== true;
    const c = node.children.map((item) => this.blocks(item.children as BlockContent[], spoken.dir ?? dir));
    if (node.children.some(({ checked }) => typeof checked === 'boolean')) {
      return { t: 'tasks', ...spoken, tight, boxes: node.children.map(({ checked }) => checked === true), c };
    }
    if (!node.ordered) return { t: 'bullets', ...spoken, tight, c };
    const start = node.start ?? 1;
    const numbering = node.data?.numbering ?? '1';
    const isRoman = /i/i.test(numbering) && (start < 1 || start + c.length > MOST_ROMAN);
    const isLetter = /a/i.test(numbering) && start < 1;
    return { t: 'numbers', ...spoken, tight, start, numbering: `${isRoman || isLetter ? '1' : numbering}.`, c };
  }

  #figure(node: Figure, dir: Direction): PageFigure & Spoken {
    this.#figures++;
    const { images, width, height } = this.#settings;
    const picture = node.url === null ? undefined : images.get(node.url);
    const alt = oneLine(node.alt);
    const name = `Figure ${this.#figures}`;
    if (alt === '' && !node.decorative) this.warnings.push(`${name} has no description.`);
    if (!picture) {
      this.warnings.push(
        node.url === null
          ? `${name} has no picture yet.`
          : `${name} is shown as a link: its picture is not kept with the plan.`,
      );
    }
    // 96 pixels to the inch, as on screens, unless that is more than the page has.
    const points = picture ? Math.min(picture.width * 0.75, width, (height * picture.width) / picture.height) : width;
    return {
      t: 'figure',
      ...this.#spoken(node, dir),
      ...(picture ? { image: picture.path } : {}),
      width: points / width,
      alt,
      decorative: node.decorative,
      instead: this.#instead(node.url, alt),
      credit: words('text', node.credit, LONGEST_WORD),
      c: this.phrases(node.children),
    };
  }

  /** A file that stands alone fetches nothing, so such a picture is told of by its description and its address. */
  #instead(url: string | null, alt: string): Phrase[] {
    const said = words('text', `Picture${alt === '' ? '' : `: ${alt}`}`, this.#longest);
    if (url === null) return said;
    const address = this.phrases([{ type: 'link', url, children: [{ type: 'text', value: url }] }]);
    return [...said, { t: 'text', v: ' (' }, ...address, { t: 'text', v: ')' }];
  }

  #grid(node: Grid, dir: Direction): Block[] {
    const spoken = this.#within(node, dir);
    const within = spoken.dir ?? dir;
    const longest = this.#longest;
    const outer = this.#anchors;
    try {
      // The head of a table stands on each of its pages.
      return this.#laidOutTwice((anchors) => {
        const table = toPageTable(node, textOfCell, (cell, fits, inHead) => {
          this.#longest = Math.min(longest, fits);
          this.#anchors = inHead ? anchors : outer;
          return this.#cell(cell, within);
        });
        return table && { ...table, ...spoken };
      });
    } catch (error) {
      if (!(error instanceof TooWide)) throw error;
      this.warnings.push('A table has more columns than a page can show: its cells stand below each other.');
      this.#longest = longest;
      this.#anchors = outer;
      return node.children.flatMap((row) => row.children.flatMap((cell) => this.blocks(cell.children, dir)));
    } finally {
      this.#longest = longest;
    }
  }

  /** At most one block, before which the addresses within it stand. */
  #laidOutTwice(write: (anchors: string[]) => Block | null): Block[] {
    const outer = this.#anchors;
    const anchors = outer ?? [];
    this.#anchors = anchors;
    const block = write(anchors);
    this.#anchors = outer;
    if (!block) return [];
    return [outer || anchors.length === 0 ? block : { ...block, anchors }];
  }

  #cell(cell: GridCell, dir: Direction): Block[] {
    const [only] = cell.children;
    return cell.children.length === 1 && only?.type === 'emptyParagraph' ? [] : this.blocks(cell.children, dir);
  }

  /** Of a container, whose direction is that of its first words. */
  #within(node: { children: readonly unknown[] }, dir: Direction): Spoken {
    const own = directionOfText(textOf(node));
    return own === null || own === dir ? {} : { dir: own };
  }

  #spoken(node: { data?: Data; children: readonly unknown[] }, dir: Direction): Spoken {
    const text = textOf(node);
    const { lang, dir: said } = node.data ?? {};
    const own = said ?? directionOfText(text) ?? dir;
    const east = easternFont(text, lang ?? this.#settings.lang);
    const known = lang === undefined ? null : typstLanguage(lang);
    return {
      ...(known ? { lang: known.lang, ...(known.region ? { region: known.region } : {}) } : {}),
      ...(own === dir ? {} : { dir: own }),
      ...(east === null || east === this.#settings.east ? {} : { east }),
    };
  }
}

const textOfCell = (cell: GridCell): string => textOf(cell);

/** All that can be read in a node, without its notes. */
function textOf(node: { children?: readonly unknown[]; value?: unknown; type?: unknown }): string {
  if (typeof node.value === 'string') return node.type === 'changeNote' ? '' : node.value;
  if (node.type === 'footnote') return '';
  if (node.type === 'break') return ' ';
  let text = '';
  for (const child of node.children ?? []) text += textOf(child as typeof node);
  return text;
}

const oneLine = (text: string): string => printable(text).replace(/\s+/g, ' ').trim();

function expandTabs(line: string): string {
  let result = '';
  for (const [index, part] of line.split('\t').entries()) {
    if (index > 0) result += ' '.repeat(8 - (result.length % 8));
    result += part;
  }
  return result;
}
