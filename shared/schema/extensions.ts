/** The schema of a plan's content as Tiptap extensions: every node and mark, their attributes and HTML; no views, no DOM. */
import { type Attributes, Extension, fromString, mergeAttributes, Node } from '@tiptap/core';
import Code from '@tiptap/extension-code';
import CodeBlock from '@tiptap/extension-code-block';
import Heading from '@tiptap/extension-heading';
import Highlight from '@tiptap/extension-highlight';
import Link from '@tiptap/extension-link';
import { OrderedList, TaskItem, TaskList } from '@tiptap/extension-list';
import Subscript from '@tiptap/extension-subscript';
import Superscript from '@tiptap/extension-superscript';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';
import StarterKit from '@tiptap/starter-kit';
import * as check from './attributes.ts';
import { safeImageUrl, safeUrl } from './safe-url.ts';

/**
 * A picture with its caption as text, and its credit and alternative text as attributes. `src` null: not chosen yet. Without `alt` and not
 * `decorative`: nobody has said yet what it shows.
 */
const Figure = Node.create({
  name: 'figure',
  group: 'block',
  content: 'inline*',
  defining: true,
  draggable: true,
  addAttributes() {
    return {
      src: {
        default: null,
        validate: check.imageSource,
        parseHTML: (el) => safeImageUrl(pictureOf(el)?.getAttribute('src')),
      },
      alt: {
        default: '',
        validate: check.longText,
        parseHTML: (el) => pictureOf(el)?.getAttribute('alt')?.slice(0, 5000) ?? '',
      },
      decorative: {
        default: false,
        validate: check.truth,
        parseHTML: (el) => pictureOf(el)?.getAttribute('role') === 'presentation',
      },
      credit: {
        default: '',
        validate: check.shortText,
        parseHTML: (el) => el.querySelector('figcaption > small')?.textContent?.slice(0, 1000) ?? '',
      },
    };
  },
  parseHTML() {
    // A bare image is a figure whose caption is empty; `figcaption` holds the caption when there is one.
    return [
      {
        tag: 'figure',
        contentElement: (el) =>
          (el as HTMLElement).querySelector<HTMLElement>('figcaption [data-caption]') ??
          (el as HTMLElement).querySelector('figcaption') ??
          document.createElement('span'),
      },
      { tag: 'img[src]' },
    ];
  },
  renderHTML({ node }) {
    return [
      'figure',
      ['img', { src: node.attrs.src, alt: node.attrs.alt, ...(node.attrs.decorative && { role: 'presentation' }) }],
      [
        'figcaption',
        ['span', { 'data-caption': '' }, 0],
        ...(node.attrs.credit ? [['small', node.attrs.credit] as const] : []),
      ],
    ];
  },
});

const pictureOf = (el: Element): Element | null => (el.matches('img') ? el : el.querySelector('img'));

/** A note at the foot of the page, written where it is referred to. Its number is its place in the plan, so it has no identity to clash. */
const Footnote = Node.create({
  name: 'footnote',
  group: 'inline',
  inline: true,
  content: '(text | hardBreak)*',
  defining: true,
  parseHTML() {
    return [{ tag: 'span[data-footnote]' }];
  },
  renderHTML() {
    return ['span', { 'data-footnote': '' }, 0];
  },
});

/** Language and direction of a block, where they are not the plan's own. */
const LanguageAndDirection = Extension.create({
  name: 'languageAndDirection',
  addGlobalAttributes() {
    return [
      {
        types: ['paragraph', 'heading', 'figure'],
        attributes: {
          lang: {
            default: null,
            validate: check.language,
            parseHTML: (el) => accepted(check.language, el.getAttribute('lang')),
          },
          dir: {
            default: null,
            validate: check.direction,
            parseHTML: (el) => accepted(check.direction, el.getAttribute('dir')),
          },
        },
      },
      // What a template asks its writer: shown while the paragraph is empty, and never exported.
      {
        types: ['paragraph'],
        attributes: {
          prompt: {
            default: null,
            validate: check.promptText,
            rendered: false,
            keepOnSplit: false,
            parseHTML: () => null,
          },
        },
      },
    ];
  },
});

