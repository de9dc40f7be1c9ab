/** The templates that a new plan can begin with: Markdown files in shared/templates, with prompts for the writer. */
import { readdirSync, readFileSync } from 'node:fs';
import type { JSONContent } from '@tiptap/core';
import type { Template } from '../../shared/api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import type { FrontMatter } from '../../shared/schema/front-matter.ts';
import { readFrontMatter } from './front-matter.ts';
import { importMarkdown } from './markdown.ts';

const FOLDER = new URL('../../shared/templates/', import.meta.url);

const textOf = (id: string): string => readFileSync(new URL(`${id}.md`, FOLDER), 'utf8');

const ids = (): string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length))
    .sort();

/** In the order of their file names. Title and description are those of the file's front matter. */
export function listTemplates(): Template[] {
  return ids().map((id) => {
    const { title, summary, language } = readFrontMatter(textOf(id)).frontMatter;
    return { id, title, description: summary, language };
  });
}

/**
 * The template's title, and what a plan made from it starts with. Title and summary of that are empty: those in the file describe the template, and the
 * plan's own are its writers' to find. Throws `not-found`.
 */
export function readTemplate(id: string): { title: string; frontMatter: FrontMatter; content: JSONContent } {
  if (!ids().includes(id)) throw new CommonplanError('not-found', `There is no template "${id}".`);
  const { frontMatter, content } = importMarkdown(textOf(id), { prompts: true });
  return { title: frontMatter.title, frontMatter: { ...frontMatter, title: '', summary: '' }, content };
}
