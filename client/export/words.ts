/** What the interface says of export formats and their options. */

interface FormatWords {
  readonly name: string;
  /** What the format is for, in one line. */
  readonly use: string;
}

export const FORMAT_WORDS: Readonly<Record<'pdf' | 'docx' | 'html' | 'wikitext' | 'md' | 'json', FormatWords>> = {
  pdf: { name: 'PDF', use: 'To print, hand in and keep.' },
  docx: { name: 'Word (DOCX)', use: 'For Word, LibreOffice and others.' },
  html: { name: 'Web page (HTML)', use: 'For a site: a page, or text to paste.' },
  wikitext: { name: 'Wiki text (MediaWiki)', use: 'To paste into a page of a wiki.' },
  md: { name: 'Markdown', use: 'To edit in other programs.' },
  json: { name: 'JSON', use: 'For programs, and to check hashes.' },
};

/** An option with its choices, the usual one first; without them it is yes (as usual) or no. */
interface OptionWords {
  readonly label: string;
  readonly choices?: Readonly<Record<string, string>>;
}

/** By their names in shared/export.ts. What is not here is not asked for. */
export const OPTION_WORDS: Readonly<Record<string, OptionWords>> = {
  paper: { label: 'Paper', choices: { a4: 'A4', letter: 'US Letter' } },
  design: { label: 'Design', choices: { report: 'Report', charter: 'Charter' } },
  fragment: { label: 'Extent', choices: { false: 'A whole page', true: 'Only the text, to paste into a site' } },
  numbered: { label: 'Number the headings' },
};
