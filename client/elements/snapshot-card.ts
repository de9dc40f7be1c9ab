/** What is known of a snapshot, above its text: what it is, who and when, whose words it holds, what can be done with it. */
import { html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { Person, SnapshotSummary } from '../../shared/api.ts';
import { caretColorClass } from '../editor/caret-color.ts';
import { exactTime, listNames, wordCount } from '../format.ts';
import { FORMER_MEMBER, nameOf, snapshotTitle } from '../history/snapshot-words.ts';
import { icon } from '../icons.ts';
import { href } from '../routes.ts';
import { personDisc } from './person-disc.ts';
import './snapshot-proof.ts';

export interface SnapshotCard {
  readonly planId: string;
  readonly snapshot: SnapshotSummary;
  readonly people: readonly Person[];
  /** Number of the snapshot before; undefined: there is none. */
  readonly before: number | undefined;
  readonly mayWrite: boolean;
  readonly restore: () => void;
  readonly exportIt: () => void;
}

export function snapshotCard({ planId, snapshot, people, before, mayWrite, restore, exportIt }: SnapshotCard) {
  const { number, kind, note, time, author, words, contributors } = snapshot;
  const names = contributors.map(({ userId }) => nameOf(people, userId));
  const by = author === null ? '' : ` · ${kind === 'named' ? 'named by' : 'by'} ${nameOf(people, author)}`;
  return html`
    <section class="snapshot-card" aria-labelledby="snapshot-title">
      <p class="snapshot-number">Snapshot ${number}${author === null ? ' · taken by the server' : nothing}</p>
      <h1 id="snapshot-title" tabindex="-1">${snapshotTitle(snapshot)}</h1>
      ${note ? html`<p class="entry-note" dir="auto">${note}</p>` : nothing}
      <p class="snapshot-facts"><time datetime=${time}>${exactTime(time)}</time>${by} · ${wordCount(words)}</p>
      ${before !== undefined && names.length > 0 ? html`<p class="snapshot-facts">Since the snapshot before it: ${listNames(names)}.</p>` : nothing}
      ${shares(snapshot, people)}
      <div class="actions snapshot-actions">
        ${before === undefined ? nothing : html`<a class="button small" href=${href.compare(planId, before, number)}>${icon('gitCompare')}What changed in it</a>`}
        <a class="button small" href=${href.compare(planId, number, 'now')}>${icon('gitCompare')}What changed since</a>
        ${mayWrite ? html`<button type="button" class="button small" @click=${restore}>${icon('rotateCcw')}Restore</button>` : nothing}
        <button type="button" class="button small" @click=${exportIt}>${icon('fileText')}Export</button>
      </div>
      <cp-snapshot-proof .planId=${planId} .snapshot=${snapshot}></cp-snapshot-proof>
    </section>
  `;
}

interface Share {
  readonly person: Person;
  readonly part: number;
}

/** Whose words the text holds, as a bar and in numbers. The bar is decoration: the list says the same. */
function shares({ shares: all }: SnapshotSummary, people: readonly Person[]) {
  const total = all.reduce((sum, { characters }) => sum + characters, 0);
  if (total === 0) return nothing;
  const parts: Share[] = all.map(({ userId, characters }) => ({
    person: people.find(({ id }) => id === userId) ?? { id: userId, name: FORMER_MEMBER, color: 'gray', guest: false },
    part: characters / total,
  }));
  return html`
    <div class="shares">
      <div class="share-bar" aria-hidden="true">
        ${parts.map(({ person, part }) => html`<span class=${caretColorClass(person.color)} ${ref((bar) => (bar as HTMLElement | undefined)?.style.setProperty('--part', String(part)))}></span>`)}
      </div>
      <ul class="share-names" aria-label="Whose words the text holds">
        ${parts.map(({ person, part }) => html`<li>${personDisc(person)}${person.name} <span class="share-percent">${percent(part)}</span></li>`)}
      </ul>
    </div>
  `;
}

/** Nobody who wrote something is told that it was nothing, and nobody that it was everything while others wrote, too. */
function percent(part: number): string {
  const rounded = Math.round(part * 100);
  if (rounded === 0) return 'less than 1%';
  return rounded === 100 && part < 1 ? 'more than 99%' : `${rounded}%`;
}
