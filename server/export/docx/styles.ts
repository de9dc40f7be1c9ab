/** How a plan looks in Word and LibreOffice: named styles, which whoever opens the file can change all at once. */
import { AlignmentType, type IPropertiesOptions, LevelFormat, LineRuleType } from 'docx';

type Styles = NonNullable<IPropertiesOptions['styles']>;
type Definition = NonNullable<IPropertiesOptions['numbering']>['config'][number];

/** Twips (twentieths of a point) that each level of a list is set in by. */
export const INDENT = 360;
/** A page in twips, and what is left of it between margins of an inch. */
export const PAPER = {
  a4: { width: 11_906, height: 16_838, text: 11_906 - 2880 },
  letter: { width: 12_240, height: 15_840, text: 12_240 - 2880 },
} as const;

const INK = '1B2123';
const ACCENT = '0F5461';
const QUIET = '5A6467';
const headingStyle = (size: number, before: number) => ({
  run: { bold: true, size, color: INK },
  paragraph: { spacing: { before, after: 120 }, keepNext: true, keepLines: true },
});

/** `language` is BCP 47. */
export function stylesIn(language: string): Styles {
  return {
    default: {
      document: {
        run: { font: 'Cambria', size: 22, language: { value: language, eastAsia: language, bidirectional: language } },
        paragraph: { spacing: { after: 140, line: 288, lineRule: LineRuleType.AUTO } },
      },
      title: { run: { bold: true, size: 48, color: INK }, paragraph: { spacing: { after: 120 } } },
      heading1: headingStyle(32, 400),
      heading2: headingStyle(27, 320),
      heading3: headingStyle(24, 260),
      heading4: headingStyle(22, 240),
      heading5: headingStyle(22, 200),
      heading6: headingStyle(22, 200),
      hyperlink: { run: { color: ACCENT, underline: {} } },
      caption: { run: { size: 19, color: QUIET }, paragraph: { spacing: { after: 240 } } },
      footnoteText: { run: { size: 19 }, paragraph: { spacing: { after: 40 } } },
    },
    paragraphStyles: [
      { id: 'Subtitle', name: 'Subtitle', basedOn: 'Normal', run: { size: 28, color: QUIET } },
      // Import, like other programs, tells by these names what stands above the text, and that a picture is only told of.
      { id: 'Author', name: 'Author', basedOn: 'Normal' },
      { id: 'Place', name: 'Place', basedOn: 'Normal' },
      { id: 'Abstract', name: 'Abstract', basedOn: 'Normal' },
      { id: 'ToldPicture', name: 'Told Picture', basedOn: 'Normal' },
      { id: 'Quote', name: 'Quote', basedOn: 'Normal', quickFormat: true, run: { italics: true, color: QUIET } },
      { id: 'ContentsTitle', name: 'Contents Title', basedOn: 'Normal', run: { bold: true, size: 28 } },
      {
        id: 'Code',
        name: 'Code',
        basedOn: 'Normal',
        quickFormat: true,
        run: { font: 'Consolas', size: 19, noProof: true },
        paragraph: { shading: { fill: 'F1F3F2' }, alignment: AlignmentType.LEFT },
      },
      {
        id: 'TableText',
        name: 'Table Text',
        basedOn: 'Normal',
        paragraph: { spacing: { after: 40, line: 252, lineRule: LineRuleType.AUTO } },
      },
      { id: 'TableHeader', name: 'Table Header', basedOn: 'TableText', run: { bold: true } },
      {
        id: 'About',
        name: 'About',
        basedOn: 'Normal',
        run: { size: 19, color: QUIET },
        paragraph: { spacing: { after: 40 } },
      },
    ],
    characterStyles: [
      { id: 'InlineCode', name: 'Inline Code', run: { font: 'Consolas', size: 20, noProof: true } },
      { id: 'Credit', name: 'Credit', run: { italics: true } },
    ],
  };
}

const FORMATS = {
  a: LevelFormat.LOWER_LETTER,
  A: LevelFormat.UPPER_LETTER,
  i: LevelFormat.LOWER_ROMAN,
  I: LevelFormat.UPPER_ROMAN,
} as const;
const LEVELS = [...Array(9).keys()];
const hanging = { style: { paragraph: { indent: { start: INDENT, hanging: INDENT } } } };

export const BULLETS: Definition = {
  reference: 'bullets',
  levels: LEVELS.map((level) => ({ level, format: LevelFormat.BULLET, text: '•◦▪'[level % 3]!, ...hanging })),
};

/** Headings: 1, 1.1, 1.1.1. */
export const HEADINGS: Definition = {
  reference: 'headings',
  levels: LEVELS.map((level) => ({
    level,
    format: LevelFormat.DECIMAL,
    text: LEVELS.slice(0, level + 1)
      .map((at) => `%${at + 1}`)
      .join('.'),
    style: { paragraph: { indent: { start: 0, hanging: 0 } } },
  })),
};

/** Lists that begin at `start` and count as HTML's `type` says. */
export function ordered(reference: string, start: number, numbering: string | undefined): Definition {
  const format = FORMATS[numbering as keyof typeof FORMATS] ?? LevelFormat.DECIMAL;
  return {
    reference,
    levels: LEVELS.map((level) => ({ level, format, text: `%${level + 1}.`, start, ...hanging })),
  };
}
