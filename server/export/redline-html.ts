/** Writes a comparison as one HTML file to hand round: it fetches nothing, runs nothing, prints well, and says by more than colour what changed. */
import { readFileSync } from 'node:fs';
import type { Element, ElementContent, Properties } from 'hast';
import type { PhrasingContent } from 'mdast';
import type { ComparisonAnswer } from '../../shared/api.ts';
import { kindLabel } from '../../shared/compare/describe.ts';
import { h, phrasingToHast, toHast } from './hast.ts';
import { directionOf, writePage } from './page.ts';
import { cleanLine } from './phrasing.ts';
import { redlineContent } from './redline.ts';
import { byWhom, contributorsOf, endRows, fieldRows, LEGEND, type Redline, summaryOf } from './redline-facts.ts';
import { toTree } from './tree.ts';

const STYLE = readFileSync(new URL('./redline.css', import.meta.url), 'utf8');

export function redlineHtml(redline: Redline): string {
  const { answer, frontMatter, images } = redline;
  const title = cleanLine(frontMatter.title) || 'Untitled plan';
  const { language } = frontMatter;
  const { text, notes, anchored } = toHast(toTree(redlineContent(answer)), {
    ofChange: (change) => ofChange(answer, change),
    images,
  });
  const endnotes =
    notes.length > 0 ? h('section', { role: 'doc-endnotes' }, [h('h2', {}, ['Notes']), h('ol', {}, notes)]) : null;
  return writePage({
    title: `Changes in ${title}`,
    language: 'en',
    style: STYLE,
    body: [
      header(redline, title),
      h('main', { lang: language, dir: directionOf(language) }, [fieldTable(answer), ...text, endnotes]),
      list(answer, anchored),
    ],
  });
}

/** `ins` and `del` have attributes for who and when; a `title` shows where there is a mouse, and the list below says it to all. */
function ofChange(answer: ComparisonAnswer, change: number): Properties {
  const by = answer.changes[change]?.by ?? [];
  return by.length > 0 ? { title: byWhom(answer, by), dateTime: by[0]!.at } : {};
}

function header(redline: Redline, title: string): Element {
  const { answer } = redline;
  const { language } = redline.frontMatter;
  const contributors = contributorsOf(answer);
  const rows = endRows(redline).map(({ label, values }) =>
    h('tr', {}, [h('th', { scope: 'row' }, [label]), ...values.map((value) => h('td', {}, [value || '–']))]),
  );
  return h('header', {}, [
    h('p', { className: ['kind'] }, ['Changes in']),
    h('h1', { lang: language, dir: directionOf(language) }, [title]),
    h('div', { className: ['table'] }, [
      h('table', { className: ['ends'] }, [
        h('thead', {}, [
          h('tr', {}, [h('td'), h('th', { scope: 'col' }, ['From']), h('th', { scope: 'col' }, ['To'])]),
        ]),
        h('tbody', {}, rows),
      ]),
    ]),
    h('p', {}, [summaryOf(answer), contributors.length > 0 ? ` Changed by ${contributors.join(', ')}.` : null]),
    h('p', { className: ['legend'] }, [
      h('span', {}, ['How to read it: ']),
      h('ins', {}, [LEGEND.insertion]),
      ' · ',
      h('del', {}, [LEGEND.deletion]),
      ' · ',
      h('ins', { className: ['moved'] }, [LEGEND.arrived]),
      ' · ',
      h('del', { className: ['moved'] }, [LEGEND.departed]),
      ' · ',
      h('span', { className: ['change-note'] }, [`[${LEGEND.changeNote}]`]),
      ' · ¶ where a paragraph was split or joined',
    ]),
  ]);
}

function fieldTable({ frontMatter }: ComparisonAnswer): Element | null {
  if (frontMatter.length === 0) return null;
  const cells = (words: readonly PhrasingContent[]): ElementContent[] => phrasingToHast(words);
  const rows = fieldRows(frontMatter).map(({ label, words }) =>
    h('tr', {}, [h('th', { scope: 'row', lang: 'en', dir: 'ltr' }, [label]), h('td', {}, cells(words))]),
  );
  return h('div', { className: ['table'] }, [h('table', { className: ['fields'] }, [h('tbody', {}, rows)])]);
}

/** Every change by number: for whoever reads on paper, or hears the page. */
function list(answer: ComparisonAnswer, anchored: ReadonlySet<number>): Element | null {
  const { changes, sections } = answer;
  if (changes.length === 0) return null;
  const rows = changes.map(({ kind, section, by }, index) => {
    const number = String(index + 1);
    return h('tr', {}, [
      h('td', {}, [anchored.has(index) ? h('a', { href: `#change-${number}` }, [number]) : number]),
      h('td', {}, [kindLabel(kind)]),
      h('td', {}, [section === null ? '' : cleanLine(sections[section]?.title)]),
      h('td', {}, [byWhom(answer, by)]),
    ]);
  });
  const head = ['No.', 'Change', 'Section', 'By'].map((label) => h('th', { scope: 'col' }, [label]));
  return h('section', { className: ['list'] }, [
    h('h2', {}, ['List of changes']),
    h('div', { className: ['table'] }, [h('table', {}, [h('thead', {}, [h('tr', {}, head)]), h('tbody', {}, rows)])]),
  ]);
}
