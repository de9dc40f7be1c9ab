/** Reads the YAML block at the head of a Markdown file, as this and other programs write it, into a plan's front matter. */
import { parseDocument } from 'yaml';
import { type FrontMatter, frontMatterSchema } from '../../shared/schema/front-matter.ts';
import { Losses } from './losses.ts';

interface Head {
  frontMatter: FrontMatter;
  /** Whether the block named a title, even an empty one. */
  hasTitle: boolean;
  /** The text below the block. A block that is not YAML stays in it, as a code block, so that nothing is lost. */
  body: string;
}

/** Other names for our fields, as Pandoc, Jekyll, Hugo and Zettlr write them. */
const ALIASES: Record<string, keyof FrontMatter> = {
  author: 'authors',
  lang: 'language',
  license: 'licence',
  rights: 'licence',
  abstract: 'summary',
  description: 'summary',
  tags: 'keywords',
  location: 'place',
};

const LIMITS: Partial<Record<keyof FrontMatter, number>> = { summary: 20_000 };

export function readFrontMatter(text: string, losses = new Losses()): Head {
  const match = /^---[ \t]*\r?\n([\s\S]*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text);
  const nothing = { frontMatter: frontMatterSchema.parse({}), hasTitle: false, body: text };
  if (!match || match[1]!.length > 200_000) return nothing;
  const body = text.slice(match[0].length);
  const values = readYaml(match[1]!);
  if (values === 'broken') {
    losses.add('heads that are no YAML, kept as code', match[1]!);
    return { ...nothing, body: `\`\`\`\`yaml\n${match[1]}\n\`\`\`\`\n\n${body}` };
  }
  return values ? { frontMatter: frontMatterOf(values, losses), hasTitle: 'title' in values, body } : nothing;
}

/** Null where the block is no mapping: then its lines were rules and text. */
function readYaml(yaml: string): Record<string, unknown> | 'broken' | null {
  if (!/^[ \t]*["']?[\p{L}\p{N}_$][^\n]*?:(\s|$)/mu.test(yaml)) return yaml.trim() === '' ? {} : null;
  try {
    const document = parseDocument(yaml, { schema: 'core', uniqueKeys: false, logLevel: 'silent' });
    if (document.errors.length > 0) return 'broken';
    const value: unknown = document.toJS({ maxAliasCount: 50 });
    const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isMapping ? (value as Record<string, unknown>) : null;
  } catch (error) {
    // The library throws ReferenceError for too many aliases, RangeError for nesting beyond its stack.
    if (error instanceof ReferenceError || error instanceof RangeError || error instanceof TypeError) return 'broken';
    throw error;
  }
}

/** Each field for itself: one that is not valid takes its default, and costs no other. */
export function frontMatterOf(values: Record<string, unknown>, losses = new Losses()): FrontMatter {
  const named: Record<string, unknown> = {};
  const tell = (what: string, name: string) =>
    losses.add(what, `${name}: ${scalar(values[name] ?? named[name]) ?? ''}`);
  for (const [name, value] of Object.entries(values)) {
    const field = ALIASES[name.toLowerCase()];
    if (field && !(field in values)) named[field] = value;
    else if (!(name in frontMatterSchema.shape)) tell('fields of the head that a plan does not have', name);
  }
  Object.assign(named, values);
  const result: Record<string, unknown> = {};
  for (const [field, shape] of Object.entries(frontMatterSchema.shape)) {
    const fallback = shape.parse(undefined);
    const limit = LIMITS[field as keyof FrontMatter] ?? 500;
    const value = Array.isArray(fallback) ? entries(named[field]) : scalar(named[field])?.slice(0, limit);
    const parsed = shape.safeParse(value);
    result[field] = parsed.success ? parsed.data : fallback;
    if (!parsed.success && scalar(named[field])) tell('fields of the head whose value does not fit', field);
    else if (typeof value === 'string' && value.length < scalar(named[field])!.length) {
      tell('fields of the head that were too long, and are cut', field);
    }
  }
  return result as FrontMatter;
}

function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  // Several authors or places where one text is expected.
  return Array.isArray(value) ? value.map(scalar).filter(Boolean).join(', ') : undefined;
}

/** A list, or a text with commas or semicolons; people as Pandoc describes them, by `name`. Entries stand on one line each. */
function entries(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const items = Array.isArray(value) ? value : String(scalar(value) ?? '').split(/[;,]/);
  return items
    .map((item) => scalar(typeof item === 'object' && item !== null && 'name' in item ? item.name : item) ?? '')
    .map((item) => item.replace(/\s+/g, ' ').trim().slice(0, 500))
    .filter(Boolean)
    .slice(0, 200);
}
