/** The formats a plan can be made from: what people call them, and how the names of such files end. */
export const IMPORT_FORMATS = {
  docx: { name: 'Word', endings: ['docx', 'docm', 'dotx'] },
  md: { name: 'Markdown', endings: ['md', 'markdown', 'mdown'] },
  html: { name: 'HTML', endings: ['html', 'htm', 'xhtml'] },
  wikitext: { name: 'MediaWiki text', endings: ['mediawiki', 'wikitext', 'wiki'] },
  json: { name: 'JSON of Commonplan', endings: ['json'] },
} as const satisfies Record<string, ImportFormatEntry>;

interface ImportFormatEntry {
  readonly name: string;
  /** Without the dot; the most usual one first. `.txt` is looked into. */
  readonly endings: readonly string[];
}

export type ImportFormat = keyof typeof IMPORT_FORMATS;

/** Characters of a text that are enough to tell what it is. */
const BEGINNING = 100_000;

/*
 * Servers and browsers ask these on the thread that serves and draws, of texts that anybody made: every pattern takes time that grows
 * with the text alone. So what stands in brackets holds no bracket that begins another.
 */

/** Whether a text that does not say what it is has headings between equals signs, links to pages or notes: Markdown has none of them. */
export function looksLikeWikitext(text: string): boolean {
  const beginning = text.slice(0, BEGINNING);
  return (
    /^(={1,6})[^=\n].*[^=\n]\1[ \t]*$/m.test(beginning) || /\[\[[^[\]|\n]+(?:\||\]\])|^\{\||<ref[\s>]/m.test(beginning)
  );
}

/** Whether a text is plainly meant as Markdown: one sign of it that nobody writes by chance, or two items of a list. */
export function looksLikeMarkdown(text: string): boolean {
  const beginning = text.slice(0, BEGINNING);
  return (
    /^#{1,6} \S|^(?:```|~~~)|^ {0,3}\[\^?[^[\]\n]+\]: ?\S|^> \S/m.test(beginning) ||
    /\*\*[^\s*][^*\n]*\*\*|\[[^[\]\n]*\]\((?:https?:|mailto:|#)|\[\^[^[\]\s]+\]/.test(beginning) ||
    (beginning.match(/^[ :|-]+$/gm)?.some(isDelimiterRow) ?? false) ||
    (beginning.match(/^[ \t]*(?:[-*+]|\d{1,3}[.)]) \S/gm)?.length ?? 0) > 1
  );
}

/** Below the head of a table: of nothing but dashes, pipes, colons and spaces, it has a pipe after dashes. */
const isDelimiterRow = (line: string): boolean => line.slice(0, Math.max(line.lastIndexOf('|'), 0)).includes('---');
