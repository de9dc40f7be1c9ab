/** What stands before the text of a finished document: title, who, where, when, under which licence, and the summary. */

import { html, nothing } from 'lit';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import { STATUS_LABEL } from '../../shared/schema/front-matter-labels.ts';
import { languageName } from '../../shared/schema/language-name.ts';
import { listNames } from '../format.ts';
import { STREAM_LABEL } from '../labels.ts';

export function snapshotTitlePage(frontMatter: FrontMatter) {
  const { title, subtitle, authors, status, place, language, licence, summary, keywords, stream } = frontMatter;
  const facts: [string, string][] = [
    ['Status', STATUS_LABEL[status]],
    ['Place', place],
    ['Stream', stream ? STREAM_LABEL[stream] : ''],
    ['Language', languageName(language)],
    ['Licence', licence],
    ['Keywords', keywords.join(', ')],
  ];
  return html`
    <header class="title-page">
      <h1 class="title-page-title" lang=${language} dir="auto">${title || 'Untitled plan'}</h1>
      ${subtitle ? html`<p class="title-page-subtitle" lang=${language} dir="auto">${subtitle}</p>` : nothing}
      ${authors.length > 0 ? html`<p class="title-page-authors">${listNames(authors)}</p>` : nothing}
      <dl class="title-page-facts">
        ${facts.map(([name, value]) => (value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing))}
      </dl>
      ${summary ? html`<div class="title-page-summary" lang=${language}>${summary.split(/\n{2,}/).map((paragraph) => html`<p dir="auto">${paragraph}</p>`)}</div>` : nothing}
    </header>
  `;
}
