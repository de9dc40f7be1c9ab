/** Turns a comparison into one document that shows both sides: what toTree then makes a tree of, with insertions, deletions and notes. */
import type { JSONContent } from '@tiptap/core';
import type {
  Change,
  ComparedInline,
  ComparedNode,
  Comparison,
  NodeJSON,
  Shape,
} from '../../shared/compare/comparison.ts';
import { blockName, formattingWords, shapeWords } from '../../shared/compare/describe.ts';

type Content = JSONContent[];
type Side = 'insertion' | 'deletion';
type Mark = NonNullable<JSONContent['marks']>[number];

/** A `doc` with two marks (`insertion`, `deletion`) and one inline node (`changeNote`) that the schema does not have. */
export function redlineContent({ blocks, changes }: Pick<Comparison, 'blocks' | 'changes'>): JSONContent {
  return { type: 'doc', content: fitted('doc', new Writer(changes).nodes(blocks)) };
}

class Writer {
  readonly #changes: readonly Change[];
  /** Set inside a block that came from elsewhere: its words are new here, but not new. */
  readonly #moved: number | null;
  readonly #told = new Set<number>();

  constructor(changes: readonly Change[], moved: number | null = null) {
    this.#changes = changes;
    this.#moved = moved;
  }

  nodes(compared: readonly ComparedNode[]): Content {
    return compared.flatMap((node) => this.#node(node));
  }

  #node(compared: ComparedNode): Content {
    switch (compared.op) {
      case 'same':
        return [this.#same(compared.node)];
      case 'inserted':
      case 'deleted':
        return this.#whole(compared.node, compared.op === 'inserted' ? 'insertion' : 'deletion', compared.change);
      case 'departed':
        // Another level or kind of list: it still stands where it stood.
        if (this.#kind(compared.change) === 'retyped') return [];
        return noted(
          marked(compared.node, mark('deletion', compared.change, true)),
          'Moved from here',
          compared.change,
        );
      case 'arrived':
        return this.#arrived(compared.node, compared.change);
      case 'container':
        return this.#container(compared);
      case 'text': {
        const node = shaped(compared.after, this.#inline(compared.inline));
        return noted(node, shapeWords(compared.before, compared.after), compared.change);
      }
      case 'regrouped':
        return this.#regrouped(compared);
    }
  }

  #arrived(node: ComparedNode, change: number): Content {
    if (this.#kind(change) === 'retyped') {
      return firstNoted(this.nodes([node]), 'Moved to another list or level', change);
    }
    return firstNoted(new Writer(this.#changes, change).nodes([node]), 'Moved to here', change);
  }

  #container({ before, after, change, children }: Extract<ComparedNode, { op: 'container' }>): Content {
    // What is put into a list is put into an item of it too: said once.
    const said = change !== null && this.#once(change) ? shapeWords(before, after) : '';
    const content = this.nodes(children);
    // Taken away from around its content, which stays.
    if (!after) return firstNoted(content, said, change);
    return noted(shaped(after, fitted(after.type, content)), said, change);
  }

  #regrouped({ after, inline, change }: Extract<ComparedNode, { op: 'regrouped' }>): Content {
    const groups: ComparedInline[][] = [[]];
    for (const piece of inline) {
      groups.at(-1)!.push(piece);
      if (piece.op === 'break' && piece.side !== 'deleted') groups.push([]);
    }
    return groups.flatMap((group, index): Content => {
      const shapes = after[Math.min(index, after.length - 1)] ?? [];
      const content = this.#inline(group, change);
      return shapes.reduceRight<Content>((inside, shape) => [shaped(shape, inside)], content);
    });
  }

  /** A block that only one of the documents has. */
  #whole(node: NodeJSON, side: Side, change: number): Content {
    const written = marked(node, mark(side, change));
    const verb = side === 'insertion' ? 'Added' : 'Removed';
    const part = /^(row|column)-/.exec(this.#kind(change) ?? '')?.[1];
    if (part) return this.#once(change) ? noted(written, `${verb}: this ${part}`, change) : [written];
    // Words show by themselves that they are new; what has none needs to be told of.
    return hasText(node) && node.type !== 'figure' ? [written] : noted(written, `${verb}: ${blockName(node)}`, change);
  }

  /** False from the second time on: a change may show in several places, as a column does in its cells. */
  #once(change: number): boolean {
    if (this.#told.has(change)) return false;
    this.#told.add(change);
    return true;
  }

  #same(node: NodeJSON): JSONContent {
    return this.#moved === null ? (node as JSONContent) : marked(node, mark('insertion', this.#moved, true));
  }

  #inline(pieces: readonly ComparedInline[], breaks = 0): Content {
    const content: Content = [];
    for (const [index, piece] of pieces.entries()) {
      switch (piece.op) {
        case 'same':
          content.push(this.#same(piece.node));
          break;
        case 'inserted':
        case 'deleted':
          content.push(marked(piece.node, mark(piece.op === 'inserted' ? 'insertion' : 'deletion', piece.change)));
          break;
        case 'formatted': {
          content.push(this.#same(piece.after));
          const words = formattingWords(piece.before, piece.after);
          const next = pieces[index + 1];
          const goesOn = next?.op === 'formatted' && formattingWords(next.before, next.after) === words;
          if (!goesOn) content.push(note(words, piece.change));
          break;
        }
        case 'note': {
          const inside = this.#inline(piece.inline);
          content.push(this.#footnote(piece.after, inside));
          if (piece.change !== null) content.push(note(formattingWords(piece.before, piece.after), piece.change));
          break;
        }
        case 'break':
          if (piece.side === 'both') break;
          content.push({
            type: 'text',
            text: '¶',
            marks: [mark(piece.side === 'inserted' ? 'insertion' : 'deletion', breaks)],
          });
          break;
      }
    }
    return content;
  }

  #footnote(shape: Shape, content: Content): JSONContent {
    const node = shaped(shape, content);
    return this.#moved === null
      ? node
      : { ...node, marks: [...(node.marks ?? []), mark('insertion', this.#moved, true)] };
  }

  #kind(change: number): Change['kind'] | undefined {
    return this.#changes[change]?.kind;
  }
}

const mark = (type: Side, change: number, moved = false): Mark => ({ type, attrs: { change, moved } });

const note = (text: string, change: number): JSONContent => ({ type: 'changeNote', attrs: { text, change } });

const shaped = ({ type, attrs, marks }: Shape, content: Content): JSONContent =>
  ({ type, attrs, content, ...(marks ? { marks } : {}) }) as JSONContent;

/** Everything in a node that can be read, marked. */
function marked(node: NodeJSON, as: Mark): JSONContent {
  const content = node.content?.map((child) => marked(child, as));
  const isInline = node.type === 'text' || node.type === 'hardBreak' || node.type === 'footnote';
  return {
    ...node,
    ...(content ? { content } : {}),
    ...(isInline ? { marks: [...(node.marks ?? []), as] } : {}),
  } as JSONContent;
}

const TEXTBLOCKS: ReadonlySet<string> = new Set(['paragraph', 'heading', 'codeBlock', 'figure']);
const LISTS: Readonly<Record<string, string>> = {
  bulletList: 'listItem',
  orderedList: 'listItem',
  taskList: 'taskItem',
};

/** A block with what is said of it at the start of its text; where it has none, in a paragraph before it. */
function noted(node: JSONContent, text: string, change: number | null): Content {
  if (text === '' || change === null) return [node];
  const said = note(text, change);
  if (TEXTBLOCKS.has(node.type ?? '')) return [{ ...node, content: [said, ...(node.content ?? [])] }];
  const [first, ...rest] = node.content ?? [];
  if (!first) return [{ type: 'paragraph', content: [said] }, node];
  return [{ ...node, content: [...noted(first, text, change), ...rest] }];
}

function firstNoted([first, ...rest]: Content, text: string, change: number | null): Content {
  return first ? [...noted(first, text, change), ...rest] : [];
}

/** A list holds items, a table rows, a row cells: what lost its own container, or has another, gets the one that belongs there. */
function fitted(parent: string, children: Content): Content {
  const item = LISTS[parent];
  if (item) return children.map((child) => (child.type?.endsWith('Item') ? child : { type: item, content: [child] }));
  if (parent === 'table') {
    return children.map((child) =>
      child.type === 'tableRow' ? child : { type: 'tableRow', content: fitted('tableRow', [child]) },
    );
  }
  if (parent === 'tableRow') {
    return children.map((child) =>
      child.type === 'tableCell' || child.type === 'tableHeader' ? child : { type: 'tableCell', content: [child] },
    );
  }
  return children;
}

const hasText = (node: NodeJSON): boolean => Boolean(node.text?.trim()) || (node.content ?? []).some(hasText);
