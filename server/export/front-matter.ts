/** Writes a plan's front matter as the YAML block at the head of a Markdown file. */
import { stringify } from 'yaml';
import { type FrontMatter, frontMatterSchema } from '../../shared/schema/front-matter.ts';

/**
 * The block with its fences and a final line feed. The title is always there, even empty, so that reading it back never looks for
 * one in the text; other fields are left out where they are empty by default. `compat` quotes words such as `no` (Norwegian),
 * which readers of YAML 1.1 take for false. `about`: lines of a comment above them, which readers leave out.
 */
export function writeFrontMatter(frontMatter: FrontMatter, about: readonly string[] = []): string {
  const defaults: Record<string, unknown> = frontMatterSchema.parse({});
  const fields = Object.entries(frontMatterSchema.parse(frontMatter)).filter(
    ([name, value]) => name === 'title' || !(isEmpty(value) && isEmpty(defaults[name])),
  );
  const yaml = stringify(Object.fromEntries(fields), { schema: 'core', compat: 'yaml-1.1', lineWidth: 0 });
  // Readers of YAML 1.1 end a comment at Unicode's separators, too: what a person called a version would be fields of the head.
  const comment = about.map((line) => `# ${line.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')}\n`).join('');
  return `---\n${comment}${yaml}---\n`;
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);
