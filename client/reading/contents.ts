/** The table of contents of a text that is read, and the way to what an address names in it. */
import { html, nothing } from 'lit';
import { headingId, type ReadHeading } from './render.ts';

/** Headings down to this level stand in it. */
const CONTENTS_LEVEL = 3;

export function contents(headings: readonly ReadHeading[], language: string) {
  const shown = headings.filter(({ level }) => level <= CONTENTS_LEVEL);
  if (shown.length < 2) return nothing;
  return html`
    <nav class="contents" aria-labelledby="contents-heading">
      <h2 id="contents-heading">Contents</h2>
      <ol class="contents-list" lang=${language}>
        ${shown.map(({ pos, level, text }) => html`<li data-level=${level}><a href="#${headingId(pos)}">${text}</a></li>`)}
      </ol>
    </nav>
  `;
}

/** Scrolls there and moves the focus. Blocks far away have only an estimated height until they come into sight, so the first jump may miss. */
export async function land(target: HTMLElement | null): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    target?.scrollIntoView({ block: 'start' });
    await new Promise(requestAnimationFrame);
  }
  target?.focus({ preventScroll: true });
}
