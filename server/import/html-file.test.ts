/** HTML files: those of word processors, of our own export, and of people who mean harm. */
import type { JSONContent } from '@tiptap/core';
import { expect, test } from 'vitest';
import { schema } from '../../shared/schema/schema.ts';
import { exportHtml } from '../export/html-document.ts';
import { exportable } from '../export/test-exportable.ts';
import { importHtml } from './html-file.ts';

const short = (node: JSONContent): string =>
  node.text === undefined
    ? `${node.type}(${(node.content ?? []).map(short).join('')})`
    : (node.marks ?? []).reduce((text, { type }) => `${type}[${text}]`, node.text);
const read = (html: string): string => importHtml(html).content.content!.map(short).join(' ');

test('title, language and the rest of the head become front matter', () => {
  const { frontMatter } = importHtml(
    '<html lang="nl"><head><title>Een plan</title><meta name="author" content="Ana"><meta name=keywords content="a, b"></head><body><p>x',
  );
  expect(frontMatter).toMatchObject({ title: 'Een plan', language: 'nl', authors: ['Ana'], keywords: ['a', 'b'] });
});

test('what a word processor says by style is read, and its own elements are not', () => {
  expect(
    read(
      '<b style="font-weight:normal"><p>a <span style="font-weight:700;font-style:italic">b</span><o:p> c</o:p></p></b>',
    ),
  ).toBe('paragraph(a italic[bold[b]] c)');
});

test('notes as Word writes them stand where they are referred to', () => {
  const html =
    '<p>a<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a> b</p><div><hr><div id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> A <i>note</i></p></div></div>';
  expect(read(html)).toBe('paragraph(afootnote(A italic[note]) b)');
});

test('our own export comes back: headings, marks, notes, lists, tables', () => {
  const text = (words: string, ...types: string[]) => ({
    type: 'text',
    text: words,
    marks: types.map((type) => ({ type })),
  });
  const p = (...content: JSONContent[]) => ({ type: 'paragraph', content });
  const note = { type: 'footnote', content: [text('note')] };
  const content = [
    { type: 'heading', attrs: { level: 1 }, content: [text('Land')] },
    p(text('a '), text('b', 'bold'), note, text(' c')),
    { type: 'bulletList', content: [{ type: 'listItem', content: [p(text('d'))] }] },
    {
      type: 'table',
      content: [{ type: 'tableRow', content: [{ type: 'tableCell', attrs: { colspan: 2 }, content: [p(text('e'))] }] }],
    },
  ];
  const options = { fragment: false, numbered: false };
  const written = exportHtml(exportable({ type: 'doc', content }, options, { frontMatter: { title: 'Plan' } }));
  expect(importHtml(written).frontMatter.title).toBe('Plan');
  expect(read(written)).toBe(content.map(short).join(' '));
});

test('a table of contents that its headings lead back to is none of notes', () => {
  const html = '<ul><li><a href="#s" id="t">A</a></li></ul><div id="s"><h2><a href="#t">A</a></h2><p>text</p></div>';
  expect(read(html)).toBe('bulletList(listItem(paragraph(A))) heading(A) paragraph(text)');
});

test('what is no text is left out and told', () => {
  const { content, losses } = importHtml(
    '<p onclick="x">a <a href="javascript:alert(1)">b</a></p><script>c</script><img src="data:image/png;base64,x" alt="River"><iframe src="https://x"></iframe>',
  );
  expect(JSON.stringify(content)).not.toMatch(/javascript|onclick|data:/);
  expect(losses.map(({ example }) => example).sort()).toEqual(['<iframe>', '<script>', 'River']);
});

test.each(['<div>', '<b>', '<p><b>', '<table><td>', '<ul><li>', '<a href=#x id=x>', '<!--', '<sup id=a><a href=#a>'])(
  'thousands of %j are read or refused',
  (piece) => {
    try {
      schema.nodeFromJSON(importHtml(piece.repeat(1_500)).content).check();
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/too-large|invalid-document/) });
    }
  },
);
