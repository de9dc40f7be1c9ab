/** Reads attributes of foreign text into those of the schema: what is not valid there is not said. */
import type { JSONContent } from '@tiptap/core';
import * as check from '../../shared/schema/attributes.ts';
import { safeImageUrl, safeUrl } from '../../shared/schema/safe-url.ts';
import type { Mark } from './inline.ts';

export interface Language {
  lang: string | null;
  dir: 'ltr' | 'rtl' | null;
}

export function languageOf(attributes: { lang?: unknown; dir?: unknown }): Language {
  return {
    lang: check.validOr<string | null>(check.language, attributes.lang ?? null, null),
    dir: check.validOr<'ltr' | 'rtl' | null>(check.direction, attributes.dir ?? null, null),
  };
}

/** Says the language of all textblocks within that say none themselves. */
export function inLanguage(blocks: JSONContent[], { lang, dir }: Language): JSONContent[] {
  if (!lang && !dir) return blocks;
  return blocks.map((block) => {
    if (block.type === 'paragraph' || block.type === 'heading' || block.type === 'figure') {
      return { ...block, attrs: { ...block.attrs, lang: block.attrs?.lang ?? lang, dir: block.attrs?.dir ?? dir } };
    }
    return block.content && block.type !== 'codeBlock'
      ? { ...block, content: inLanguage(block.content, { lang, dir }) }
      : block;
  });
}

const oneLine = (text: string): string => text.replace(/\r\n?|\n/g, ' ');

/** Null where the address is not safe: the text then stays, without the link. */
export function linkMark(url: unknown, title: string | null | undefined): Mark | null {
  const href = safeUrl(url);
  return href === null ? null : { type: 'link', attrs: { href, title: oneLine(title ?? '').slice(0, 1000) || null } };
}

/** A picture from an address that is not safe, or from none, is one not chosen yet; its description stays. */
export function figure(
  url: unknown,
  alt: string,
  credit: string,
  caption: JSONContent[],
  { decorative = false }: { decorative?: boolean } = {},
): JSONContent {
  return {
    type: 'figure',
    attrs: {
      src: safeImageUrl(url),
      alt: oneLine(alt).slice(0, 5000),
      decorative: decorative && alt === '',
      credit: oneLine(credit).slice(0, 1000),
    },
    ...(caption.length > 0 ? { content: caption } : {}),
  };
}

export const codeLanguage = (name: unknown): string | null => check.validOr(check.codeLanguage, name || null, null);

/** A whole number within the bounds, the nearest bound if outside them, or `fallback` if it is no number. */
export function clamped(value: unknown, least: number, most: number, fallback: number): number {
  const number = Math.trunc(Number(value));
  return value === null || value === undefined || Number.isNaN(number)
    ? fallback
    : Math.min(Math.max(number, least), most);
}
