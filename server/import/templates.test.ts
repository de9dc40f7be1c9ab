import type { JSONContent } from '@tiptap/core';
import { describe, expect, it } from 'vitest';
import { exportMarkdown } from '../export/markdown.ts';
import { listTemplates, readTemplate } from './templates.ts';

const blocks = (node: JSONContent): JSONContent[] => [node, ...(node.content ?? []).flatMap(blocks)];
const prompts = (content: JSONContent): string[] => blocks(content).flatMap((node) => node.attrs?.prompt ?? []);

describe('templates', () => {
  it('say in the list what they are for', () => {
    const templates = listTemplates();
    expect(templates.map(({ id }) => id)).toEqual(['city-transition-plan', 'social-charter']);
    for (const { title, description, language } of templates) {
      expect(title).not.toBe('');
      expect(description.length).toBeGreaterThan(40);
      expect(language).toBe('en');
    }
  });

  it('ask their writer questions that never reach an export', () => {
    for (const { id } of listTemplates()) {
      const { frontMatter, content } = readTemplate(id);
      const asked = prompts(content);
      expect(asked.length).toBeGreaterThan(20);
      expect(JSON.stringify(content)).not.toContain('<!--');
      const written = exportMarkdown(content, frontMatter);
      for (const prompt of asked) expect(written).not.toContain(prompt);
      expect(written).not.toMatch(/prompt|<!-- [^-]/);
    }
  });

  it('ask in paragraphs, list items, tasks and cells alike', () => {
    const { content } = readTemplate('city-transition-plan');
    const parents = blocks(content).filter((node) => node.content?.some((child) => child.attrs?.prompt));
    expect([...new Set(parents.map(({ type }) => type))].sort()).toEqual(['doc', 'listItem', 'tableCell', 'taskItem']);
  });

  it('leave title and summary to the plan', () => {
    const { frontMatter } = readTemplate('social-charter');
    expect(frontMatter).toMatchObject({ title: '', summary: '', language: 'en', stream: 'cultures-politics' });
  });

  it('are only those of the folder', () => {
    for (const id of ['nothing', '../../package', '', '__proto__']) {
      expect(() => readTemplate(id)).toThrow(expect.objectContaining({ code: 'not-found' }));
    }
  });
});
