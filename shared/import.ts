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

/** Whether a text that does not say what it is has headings between equals signs, links to pages or notes: Markdown has none of them. */
export const looksLikeWikitext = (text: string): boolean =>
  /^(={1,6})[^=\n].*[^=\n]\1[ \t]*$/m.test(text) || /\[\[[^\]\n]+\]\]|^\{\||<ref[\s>]/m.test(text);

/** Whether a text is plainly meant as Markdown: one sign of it that nobody writes by chance, or two items of a list. */
export const looksLikeMarkdown = (text: string): boolean =>
  /^#{1,6} \S|^(?:```|~~~)|^ {0,3}\[\^?[^\]\n]+\]: ?\S|^\|?[ :|-]*-{3,}[ :|-]*\|[ :|-]*$|^> \S/m.test(text) ||
  /\*\*[^\s*][^*\n]*\*\*|!?\[[^\]\n]*\]\((?:https?:|mailto:|#)[^)\s]*\)|\[\^[^\]\s]+\]/.test(text) ||
  (text.match(/^[ \t]*(?:[-*+]|\d{1,3}[.)]) \S/gm)?.length ?? 0) > 1;
