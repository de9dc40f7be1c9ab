/** What a text's letters say about how it is set: its direction, and whose forms its Chinese characters take. */
import type { Direction, EasternFont } from './page-document.ts';

const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\u200f]/u;
const STRONG = /[\p{L}\u200e\u200f]/u;
const RIGHT_TO_LEFT_LANGUAGES = new Set('ar dv fa he ks ku-arab nqo ps sd syr ug ur yi'.split(' '));

/** By the first letter that has a direction, as in the Unicode bidirectional algorithm (UAX #9, P2); null: no letters. */
export function directionOfText(text: string): Direction | null {
  const first = STRONG.exec(text)?.[0];
  if (first === undefined) return null;
  return RIGHT_TO_LEFT.test(first) ? 'rtl' : 'ltr';
}

/** `language` is a BCP 47 tag. */
export const directionOfLanguage = (language: string): Direction =>
  RIGHT_TO_LEFT_LANGUAGES.has(language.toLowerCase().split('-')[0]!) ? 'rtl' : 'ltr';

/** Null: no letters that these languages share, so it does not matter. */
export function easternFont(text: string, language: string): EasternFont | null {
  if (
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u.test(text)
  ) {
    return null;
  }
  const named = easternFontOfLanguage(language);
  if (named) return named;
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'jp';
  return /\p{Script=Hangul}/u.test(text) ? 'kr' : null;
}

export function easternFontOfLanguage(language: string): EasternFont | null {
  return ({ zh: 'sc', ja: 'jp', ko: 'kr' } as const)[language.toLowerCase().split('-')[0] as 'zh'] ?? null;
}

/** Typst knows languages by two or three letters and regions by two. */
export function typstLanguage(tag: string): { lang: string; region: string | null } {
  const [language = '', ...rest] = tag.split('-');
  const lang = language.toLowerCase();
  const region = rest.find((part) => /^[a-z]{2}$/i.test(part))?.toUpperCase() ?? null;
  return /^[a-z]{2,3}$/.test(lang) ? { lang, region } : { lang: 'en', region: null };
}
