/** Writes a comparison as a Word document with tracked changes: whoever opens it sees them, and can accept or reject each. */
import { Document, type FileChild, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx';
import type { BlockContent } from 'mdast';
import { kindLabel } from '../../../shared/compare/describe.ts';
import { outlineOf } from '../outline.ts';
import { directionOf } from '../page.ts';
import { cleanLine } from '../phrasing.ts';
import { redlineContent } from '../redline.ts';
import {
  byWhom,
  contributorsOf,
  endRows,
  fieldRows,
  latestOf,
  nameOf,
  type Redline,
  summaryOf,
} from '../redline-facts.ts';
import { toTree } from '../tree.ts';
import { BlockWriter, BORDERS, width } from './blocks.ts';
import { pageNumbers, withHeader, written } from './document.ts';
import { pack } from './pack.ts';
import { printable, RunWriter } from './runs.ts';
import { PAPER, stylesIn } from './styles.ts';

/** What words do not show of a change is a comment. */
export async function redlineDocx(redline: Redline): Promise<Uint8Array> {
  const { answer, frontMatter, images } = redline;
  const title = printable(cleanLine(frontMatter.title)) || 'Untitled plan';
  const tree = toTree(redlineContent(answer));
  const latest = latestOf(answer);
  const runs = new RunWriter({
    base: null,
    saysAddresses: false,
    ofChange: (change) => {
      const [by] = change === null ? [] : (answer.changes[change]?.by ?? []);
      return by
        ? { author: printable(nameOf(answer, by.userId)), date: by.at }
        : { author: 'Commonplan', date: latest };
    },
  });
  const blocks = new BlockWriter(runs, {
    outline: outlineOf(tree, false),
    images,
    direction: directionOf(frontMatter.language),
    width: PAPER.a4.text,
  });
  const fields = fieldRows(answer.frontMatter).map(
    ({ label, words }) =>
      new Paragraph({ children: [new TextRun({ text: `${label}: `, bold: true }), ...runs.runs(words)] }),
  );
  const text = blocks.document(tree.children as BlockContent[]);
  const document = new Document({
    title: `Changes in ${title}`,
    creator: contributorsOf(answer).map(printable).join('; ') || 'Commonplan',
    lastModifiedBy: 'Commonplan',
    ...written(runs, blocks),
    styles: stylesIn(frontMatter.language),
    sections: [
      {
        properties: { page: { size: { width: PAPER.a4.width, height: PAPER.a4.height } } },
        ...withHeader(`Changes in ${title}`),
        footers: { default: pageNumbers() },
        children: [...heading(redline, title), ...fields, ...text, ...list(answer)],
      },
    ],
  });
  return pack(document, latest);
}

type Answer = Redline['answer'];

function heading(redline: Redline, title: string): FileChild[] {
  const { answer } = redline;
  const contributors = contributorsOf(answer);
  const about = endRows(redline).map(({ label, values: [from, to] }) => [label, from || '–', to || '–']);
  return [
    new Paragraph({ style: 'Title', children: [new TextRun(`Changes in ${title}`)] }),
    grid([['', 'From', 'To'], ...about], [1800, 3600, 3600]),
    new Paragraph({ children: [new TextRun('')] }),
    new Paragraph({
      children: [
        new TextRun(summaryOf(answer)),
        new TextRun(contributors.length > 0 ? ` Changed by ${contributors.map(printable).join(', ')}.` : ''),
      ],
    }),
    new Paragraph({ thematicBreak: true }),
  ];
}

function list(answer: Answer): FileChild[] {
  const { changes, sections } = answer;
  if (changes.length === 0) return [];
  const rows = changes.map(({ kind, section, by }, index) => [
    String(index + 1),
    kindLabel(kind),
    section === null ? '' : cleanLine(sections[section]?.title),
    byWhom(answer, by),
  ]);
  return [
    new Paragraph({ style: 'ContentsTitle', pageBreakBefore: true, children: [new TextRun('List of changes')] }),
    grid([['No.', 'Change', 'Section', 'By'], ...rows], [700, 2000, 3000, 3300]),
  ];
}

/** The first row is the header, repeated on every page. */
const grid = (rows: readonly string[][], widths: readonly number[]): Table =>
  new Table({
    columnWidths: [...widths],
    width: width(widths.reduce((sum, each) => sum + each, 0)),
    borders: BORDERS,
    margins: { top: 60, bottom: 60, left: 100, right: 100 },
    rows: rows.map(
      (cells, index) =>
        new TableRow({
          tableHeader: index === 0,
          children: cells.map(
            (cell, column) =>
              new TableCell({
                width: width(widths[column]!),
                children: [
                  new Paragraph({
                    style: index === 0 ? 'TableHeader' : 'TableText',
                    children: [new TextRun(printable(cell))],
                  }),
                ],
              }),
          ),
        }),
    ),
  });
