/** HTML of word processors: what Word, LibreOffice and Google Docs save, in short, and what it means. */
import type { JSONContent } from '@tiptap/core';
import { describe, expect, test } from 'vitest';
import { importHtml } from './html-file.ts';

const short = (node: JSONContent): string => {
  if (node.text !== undefined) return (node.marks ?? []).reduce((text, { type }) => `${type}[${text}]`, node.text);
  const inside = (node.content ?? []).map(short).join(' ');
  const name = { paragraph: '', listItem: 'li', bulletList: 'ul', orderedList: 'ol' }[node.type!] ?? node.type;
  const said = [node.attrs?.start > 1 && node.attrs?.start, node.attrs?.type].filter(Boolean).join(' ');
  return name ? `${name}${said && `<${said}>`}(${inside})` : inside;
};
const read = (html: string): string => importHtml(html).content.content!.map(short).join(' | ');
const told = (html: string): string[] => importHtml(html).losses.map(({ what, example }) => `${what}: ${example}`);

describe('Word', () => {
  const item = (sign: string, words: string, level = 1, list = 0) =>
    `<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l${list} level${level} lfo1'><![if !supportLists]><span lang=EN><span style='mso-list:Ignore'>${sign}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>${words}<o:p></o:p></p>\n`;

  test('writes lists as paragraphs with signs', () => {
    const html = `<p class=MsoNormal>a</p>${item('·', 'b')}${item('o', '<b>c</b>', 2)}${item('§', 'd', 3)}${item('·', 'e')}<p>f</p>${item('3.', 'g')}${item('iv)', 'h', 2)}${item('(b)', 'i', 2)}`;
    expect(read(item('2.', 'a') + item('3.', 'b'))).toBe('ol<2>(li(a) li(b))');
    expect(read(html)).toBe('a | ul(li(b ul(li(bold[c] ul(li(d))))) li(e)) | f | ol<3>(li(g ol<4 i>(li(h) li(i))))');
  });

  test('writes quotes as paragraphs of that class, notes at the end, remarks beside the text', () => {
    const html = `<p class=MsoQuote>a</p>\n<p class=MsoIntenseQuote>b</p><p class=MsoNormal>c<a style='mso-footnote-id:ftn1' href="file:///C:/x.htm#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a><span class=MsoCommentReference><a class=msocomanchor href="#_msocom_1">[A1]</a></span></p><p class=MsoToc1>c 1</p><div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> Note.</p></div></div><div style='mso-element:comment-list'><p>Really?</p></div>`;
    expect(read(html)).toBe('blockquote(a b) | c footnote(Note.)');
    expect(told(html)).toEqual([
      'comments, which stand beside the text: [A1]',
      'tables of contents, which every export makes anew: c 1',
    ]);
  });

  test('in the browser has a list for each item', () => {
    const wrapped = (tag: string, level: number, words: string, at = 1) =>
      `<div class="ListContainerWrapper"><${tag} role="list"><li data-aria-level="${level}" data-aria-posinset="${at}"><p>${words}</p></li></${tag}></div>`;
    expect(read(wrapped('ul', 1, 'a') + wrapped('ul', 2, 'b') + wrapped('ul', 1, 'c') + wrapped('ol', 1, 'd', 4))).toBe(
      'ul(li(a ul(li(b))) li(c)) | ol<4>(li(d))',
    );
  });
});

describe('LibreOffice', () => {
  test('goes on with a list after one that was inside of it', () => {
    const html =
      '<ol>\n<li><p>a</p>\n</ol>\n<ol>\n<ol type="a"><li value="1"><p>b</p></ol>\n</ol>\n<ol start="2"><li><p>c</p></ol>';
    expect(read(html)).toBe('ol(li(a ol<a>(li(b))) li(c))');
    expect(read('<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>')).toBe('ul(li(a ul(li(b))) li(c))');
    expect(read('<ol><li>a</ol><ol><ol><li>b</ol></ol><ol><ol><ol><li>c</ol></ol></ol><ol start=2><li>d</ol>')).toBe(
      'ol(li(a ol(li(b ol(li(c))))) li(d))',
    );
    expect(read('<ul><ul><li>b</li></ul></ul>')).toBe('ul(li( ul(li(b))))');
  });
});

describe('Google Docs', () => {
  test('says by classes what words look like, and how deep a list is', () => {
    const html = `<style>.c0{font-weight:700}.c1{font-style:italic;text-decoration:underline}ol.x{}.c2{font-weight:400}</style><h1><span class="c0">Land</span></h1><h1>x</h1><p><span class="c0">a</span><span class="c1">b</span><span class="c1"><a href="https://www.google.com/url?q=https://a.org/%23b&amp;sa=D">c</a></span><span class="c2">d</span></p><ul class="c9 lst-kix_z-0 start"><li>e</li></ul><ul class="lst-kix_z-1"><li>f</li></ul><ul class="lst-kix_z-0"><li>g</li></ul><ol class="lst-kix_y-0" start="2"><li>h</li></ol>`;
    expect(read(html)).toBe(
      'heading(Land) | heading(x) | bold[a] underline[italic[b]] italic[link[c]] d | ul(li(e ul(li(f))) li(g)) | ol<2>(li(h))',
    );
    expect(JSON.stringify(importHtml(html).content)).toContain('"href":"https://a.org/#b"');
  });

  test('has notes and remarks at the end', () => {
    const html =
      '<p>a<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p><hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a> Note.</p></div><div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a>Really?</p></div>';
    expect(read(html)).toBe('a footnote(Note.)');
    expect(told(html)).toEqual(['comments, which stand beside the text: [a]']);
  });
});
