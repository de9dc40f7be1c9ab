/** Writes inline content as the runs of a Word paragraph: formatting, links, footnotes, tracked changes, comments. */
import {
  CommentReference,
  DeletedTextRun,
  ExternalHyperlink,
  FootnoteReference,
  FootnoteReferenceRun,
  InsertedTextRun,
  type IParagraphOptions,
  type IRunOptions,
  Paragraph,
  type ParagraphChild,
  TextRun,
} from 'docx';
import type { PhrasingContent } from 'mdast';
import type { Marked } from '../nodes.ts';

/** Who made a change, and when (ISO 8601). */
export interface Revision {
  readonly author: string;
  readonly date: string;
}

export interface RunsOptions {
  /** Where the plan is to be read, which relative addresses belong to; null: not known. */
  readonly base: string | null;
  /** Whether an address that leads nowhere from a file is said after the words that link to it. */
  readonly saysAddresses: boolean;
  readonly ofChange: (change: number | null) => Revision;
}

/** Formatting of the words that are being written. */
interface Format extends IRunOptions {
  readonly tracked?: { readonly type: Marked['type'] } & Revision;
}

interface Comment extends Revision {
  readonly text: string;
}

export class RunWriter {
  /** By number, from 1. */
  readonly notes: Record<string, { children: Paragraph[] }> = {};
  readonly comments: Comment[] = [];
  readonly #options: RunsOptions;
  #revisions = 0;
  #inNote = false;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** `format` is that of all of the words. */
  runs(nodes: readonly PhrasingContent[], format: Format = {}): ParagraphChild[] {
    return nodes.flatMap((node) => this.#runs(node, format));
  }

  /** For the mark at a paragraph's end, so that it comes or goes with its words: where these are all added, or all removed. */
  markOf(nodes: readonly PhrasingContent[]): IParagraphOptions['run'] {
    const [first, ...others] = nodes.filter(({ type }) => type !== 'changeNote');
    if (first?.type !== 'insertion' && first?.type !== 'deletion') return undefined;
    if (others.some(({ type }) => type !== first.type)) return undefined;
    const revision = { id: this.#nextRevision(), ...this.#options.ofChange(first.change) };
    return first.type === 'insertion' ? { insertion: revision } : { deletion: revision };
  }

  text(value: string, format: Format = {}): ParagraphChild {
    const { tracked, ...options } = { ...format, text: printable(value) };
    return this.#tracked(options, tracked);
  }

  #runs(node: PhrasingContent, format: Format): ParagraphChild[] {
    switch (node.type) {
      case 'text':
        return [this.text(node.value, format)];
      case 'inlineCode':
        return [this.text(node.value, { ...format, style: 'InlineCode' })];
      case 'monospace':
        return this.runs(node.children, { ...format, style: 'InlineCode' });
      case 'break': {
        const { tracked, ...options } = format;
        return [this.#tracked({ ...options, break: 1 }, tracked)];
      }
      case 'strong':
        return this.runs(node.children, { ...format, bold: true });
      case 'emphasis':
        return this.runs(node.children, { ...format, italics: true });
      case 'delete':
        return this.runs(node.children, { ...format, strike: true });
      case 'underline':
        return this.runs(node.children, { ...format, underline: {} });
      case 'highlight':
        return this.runs(node.children, { ...format, highlight: 'yellow' });
      case 'subscript':
        return this.runs(node.children, { ...format, subScript: true, superScript: false });
      case 'superscript':
        return this.runs(node.children, { ...format, superScript: true, subScript: false });
      case 'link':
        return this.#link(node.url, this.runs(node.children, { style: 'Hyperlink', ...format }), format);
      case 'footnote':
        return this.#footnote(node.children, format);
      case 'insertion':
      case 'deletion': {
        const revision = this.#options.ofChange(node.change);
        return this.runs(node.children, { ...format, tracked: { type: node.type, ...revision } });
      }
      case 'changeNote':
        return [this.#comment(node.value, node.change)];
      default:
        throw new TypeError(`The tree of a plan holds no ${node.type}`);
    }
  }

  #tracked(options: IRunOptions, tracked: Format['tracked']): ParagraphChild {
    if (!tracked) return new TextRun(options);
    const { type, ...revision } = tracked;
    const Run = type === 'insertion' ? InsertedTextRun : DeletedTextRun;
    return new Run({ ...options, id: this.#nextRevision(), ...revision });
  }

  #nextRevision(): number {
    this.#revisions += 1;
    return this.#revisions;
  }

  #link(url: string, children: ParagraphChild[], format: Format): ParagraphChild[] {
    const { base, saysAddresses } = this.#options;
    if (URL.canParse(url, base ?? undefined)) {
      return [new ExternalHyperlink({ link: new URL(url, base ?? undefined).href, children })];
    }
    return saysAddresses ? [...children, this.text(` (${url})`, format)] : children;
  }

  /** Word has no notes in notes: such a one stands in brackets. */
  #footnote(children: readonly PhrasingContent[], format: Format): ParagraphChild[] {
    if (this.#inNote) return [this.text(' (', format), ...this.runs(children, format), this.text(')', format)];
    const number = Object.keys(this.notes).length + 1;
    this.notes[number] = { children: [] };
    this.#inNote = true;
    const { tracked } = format;
    this.notes[number] = { children: [new Paragraph({ children: this.runs(children, tracked ? { tracked } : {}) })] };
    this.#inNote = false;
    if (!tracked) return [new FootnoteReferenceRun(number)];
    return [this.#tracked({ style: 'FootnoteReference', children: [new FootnoteReference(number)] }, tracked)];
  }

  /** What is said about a change is no part of the text: accepting all changes must not leave it there. */
  #comment(text: string, change: number | null): ParagraphChild {
    this.comments.push({ ...this.#options.ofChange(change), text: printable(text) });
    return new TextRun({ children: [new CommentReference(this.comments.length - 1)] });
  }
}

/** XML 1.0 has no control characters but tab and line ends, and no U+FFFE and U+FFFF. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
