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
