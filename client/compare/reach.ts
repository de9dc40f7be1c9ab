/** How much of the older version can be put back from where one reads: the change itself, its paragraph, its section. */
import type { ComparisonAnswer } from '../../shared/api.ts';
import type { Place } from '../../shared/compare/comparison.ts';
import { blockName } from '../../shared/compare/describe.ts';
import type { Survey } from './survey.ts';

export interface Reach {
  /** "Undo this change", "Put back this whole list". */
  readonly label: string;
  /** Its last words, for a row of buttons. */
  readonly short: string;
  /** ProseMirror positions in the older document. */
  readonly range: Place;
  /** How many of the changes it undoes. */
  readonly changes: number;
}

/** From the smallest to the largest, each larger than the one before. */
export function reaches(answer: ComparisonAnswer, { rows, facts }: Survey, number: number): Reach[] {
  const change = answer.changes[number];
  if (!change) return [];
  const found: Reach[] = [{ label: 'Undo this change', short: 'this change', range: change.before, changes: 1 }];
  const add = (label: string, short: string, range: Place | null): void => {
    const last = found.at(-1)?.range;
    if (!range || range.from === range.to || !last || (last.from <= range.from && last.to >= range.to)) return;
    found.push({ label, short, range, changes: within(answer, range) });
  };
  const row = facts[number]?.rows[0];
  const block = row === undefined ? undefined : answer.blocks[row];
  if (row !== undefined && block) {
    const name = wholeName(block);
    add(`Put back this whole ${name}`, `whole ${name}`, rows[row]?.before ?? null);
  }
  const title = change.section === null ? '' : answer.sections[change.section]?.title || 'without title';
  add(
    change.section === null ? 'Put back the part before the first heading' : `Put back the section “${title}”`,
    change.section === null ? 'part before the first heading' : 'section',
    sectionRange(answer, rows, change.section),
  );
  return found;
}

/** What a block of the document is called: "paragraph", "numbered list". */
function wholeName(block: ComparisonAnswer['blocks'][number]): string {
  const inner = block.op === 'arrived' ? block.node : block;
  const shape =
    'node' in inner ? inner.node : inner.op === 'regrouped' ? inner.before[0]?.at(-1) : (inner.before ?? inner.after);
  if (!shape || !('type' in shape)) return 'paragraph';
  return shape.type === 'heading' ? 'heading' : blockName(shape).replace(/^a /, '');
}

/** A heading and what follows it, to the next heading of its level or above. */
function sectionRange(
  { sections, blocks }: ComparisonAnswer,
  rows: Survey['rows'],
  section: number | null,
): Place | null {
  const first = section === null ? 0 : sections[section]?.block;
  const level = section === null ? 6 : (sections[section]?.level ?? 6);
  const next = sections.find((other, index) => index > (section ?? -1) && other.level <= level);
  const last = (next?.block ?? blocks.length) - 1;
  if (first === undefined || last < first) return null;
  return { from: rows[first]?.before.from ?? 0, to: rows[last]?.before.to ?? 0 };
}

const within = ({ changes }: ComparisonAnswer, { from, to }: Place): number =>
  changes.filter(({ before }) => before.from >= from && before.to <= to).length;
