import type { JSONContent } from '@tiptap/core';
import { describe, expect, it } from 'vitest';
import { importMarkdown } from './markdown.ts';

const textOf = (content: JSONContent): string => content.text ?? (content.content ?? []).map(textOf).join('');

describe('front matter', () => {
  const types = (markdown: string) => importMarkdown(markdown).content.content?.map(({ type }) => type);
  const read = (yaml: string) => importMarkdown(`---\n${yaml}\n---\n\ntext`);

  it('may have the names and forms that other programs give it', () => {
    const { frontMatter } = read(
      'title: A\nauthor:\n  - name: Ann Lee\n    affiliation: X\n  - Bo\nlang: nl\nlicense: CC0-1.0\nabstract: S\ntags: a, b\ndate: 2017-06-01\nunknown: {x: [1]}',
    );
    expect(frontMatter).toMatchObject({
      title: 'A',
      authors: ['Ann Lee', 'Bo'],
      language: 'nl',
      licence: 'CC0-1.0',
      summary: 'S',
      keywords: ['a', 'b'],
    });
  });

  it('costs only the fields that are not valid', () => {
    const { frontMatter } = read(
      `title: ${'x'.repeat(900)}\nstatus: finished\nstream: [open-coops]\nlanguage: "not a language"\nplace: 9000\nsubtitle: kept`,
    );
    expect(frontMatter).toMatchObject({
      status: 'draft',
      stream: 'open-coops',
      language: 'en',
      place: '9000',
      subtitle: 'kept',
    });
    expect(frontMatter.title).toHaveLength(500);
  });

  it('stays in the text where it cannot be read, and is no front matter where it is no mapping', () => {
    for (const yaml of ['title: "open', 'a: &a [x]\nb: [*a,*a,*a]\nc: *missing', `title: ${'['.repeat(9000)}`]) {
      const { content } = read(yaml);
      expect(content.content?.[0]).toMatchObject({ type: 'codeBlock', attrs: { language: 'yaml' } });
      expect(textOf(content)).toContain('text');
    }
    expect(types('---\n\ntext\n\n---\n\nmore')).toEqual(['horizontalRule', 'paragraph', 'horizontalRule', 'paragraph']);
    expect(types('---\n---\n\ntext')).toEqual(['paragraph']);
  });

  it('does not unfold an alias bomb', () => {
    const bomb = Array.from(
      { length: 9 },
      (_, level) =>
        `k${level}: &k${level} [${Array(9)
          .fill(level ? `*k${level - 1}` : 'x')
          .join(', ')}]`,
    );
    expect(read(`${bomb.join('\n')}\ntitle: *k8`).content.content?.[0]?.type).toBe('codeBlock');
  });

  it('may be preceded by a byte order mark and end its lines as on Windows', () => {
    expect(importMarkdown('\uFEFF---\r\ntitle: A\r\n---\r\n\r\ntext\r\nmore').frontMatter.title).toBe('A');
  });
});
