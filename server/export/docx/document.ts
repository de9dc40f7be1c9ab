/** Writes a plan as a Word document (Office Open XML): title, contents, text with real headings and footnotes, and what it says of itself. */
import {
  Document,
  type FileChild,
  Footer,
  Header,
  type IPropertiesOptions,
  PageNumber,
  Paragraph,
  TableOfContents,
  TextRun,
} from 'docx';
import type { BlockContent } from 'mdast';
import type { ExportOptions } from '../../../shared/export.ts';
import { FIELD_LABEL } from '../../../shared/schema/front-matter-labels.ts';
import type { Exportable } from '../exportable.ts';
import { outlineOf } from '../outline.ts';
import { directionOf } from '../page.ts';
import { cleanLine } from '../phrasing.ts';
import { toTree } from '../tree.ts';
import { versionFacts } from '../version-facts.ts';
import { BlockWriter } from './blocks.ts';
import { pack } from './pack.ts';
import { printable, RunWriter } from './runs.ts';
import { PAPER, stylesIn } from './styles.ts';

type DocxExportable = Exportable<ExportOptions<'docx'>>;

/** What Word shows; other pictures become PNG. */
const SHOWN = /^image\/(png|jpeg)$/;

export async function exportDocx(exportable: DocxExportable): Promise<Uint8Array> {
  const { content, frontMatter, version, options } = exportable;
  const paper = PAPER[options.paper];
  const tree = toTree(content);
  const direction = directionOf(frontMatter.language);
  const runs = new RunWriter({
    base: version.url,
    saysAddresses: true,
    ofChange: () => ({ author: 'Commonplan', date: version.time }),
  });
  const outline = outlineOf(tree, options.numbered);
  const images = new Map([...exportable.images].filter(([, { mediaType }]) => SHOWN.test(mediaType)));
  const blocks = new BlockWriter(runs, { outline, images, direction, width: paper.text });
  const text = blocks.document(tree.children as BlockContent[]);
  const hasContents = [...outline.values()].some(({ id }) => id !== null);
  const title = line(frontMatter.title) || 'Untitled plan';
  const state = version.number === null ? `Live draft as of update ${version.seq}` : `Snapshot ${version.number}`;
  const document = new Document({
    ...coreProperties(exportable, title),
    ...written(runs, blocks),
    styles: stylesIn(frontMatter.language),
    sections: [
      {
        properties: { page: { size: { width: paper.width, height: paper.height } } },
        ...withHeader(`${title} · ${state}`),
        footers: { default: pageNumbers() },
        children: [...titleBlocks(exportable, title), ...(hasContents ? contents() : []), ...text],
      },
    ],
  });
  return pack(document, version.time);
}

/** What the writers gathered on their way. */
export function written(runs: RunWriter, blocks: BlockWriter): Partial<IPropertiesOptions> {
  return {
    footnotes: runs.notes,
    numbering: { config: [...blocks.numbering.values()] },
    ...(runs.comments.length > 0
      ? {
          comments: {
            children: runs.comments.map(({ text, author, date }, id) => ({
              ...{ id, author, date: new Date(date) },
              children: [new Paragraph({ children: [new TextRun(text)] })],
            })),
          },
        }
      : {}),
  };
}

function coreProperties(exportable: DocxExportable, title: string): Partial<IPropertiesOptions> {
  const { frontMatter } = exportable;
  const authors = frontMatter.authors.map(line).filter(Boolean).join('; ');
  return {
    title,
    subject: line(frontMatter.subtitle),
    creator: authors || exportable.version.contributors.map(line).join('; ') || 'Commonplan',
    keywords: frontMatter.keywords.map(line).filter(Boolean).join(', '),
    description: line(frontMatter.summary),
    lastModifiedBy: 'Commonplan',
    customProperties: [
      ...versionFacts(exportable),
      ...(['status', 'language', 'stream'] as const).map((field) => ({
        label: FIELD_LABEL[field],
        value: frontMatter[field] ?? '',
      })),
    ]
      .filter(({ value }) => value !== '')
      .map(({ label, value }) => ({ name: label, value: line(value) })),
  };
}

function titleBlocks(exportable: DocxExportable, title: string): FileChild[] {
  const { frontMatter, version } = exportable;
  const bidirectional = directionOf(frontMatter.language) === 'rtl';
  const paragraphs = (style: string, values: readonly string[]): FileChild[] =>
    values
      .map(line)
      .filter(Boolean)
      .map(
        (value) =>
          new Paragraph({
            style,
            ...(bidirectional ? { bidirectional } : {}),
            children: [new TextRun(value)],
          }),
      );
  const status = frontMatter.status.replaceAll('-', ' ');
  return [
    ...paragraphs('Title', [title]),
    ...paragraphs('Subtitle', [frontMatter.subtitle]),
    ...paragraphs('Author', [frontMatter.authors.join(', ')]),
    ...paragraphs('Place', [frontMatter.place]),
    ...paragraphs('About', [
      `Status: ${status}`,
      ...(version.number === null ? ['Live draft: this text is still being written. It is no snapshot.'] : []),
      ...versionFacts(exportable).map(({ label, value }) => `${label}: ${value}`),
    ]),
    new Paragraph({}),
    ...paragraphs('Abstract', frontMatter.summary.split(/[\r\n]+/)),
  ];
}

/** Word writes the page numbers when it opens the file, after asking; the headings are there without. */
const contents = (): FileChild[] => [
  new Paragraph({ style: 'ContentsTitle', pageBreakBefore: true, children: [new TextRun('Contents')] }),
  new TableOfContents('Contents', { hyperlink: true, headingStyleRange: '1-4' }),
  new Paragraph({ pageBreakBefore: true, spacing: { after: 0 } }),
];

/** On every page. */
export const withHeader = (text: string): { headers: { default: Header } } => ({
  headers: { default: new Header({ children: [new Paragraph({ style: 'About', children: [new TextRun(text)] })] }) },
});

export const pageNumbers = (): Footer =>
  new Footer({
    children: [
      new Paragraph({
        style: 'About',
        children: [new TextRun({ children: ['Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES] })],
      }),
    ],
  });

const line = (text: string): string => printable(cleanLine(text));
