/** Writes a comparison as Markdown to hand round: GFM in which `<ins>` and `<del>` mark what was put in and taken out. */
import type { PhrasingContent, Root, RootContent, Table, TableRow } from 'mdast';
import { writeTree } from './markdown.ts';
import { cleanLine } from './phrasing.ts';
import { redlineContent } from './redline.ts';
import { contributorsOf, endRows, fieldRows, LEGEND, type Redline, summaryOf } from './redline-facts.ts';
import { toTree } from './tree.ts';

export function redlineMarkdown(redline: Redline): string {
  const { answer, frontMatter, images } = redline;
  const contributors = contributorsOf(answer);
  const fields = fieldRows(answer.frontMatter);
  const header: RootContent[] = [
    { type: 'heading', depth: 1, children: [text(`Changes in “${cleanLine(frontMatter.title) || 'Untitled plan'}”`)] },
    table(
      [['', 'From', 'To'], ...endRows(redline).map(({ label, values }) => [label, ...values])].map((row) =>
        row.map((cell) => [text(cell)]),
      ),
    ),
    paragraph(text(summaryOf(answer))),
    ...(contributors.length > 0 ? [paragraph(text(`Changed by ${contributors.join(', ')}.`))] : []),
    paragraph(
      { type: 'insertion', change: null, moved: false, children: [text(LEGEND.insertion)] },
      text(' · '),
      { type: 'deletion', change: null, moved: false, children: [text(LEGEND.deletion)] },
      text(' · '),
      { type: 'changeNote', change: null, value: LEGEND.changeNote },
      text(' · ¶ where a paragraph was split or joined'),
    ),
    ...(fields.length > 0
      ? [table([[[text('Field')], [text('Change')]], ...fields.map(({ label, words }) => [[text(label)], words])])]
      : []),
    { type: 'thematicBreak' },
  ];
  const { children } = toTree(redlineContent(answer));
  const tree: Root = { type: 'root', children: [...header, ...children] };
  return writeTree(tree, images).join('\n');
}

const text = (value: string): PhrasingContent => ({ type: 'text', value });
const paragraph = (...children: PhrasingContent[]): RootContent => ({ type: 'paragraph', children });

const table = (rows: readonly PhrasingContent[][][]): Table => ({
  type: 'table',
  align: [],
  children: rows.map(
    (cells): TableRow => ({ type: 'tableRow', children: cells.map((children) => ({ type: 'tableCell', children })) }),
  ),
});
