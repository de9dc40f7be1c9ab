/** Reads MediaWiki text (https://www.mediawiki.org/wiki/Wikitext) into a plan, by way of HTML, as the wiki itself does. */
import { CommonplanError } from '../../shared/errors.ts';
import { frontMatterOf } from './front-matter.ts';
import { type Imported, readHtmlContent } from './html-content.ts';
import { Losses } from './losses.ts';
import { checkLines, checkText } from './text.ts';
import { blocksHtml } from './wikitext-blocks.ts';
import { stashExtensions, stashTemplates, withoutComments } from './wikitext-extensions.ts';
import { type InlineReader, stashLinks, stashTags } from './wikitext-inline.ts';
import { readOwn } from './wikitext-own.ts';
import { Stash, withoutSigns } from './wikitext-stash.ts';

/** Headings under which a page gathers its notes, in the languages of the P2P Foundation's wikis. */
const NOTES =
  'Notes|References|Footnotes|Noten|Voetnoten|Referenties|Notes et références|Références|Notas|Referencias|Referências|Anmerkungen|Einzelnachweise|Σημειώσεις';

/** What a page tells its wiki (https://www.mediawiki.org/wiki/Help:Magic_words#Behavior_switches); between other underscores there is text. */
const SWITCHES =
  /__(?:NOTOC|FORCETOC|TOC|NOEDITSECTION|NEWSECTIONLINK|NONEWSECTIONLINK|NOGALLERY|HIDDENCAT|EXPECTUNUSEDCATEGORY|EXPECTUNUSEDTEMPLATE|NOCONTENTCONVERT|NOCC|NOTITLECONVERT|NOTC|START|END|INDEX|NOINDEX|STATICREDIRECT|EXPECTWITHOUTSCANS|DISAMBIG|ARCHIVEDTALK|NOTALK)__/g;

/** `[[Category:…]]` of a stream, as the P2P Foundation's wiki names it. */
const STREAM_OF_CATEGORY: Record<string, 'cultures-politics' | 'open-coops' | 'circular-economy'> = {
  'P2P cultures and politics': 'cultures-politics',
  'Open coops and livelihoods': 'open-coops',
  'Open source circular economy': 'circular-economy',
};

/**
 * `wiki` is the address below which the pages of `[[links]]` are, such as https://wiki.p2pfoundation.net/; without it these become text.
 * What is not text of a plan is listed in `losses`; nothing is fetched. Throws `too-large`, `not-text` and `invalid-document`.
 */
export function importWikitext(source: string, { wiki = null }: { wiki?: string | null } = {}): Imported {
  const losses = new Losses();
  const reader: InlineReader = { stash: new Stash(), losses, wiki: wikiAddress(wiki), categories: new Set() };
  const text = withoutSigns(checkText(source));
  checkLines(text);
  const own = readOwn(text);
  const content = withoutNotesHeading(withoutComments(own?.text ?? text, reader));
  const pieces = stashTemplates(stashExtensions(content, reader), reader);
  const lines = stashLinks(stashTags(pieces, reader), reader).replace(SWITCHES, '');
  const html = blocksHtml(fromFirstLevel(lines), reader);
  const categories = [...reader.categories];
  const stream = categories.map((name) => STREAM_OF_CATEGORY[name]).find(Boolean) ?? null;
  const keywords = categories.filter((name) => !(name in STREAM_OF_CATEGORY));
  const frontMatter = own
    ? { ...own.frontMatter, stream: own.frontMatter.stream ?? stream }
    : frontMatterOf({ title: '', keywords, stream });
  return { frontMatter, content: readHtmlContent(html, losses), losses: losses.list() };
}

/** With its slash. Throws `invalid-request`. */
function wikiAddress(wiki: string | null): string | null {
  if (!wiki?.trim()) return null;
  const address = URL.parse(wiki.trim());
  if (!address || !/^https?:$/.test(address.protocol)) {
    throw new CommonplanError(
      'invalid-request',
      'Expected the address of the wiki to begin with https://, as in https://wiki.p2pfoundation.net/',
    );
  }
  return address.href.endsWith('/') ? address.href : `${address.href}/`;
}

/** The heading above `<references/>`: notes stand where they are referred to, so there is nothing left below it. */
const withoutNotesHeading = (text: string): string =>
  text.replace(new RegExp(`(^|\\n)=+\\s*(?:${NOTES})\\s*=+\\s*(?=<references|\\{\\{reflist)`, 'gi'), '$1');

const HEADING = /(?<![^\n])(={1,6})(?!=*\s*(?:\n|$))([^\n]+?)\1[ \t]*(?![^\n])/g;

/** A wiki's pages begin at the second level where their title is the first. */
function fromFirstLevel(text: string): string {
  const least = Math.min(...[...text.matchAll(HEADING)].map(([, signs]) => signs!.length));
  if (least === 1 || least === Number.POSITIVE_INFINITY) return text;
  return text.replace(HEADING, (_, signs: string, words: string) => {
    const fewer = signs.slice(least - 1);
    return `${fewer}${words}${fewer}`;
  });
}
