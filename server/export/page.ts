/** The shell of every HTML file that stands alone: its style is within it, and its policy lets it fetch and run nothing. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Element } from 'hast';
import { toHtml } from 'hast-util-to-html';
import { h } from './hast.ts';

const BASE = readFileSync(new URL('./page.css', import.meta.url), 'utf8');

export interface Page {
  readonly title: string;
  /** BCP 47, of the words that the page begins with. */
  readonly language: string;
  readonly direction?: 'ltr' | 'rtl';
  /** CSS that comes after that of every page. */
  readonly style: string;
  /** More of the head, such as who wrote it. */
  readonly head?: readonly Element[];
  readonly body: readonly (Element | null)[];
}

/** The file. Pictures may stand in it as data addresses, which are bytes and no requests. */
export function writePage({ title, language, direction, style, head = [], body }: Page): string {
  const css = `${BASE}${style}`;
  const hash = createHash('sha256').update(css).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const page = h('html', { lang: language, dir: direction }, [
    h('head', {}, [
      h('meta', { charSet: 'utf-8' }),
      h('meta', { httpEquiv: 'Content-Security-Policy', content: policy }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      ...head,
      h('title', {}, [title]),
      h('style', {}, [css]),
    ]),
    h('body', {}, body),
  ]);
  return `${toHtml({ type: 'root', children: [{ type: 'doctype' }, page] })}\n`;
}

/** ECMA-402 has it; TypeScript's library does not yet. */
type WithTextInfo = Intl.Locale & { getTextInfo(): { direction?: string } };

/** How a language is written; left to right where it is not known. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  try {
    const { direction } = (new Intl.Locale(language) as WithTextInfo).getTextInfo();
    return direction === 'rtl' ? 'rtl' : 'ltr';
  } catch {
    return 'ltr';
  }
}