/** `value` when the validator accepts it, otherwise null, which Tiptap takes for "not said": pasted HTML must never make the editor throw. */
function accepted<T>(validate: (value: unknown) => void, value: T): T | null {
  try {
    validate(value);
    return value;
  } catch {
    return null;
  }
}

/** Adds validators to attributes that a library's extension declares, and reads them from HTML only where they are valid. */
function validated(
  inherited: Attributes | undefined,
  validators: Record<string, (value: unknown) => void>,
): Attributes {
  const attributes: Attributes = {};
  for (const [name, attribute] of Object.entries(inherited ?? {})) {
    const validate = validators[name];
    const parse = attribute?.parseHTML ?? ((el: HTMLElement) => fromString(el.getAttribute(name)));
    attributes[name] = validate
      ? { ...attribute, validate, parseHTML: (el: HTMLElement) => accepted(validate, parse(el)) }
      : attribute;
  }
  return attributes;
}

const cellValidators = {
  colspan: check.span,
  rowspan: check.rowSpan,
  colwidth: check.columnWidths,
  align: check.cellAlignment,
};

const PlanHeading = Heading.configure({ levels: [1, 2, 3, 4] }).extend({
  addAttributes() {
    return validated(this.parent?.(), { level: check.headingLevel });
  },
});

const NumberedList = OrderedList.extend({
  addAttributes() {
    return validated(this.parent?.(), { start: check.listStart, type: check.listType });
  },
});

const Task = TaskItem.configure({ nested: true }).extend({
  addAttributes() {
    return validated(this.parent?.(), { checked: check.truth });
  },
});

const Fence = CodeBlock.extend({
  addAttributes() {
    return validated(this.parent?.(), { language: check.codeLanguage });
  },
});

/** Code may stand in a link or in bold, as Markdown allows it. */
const InlineCode = Code.extend({ excludes: '' });

const SafeLink = Link.configure({ openOnClick: false, isAllowedUri: (url) => safeUrl(url) !== null }).extend({
  // What is written behind a link is no longer the link.
  inclusive: false,
  addAttributes() {
    return {
      href: {
        default: '#',
        validate: check.linkTarget,
        parseHTML: (el) => safeUrl(el.getAttribute('href')) ?? '#',
      },
      title: {
        default: null,
        validate: check.linkTitle,
        parseHTML: (el) => accepted(check.linkTitle, el.getAttribute('title')),
      },
    };
  },
  renderHTML({ HTMLAttributes }) {
    return ['a', mergeAttributes(HTMLAttributes, { rel: 'noopener noreferrer nofollow' }), 0];
  },
});

const Cell = TableCell.extend({
  addAttributes() {
    return validated(this.parent?.(), cellValidators);
  },
});

const HeaderCell = TableHeader.extend({
  addAttributes() {
    return validated(this.parent?.(), cellValidators);
  },
});

/**
 * Every extension that makes up the schema, in one place for the editor, the server, import and export.
 * Switched off here: undo (Yjs does it, one's own changes only) and the trailing paragraph (opening a plan writes nothing).
 */
export const schemaExtensions = [
  StarterKit.configure({
    undoRedo: false,
    trailingNode: false,
    heading: false,
    codeBlock: false,
    orderedList: false,
    code: false,
    link: false,
  }),
  PlanHeading,
  Fence,
  NumberedList,
  InlineCode,
  SafeLink,
  TaskList,
  Task,
  Table.configure({ resizable: true }),
  TableRow,
  HeaderCell,
  Cell,
  Figure,
  Footnote,
  Highlight,
  Subscript,
  Superscript,
  LanguageAndDirection,
];
