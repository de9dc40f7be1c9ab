/** Every file that leaves the house says what it is of: which snapshot, of when, under which licence, with which hashes. */
import type { JSONContent } from '@tiptap/core';
import { fromHtml } from 'hast-util-from-html';
import { describe, expect, test } from 'vitest';
import { doc, p } from '../../shared/compare/test-notation.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../shared/export.ts';
import { exportDocx } from './docx/document.ts';
import { redlineDocx } from './docx/redline.ts';
import { part, readDocx } from './docx/test-docx.ts';
import type { Exportable } from './exportable.ts';
import { WRITERS } from './formats.ts';
import { redlinePages } from './pdf/redline-pages.ts';
import { wordsOn } from './pdf/test-exportable.ts';
import { toPages } from './pdf/to-pages.ts';
import { redlineHtml } from './redline-html.ts';
import { redlineMarkdown } from './redline-markdown.ts';
import { exportable } from './test-exportable.ts';
import { redline, textIn } from './test-redline.ts';

const content = doc(p('Text.')) as JSONContent;
const LICENCE = 'Peer Production License';
const [TEXT, ENTRY] = ['a'.repeat(64), 'c'.repeat(64)];
const options = { paper: 'a4', design: 'report', numbered: true, fragment: false } as const;

/** The words of the file, as whoever opens it finds them. */
const words: Record<ExportFormat, (plan: Exportable<never>) => string | Promise<string>> = {
  md: (plan) => WRITERS.md(plan) as string,
  html: (plan) => textIn(fromHtml(WRITERS.html(plan) as string)),
  wikitext: (plan) => WRITERS.wikitext(plan) as string,
  json: (plan) => WRITERS.json(plan) as string,
  docx: async (plan) => textIn(await readDocx(await exportDocx(plan))),
  pdf: (plan) => JSON.stringify(toPages(plan).document),
};

describe('[R18] every file says what it is of', () => {
  const frontMatter = { licence: LICENCE };

  test.each(EXPORT_FORMATS)('%s', async (format) => {
    const said = await words[format](exportable(content, options, { frontMatter }) as Exportable<never>);
    const isJson = format === 'json';
    const facts = [isJson ? '"time": "2026-11-13' : '13 November 2026', LICENCE, TEXT];
    for (const fact of facts) expect(said).toContain(fact);
    // What a snapshot is, JSON says with its whole entry.
    if (!isJson) for (const fact of ['Snapshot 3', 'For the council', ENTRY]) expect(said).toContain(fact);
  });

  test('a name cannot become a field of the head of Markdown, to readers of YAML 1.1 neither', () => {
    const plan = exportable(content, options, { version: { label: 'Draft\u2028status: adopted\u0085place: Ghent' } });
    const said = WRITERS.md(plan as Exportable<never>) as string;
    expect(said).toContain('status: adopted place: Ghent');
    expect(said).not.toMatch(/[\u2028\u2029\u0085]/);
  });

  test('a fragment of HTML', () => {
    const plan = exportable(content, { ...options, fragment: true }, { frontMatter });
    const said = textIn(fromHtml(WRITERS.html(plan) as string));
    for (const fact of ['Snapshot 3', '13 November 2026', LICENCE, TEXT, ENTRY]) expect(said).toContain(fact);
  });

  test.each(EXPORT_FORMATS)('%s of a live draft calls itself one', async (format) => {
    const version = { number: null, hash: null, label: '' };
    const said = await words[format](exportable(content, options, { version }) as Exportable<never>);
    expect(said).toMatch(format === 'json' ? /"snapshot": null/ : /live draft|still being written/i);
    expect(said).toContain(TEXT);
    expect(said).not.toContain('Snapshot 3');
  });

  const compared = redline(doc(p('One.')), doc(p('Two.')), undefined, {
    ...exportable(content, {}).frontMatter,
    licence: LICENCE,
  });
  const files: [string, () => string | Promise<string>][] = [
    ['html', () => textIn(fromHtml(redlineHtml(compared)))],
    ['md', () => redlineMarkdown(compared).replaceAll('\\', '')],
    ['docx', async () => part(await redlineDocx(compared), 'word/document.xml').replace(/<[^>]*>/g, '')],
    ['pdf', () => wordsOn(redlinePages(compared, 'a4').document.blocks)],
  ];
  test.each(files)('a redline as %s says it of both sides', async (_, written) => {
    const said = await written();
    const facts = ['Snapshot 1', 'For the council', '11 November 2026', TEXT, ENTRY, 'CC-BY-SA-4.0'];
    const newer = ['The plan as of update 214', '12 November 2026', LICENCE];
    for (const fact of [...facts, ...newer]) expect(said).toContain(fact);
  });
});
