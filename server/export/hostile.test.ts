/** Whatever a plan holds, its files are text: nothing in them runs, loads or breaks out of its place. */
import type { JSONContent } from '@tiptap/core';
import * as fc from 'fast-check';
import { fromHtml } from 'hast-util-from-html';
import { describe, expect, test } from 'vitest';
import type { NodeJSON } from '../../shared/compare/comparison.ts';
import { openArchive } from '../import/docx/archive.ts';
import { parseXml } from '../import/docx/xml.ts';
import { importMarkdown } from '../import/markdown.ts';
import { exportDocx } from './docx/document.ts';
import { redlineDocx } from './docx/redline.ts';
import { part } from './docx/test-docx.ts';
import { exportHtml } from './html-document.ts';
import { exportMarkdown } from './markdown.ts';
import { redlineHtml } from './redline-html.ts';
import { redlineMarkdown } from './redline-markdown.ts';
import { exportable, PIXEL } from './test-exportable.ts';
import { ADDRESSES, PAYLOADS } from './test-payloads.ts';
import { elements, everything, htmlRuns, PLAN, redline } from './test-redline.ts';

const payload = fc.constantFrom(...PAYLOADS, ...PAYLOADS.map((each) => each.repeat(3)));
const address = fc.constantFrom<unknown>(...ADDRESSES, ['https://example.org'], { href: 'x' }, 42, null);
const anything = fc.oneof(payload, address);

/** What no schema has checked: a comparison of whatever may be in a database. */
const hostileText = fc
  .record({
    text: payload,
    href: address,
    title: anything,
    mark: fc.constantFrom('bold', 'link', 'code', 'script', 'insertion'),
  })
  .map(
    ({ text, href, title, mark }): NodeJSON => ({
      type: 'text',
      text,
      marks: [{ type: mark, attrs: { href, title, change: title, moved: href } }],
    }),
  );
const hostileBlock = fc
  .record({
    type: fc.constantFrom('paragraph', 'heading', 'codeBlock', 'figure', 'tableCell', 'script', 'iframe'),
    inline: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
    note: payload,
    attr: anything,
    src: address,
  })
  .map(({ type, inline, note, attr, src }): NodeJSON => {
    const attrs = {
      src,
      alt: attr,
      credit: attr,
      lang: attr,
      dir: attr,
      level: attr,
      language: attr,
      start: attr,
      align: attr,
    };
    return {
      type,
      attrs: { ...attrs, type: attr, colspan: attr, style: attr, onclick: attr, prompt: attr },
      content: [
        ...inline,
        { type: 'footnote', content: [{ type: 'text', text: note }] },
        { type: 'changeNote', attrs: { text: note, change: attr } },
      ],
    };
  });
const hostile = fc
  .array(hostileBlock, { minLength: 1, maxLength: 4 })
  .map((content): NodeJSON => ({ type: 'doc', content }));

const TAGS = new Set(
  'html head meta title style body header nav footer main section div p h1 h2 h3 h4 h5 table colgroup col thead tbody tr th td ul ol li input blockquote pre code hr figure figcaption small a sup sub ins del span strong em dl dt dd img s u mark br'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'id className tabIndex width href title rel role ariaLabel lang dir dateTime scope colSpan rowSpan start type checked disabled charSet httpEquiv content name src alt height align ariaLabelledBy'.split(
    ' ',
  ),
);

