/** What our own export to MediaWiki text puts around a plan's text: read back into front matter, and taken away. */

import { FRONT_MATTER_FIELDS, type FrontMatter, frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { FIELD_LABEL } from '../../shared/schema/front-matter-labels.ts';
import { frontMatterOf } from './front-matter.ts';

/** `text` is the plan's own. Null where the export did not write the file: it begins with a comment that names the page. */
export function readOwn(source: string): { frontMatter: FrontMatter; text: string } | null {
  const comment = /^<!--\nPage: ([^\n]*)\n([\s\S]*?)-->\n*/.exec(source);
  if (!comment) return null;
  const [head, title, fields] = comment;
  const said: Record<string, unknown> = { title: unescaped(title!) };
  for (const line of fields!.split('\n')) {
    const [, label, written] = /^([A-Z]\w+): ([^\n]*)$/.exec(line) ?? [];
    const field = FRONT_MATTER_FIELDS.find((name) => FIELD_LABEL[name] === label);
    if (!field || written === undefined) continue;
    const value = unescaped(written);
    // Lists, and a text of several lines, are said line by line.
    if (Array.isArray(DEFAULTS[field])) said[field] = [...((said[field] as string[] | undefined) ?? []), value];
    else said[field] = said[field] === undefined ? value : `${said[field]}\n\n${value}`;
  }
  const text = source.slice(head.length).replace(/^<div class="plan-front-matter"[^>]*>\n[\s\S]*?\n<\/div>\n*/, '');
  return { frontMatter: frontMatterOf(said), text: withoutWrapper(withoutVersion(text)) };
}

const unescaped = (line: string): string =>
  line.replace(/&#(38|45|62);/g, (_, code: string) => String.fromCodePoint(Number(code)));

/** What the file says of itself, below the text. */
function withoutVersion(text: string): string {
  const start = text.lastIndexOf('<div class="plan-version"');
  const end = text.indexOf('\n</div>', start);
  return start >= 0 && end >= 0 ? text.slice(0, start) + text.slice(end + 7) : text;
}

const DEFAULTS = frontMatterSchema.parse({});

/** The element that says the plan's language. */
function withoutWrapper(text: string): string {
  const start = /^<div class="plan"[^>]*>\n*/.exec(text);
  const end = text.lastIndexOf('\n</div>');
  return start && end >= start[0].length - 1 ? text.slice(start[0].length, end) + text.slice(end + 7) : text;
}
