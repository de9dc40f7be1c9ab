/** Takes out of MediaWiki text what its parser reads before anything else: comments, notes, code, templates. */
import { type InlineReader, inlineHtml, stashLinks, stashTags } from './wikitext-inline.ts';
import { cleanAttributes, escapeHtml, escapeText } from './wikitext-stash.ts';

/** Characters that notes referred to again may add: one can be referred to a million times. */
const MAX_REPEATED = 1_000_000;
const EXTENSION =
  /<(nowiki|pre|syntaxhighlight|source|ref|references|math|gallery)((?:\s[^<>]*?)?)(?:\/>|>([\s\S]*?)<\/\1\s*>)|<(references|nowiki)\s*>/gi;

/** The text with pieces in their places. Notes stand where they are referred to. */
export function stashExtensions(source: string, reader: InlineReader): string {
  const { stash, losses } = reader;
  const named = new Map<string, string>();
  let allowance = MAX_REPEATED;
  const nameOf = (attributes: string) =>
    /\bname\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'/>]+))/i.exec(attributes)?.slice(1).find(Boolean);

  for (const [, tag, attributes = '', body = ''] of source.matchAll(EXTENSION)) {
    const inside = tag?.toLowerCase() === 'references' ? [...body.matchAll(EXTENSION)] : [];
    const notes = tag?.toLowerCase() === 'ref' ? [['', 'ref', attributes, body]] : inside;
    for (const [, , said = '', text = ''] of notes) {
      const name = nameOf(said);
      if (name && text.trim() && !named.has(name)) named.set(name, text);
    }
  }

  return source.replace(EXTENSION, (whole, tag: string | undefined, attributes: string, body = '', lone: string) => {
    switch ((tag ?? lone).toLowerCase()) {
      case 'nowiki':
        return stash.put(escapeText(body));
      case 'pre':
        return stash.put(`<pre>\n${escapeText(body.replace(/^\n/, '').replace(/<\/?nowiki>/g, ''))}</pre>`, 'block');
      case 'source':
      case 'syntaxhighlight': {
        const language = /\blang\s*=\s*["']?([\w+#.-]+)/i.exec(attributes)?.[1];
        const said = language ? ` class="language-${escapeHtml(language)}"` : '';
        return stash.put(`<pre><code${said}>${escapeHtml(body.replace(/^\n|\n$/g, ''))}</code></pre>`, 'block');
      }
      case 'math':
        losses.add('formulas, kept as their source', body);
        return stash.put(`<code>${escapeHtml(body)}</code>`);
      case 'gallery':
        losses.add('galleries, kept as their source', body);
        return stash.put(`<pre>\n${escapeHtml(body.trim())}</pre>`, 'block');
      case 'references':
        return '';
      default: {
        const name = nameOf(attributes);
        const text = body.trim() ? body : name ? (named.get(name) ?? '') : '';
        if (!body.trim()) allowance -= text.length;
        if (text.trim() === '' || allowance < 0) {
          losses.add('references to notes that are not in the file', whole);
          return stash.put(escapeText(whole));
        }
        const line = stashLinks(stashTags(stashTemplates(stashExtensions(text, reader), reader), reader), reader)
          .trim()
          .replace(/\s*\n\s*/g, ' ');
        return stash.put(`<sup data-footnote>${inlineHtml(line, reader)}</sup>`);
      }
    }
  });
}

const COMMENT =
  /(<(nowiki|pre|syntaxhighlight|source|math)(?:\s[^<>]*)?>[\s\S]*?<\/\2\s*>)|(?<=(?:^|\n)[ \t]*)<!--[\s\S]*?-->[ \t]*\n|<!--[\s\S]*?-->/gi;

/** Comments are for those who edit the wiki's page, but within code they are text. One that never ends is text, too. */
export const withoutComments = (source: string, { losses }: InlineReader): string =>
  source.replace(COMMENT, (found, code: string | undefined) => {
    if (code !== undefined) return code;
    const text = found.trim().slice(4, -3).trim();
    if (text) losses.add('comments, which readers of the wiki do not see', text);
    return '';
  });

/** `{{…}}`: those whose text is plain become that; what others would show only the wiki knows, so they stay as written. Linear. */
export function stashTemplates(source: string, reader: InlineReader): string {
  const open: number[] = [];
  const spans: [number, number][] = [];
  for (const { index, 0: sign } of source.matchAll(/\{\{|\}\}/g)) {
    if (sign === '{{') open.push(index);
    else if (open.length > 0) {
      const start = open.pop()!;
      if (open.length === 0) spans.push([start, index + 2]);
    }
  }
  let at = 0;
  let text = '';
  for (const [start, end] of spans) {
    text += source.slice(at, start) + template(source.slice(start, end), reader);
    at = end;
  }
  return text + source.slice(at);
}

function template(source: string, reader: InlineReader): string {
  const { stash, losses } = reader;
  const [name = '', ...values] = source
    .slice(2, -2)
    .split('|')
    .map((part) => part.trim());
  const isFlat = !source.slice(2).includes('{{');
  switch (isFlat ? name.toLowerCase().replace(/_/g, ' ') : '') {
    case '!':
      return '|';
    case '=':
      return '=';
    case '-':
    case 'clear':
    case 'reflist':
      return '';
    case 'lang':
      return `${stash.put(`<span${cleanAttributes(`lang="${values[0] ?? ''}"`)}>`)}${values.slice(1).join('|')}${stash.put('</span>')}`;
    case 'nowrap':
    case 'small':
      return values.join('|').replace(/^1=/, '');
    case 'quote':
    case 'blockquote': {
      const words = values.filter((value) => !/^\w+\s*=/.test(value) || /^(?:1|text)\s*=/.test(value));
      // Who said it, and where: wikis call these differently.
      const by = values.filter((value) => !words.includes(value));
      const lines = [...words, ...by].map((value) =>
        value.replace(/^(?:\d|text|author|source|sign|by|title)\s*=\s*/, ''),
      );
      return `${stash.put('<blockquote>', 'block')}\n${lines.join('\n\n')}\n${stash.put('</blockquote>', 'block')}`;
    }
    default:
      losses.add('templates, kept as their source: only the wiki knows what they show', source);
      return stash.put(escapeText(source).replace(/\n/g, '<br>'));
  }
}