describe('whatever a plan holds', () => {
  test('Markdown has no character that a text file cannot have', () => {
    const odd = 'a\u0000b\ud800';
    const said = (attrs: object): JSONContent => ({
      type: 'text',
      text: odd,
      marks: [{ type: 'link', attrs: { href: `/${odd}`, title: odd, ...attrs } }],
    });
    const content = [
      { type: 'codeBlock', attrs: { language: odd }, content: [{ type: 'text', text: odd }] },
      { type: 'paragraph', content: [said({}), { type: 'footnote', content: [{ type: 'text', text: odd }] }] },
      { type: 'figure', attrs: { src: `/${odd}`, alt: odd, credit: odd }, content: [said({})] },
    ];
    const written = exportMarkdown({ type: 'doc', content }, { ...PLAN, title: odd, authors: [odd] });
    expect(written).not.toContain('\0');
    expect(written.isWellFormed()).toBe(true);
  });

  test('[R12] HTML stays text: no element or attribute but ours, no address that runs, nothing fetched', () => {
    fc.assert(
      fc.property(hostile, hostile, payload, payload, (before, after, title, label) => {
        const fields = { ...PLAN, title, summary: label };
        const made = redline(before, after, PLAN, fields);
        made.answer.from.snapshot!.label = label;
        made.answer.people[0]!.name = title;
        const html = redlineHtml(made);
        const tree = fromHtml(html);
        const all = everything(tree);
        expect(all.filter(({ tagName }) => !TAGS.has(tagName)).map(({ tagName }) => tagName)).toEqual([]);
        expect(
          all.flatMap(({ properties }) => Object.keys(properties)).filter((name) => !ATTRIBUTES.has(name)),
        ).toEqual([]);
        const addresses = all.flatMap(({ properties: { href } }) => (href === undefined ? [] : String(href)));
        expect(addresses.filter((href) => !SAFE.test(href))).toEqual([]);
        expect(elements(tree, 'style')).toHaveLength(1);
        expect(html).toContain('default-src &#x27;none&#x27;');
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  test('[R12] a plan as HTML stays text, as a page and as a fragment', () => {
    const mediaTypes = ['image/svg+xml', 'text/html', 'image/png"onload="alert(1)'];
    fc.assert(
      fc.property(
        hostile,
        payload,
        fc.boolean(),
        fc.constantFrom(...mediaTypes),
        (content, words, fragment, mediaType) => {
          const frontMatter = { title: words, subtitle: words, authors: [words], summary: words, keywords: [words] };
          const images = new Map(ADDRESSES.map((each) => [each, { ...PIXEL, mediaType }]));
          const version = { label: words, contributors: [words] };
          const html = exportHtml(
            exportable(content as JSONContent, { fragment, numbered: true }, { frontMatter, images, version }),
          );
          const tree = fromHtml(html, { fragment });
          const all = everything(tree);
          expect(all.filter(({ tagName }) => !TAGS.has(tagName)).map(({ tagName }) => tagName)).toEqual([]);
          expect(
            all.flatMap(({ properties }) => Object.keys(properties)).filter((name) => !ATTRIBUTES.has(name)),
          ).toEqual([]);
          const addresses = all.flatMap(({ properties: { href } }) => (href === undefined ? [] : String(href)));
          expect(addresses.filter((href) => !SAFE.test(href))).toEqual([]);
          expect(elements(tree, 'img')).toEqual([]);
          expect(elements(tree, 'style')).toHaveLength(fragment ? 0 : 1);
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  });

  test('[R12] Word files are well-formed, and lead nowhere but where a reader may be sent', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, payload, async (before, after, words) => {
        const frontMatter = { title: words, subtitle: words, authors: [words], summary: words, keywords: [words] };
        const plan = exportable(before as JSONContent, { paper: 'a4', numbered: true } as const, {
          frontMatter,
          version: { label: words, contributors: [words] },
        });
        const made = redline(before, after, PLAN, { ...PLAN, title: words });
        made.answer.people[0]!.name = words;
        for (const bytes of [await exportDocx(plan), await redlineDocx(made)]) {
          const archive = openArchive(bytes);
          for (const name of archive.names) {
            if (!/\.(?:xml|rels)$/.test(name)) continue;
            const root = parseXml(archive.read(name)!, name);
            const targets = root.children.flatMap(({ attributes: { Target = '', TargetMode } }) =>
              TargetMode === 'External' ? [Target] : [],
            );
            expect(targets.filter((target) => !/^(?:https?|mailto|tel):/.test(target))).toEqual([]);
          }
          const fields = [...part(bytes, 'word/document.xml').matchAll(/<w:instrText[^>]*>([^<]*)</g)];
          expect(
            fields.filter(
              ([, field]) => !/^(?:TOC \\h \\o "1-4"|PAGEREF _Toc\d+ \\h)\s*$/.test(unescapedXml(field!).trim()),
            ),
          ).toEqual([]);
        }
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('[R12] Markdown holds no HTML but ours, and no link that runs', () => {
    fc.assert(
      fc.property(hostile, hostile, payload, (before, after, title) => {
        const made = redline(before, after, PLAN, { ...PLAN, title });
        made.answer.people[0]!.name = title;
        const markdown = redlineMarkdown(made);
        const tags = htmlRuns(markdown).flatMap((html) => html.match(/<[^>]*>?/g) ?? []);
        expect(tags.filter((tag) => !OURS.test(tag) || RUNS.test(tag))).toEqual([]);
        const walk = (json: JSONContent): void => {
          for (const { type, attrs } of json.marks ?? []) {
            if (type === 'link') expect(String(attrs?.href)).toMatch(SAFE);
          }
          json.content?.forEach(walk);
        };
        walk(importMarkdown(markdown).content);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});

const unescapedXml = (text: string): string => text.replaceAll('&quot;', '"');

/** An address that a reader may follow: of the web, of mail, or within the file's own site. */
const SAFE = /^(https?:|mailto:|tel:|(?![\\/]{2})(?![^/?#]*:))/i;
const RUNS = /(href|src)="\s*(javascript|vbscript|data):/i;
const OURS =
  /^<(\/?(a|ins|del|sub|sup|u|mark|strong|em|code|pre|br|p|span|small|figure|figcaption|table|tr|td|th|ul|ol|li|input|blockquote|h[1-6]|hr|img)( (href|title|lang|dir|colspan|rowspan|align|start|type|class|checked|disabled|src|alt|data-[a-z]+)="[^"]*")*|!-- (column widths: [\w ]+|numbering: \w|) *--)>$/;
