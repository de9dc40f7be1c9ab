/** What changed in the front matter, as a small table above the text. */
import { html, nothing } from 'lit';
import type { ComparisonAnswer } from '../../shared/api.ts';
import type { ComparedWords } from '../../shared/compare/comparison.ts';
import { type FrontMatter, STATUSES, STREAMS } from '../../shared/schema/front-matter.ts';
import { FIELD_LABEL, STATUS_LABEL } from '../../shared/schema/front-matter-labels.ts';
import { languageName } from '../../shared/schema/language-name.ts';
import { contributionWords } from '../history/snapshot-words.ts';
import { STREAM_LABEL } from '../labels.ts';

/** What the interface calls a value that is a word of ours. */
function valueLabel(field: string, value: string): string {
  if (field === 'language') return languageName(value);
  const status = STATUSES.find((known) => known === value);
  if (field === 'status' && status) return STATUS_LABEL[status];
  const stream = STREAMS.find((known) => known === value);
  return field === 'stream' && stream ? STREAM_LABEL[stream] : value;
}
const CHOSEN: ReadonlySet<string> = new Set(['status', 'language', 'stream', 'licence']);

export function compareFrontMatter({ frontMatter, people }: Pick<ComparisonAnswer, 'frontMatter' | 'people'>) {
  if (frontMatter.length === 0) return nothing;
  return html`
    <section class="compare-about" aria-label="About this plan">
      <h2>About this plan</h2>
      <table>
        <thead><tr><th scope="col">Field</th><th scope="col">What changed</th><th scope="col">By</th></tr></thead>
        <tbody>
          ${frontMatter.map(
            ({ field, before, after, inline, by }) => html`
              <tr>
                <th scope="row">${FIELD_LABEL[field as keyof FrontMatter] ?? field}</th>
                <td>${CHOSEN.has(field) ? chosen(field, before, after) : inline.map(words)}</td>
                <td class="compare-about-by">${by[0] ? contributionWords(by[0], people) : nothing}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </section>
  `;
}

function chosen(field: string, before: string, after: string) {
  return html`
    ${before ? html`<del class="change deleted">${valueLabel(field, before)}</del>` : nothing}
    ${after ? html`<ins class="change inserted">${valueLabel(field, after)}</ins>` : nothing}
  `;
}

/** Lists have one entry a line. */
function words({ op, text }: ComparedWords) {
  const lines = text.split('\n').map((line, index) => html`${index > 0 ? html`<br />` : nothing}${line}`);
  if (op === 'inserted') return html`<ins class="change inserted">${lines}</ins>`;
  return op === 'deleted' ? html`<del class="change deleted">${lines}</del>` : html`${lines}`;
}
