/** What the named styles of a Word file say: which paragraphs are headings, quotes, code, captions, and how words are set. */
import { child, flagOf, saidBy, type Xml } from './xml.ts';

/** What a paragraph is. Looks alone (large, bold, red) say nothing. */
export type Role =
  | { readonly kind: 'heading'; readonly level: number }
  | {
      readonly kind:
        | 'title'
        | 'subtitle'
        | 'author'
        | 'place'
        | 'abstract'
        | 'about'
        | 'quote'
        | 'code'
        | 'caption'
        | 'contents'
        | 'header-cell'
        | 'told-picture'
        | 'continuation';
    };

/** How words are set; undefined where nothing is said. */
export interface Format {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly highlight?: boolean;
  readonly position?: 'sub' | 'sup' | null;
  readonly code?: boolean;
  /** Of a picture: who made it. */
  readonly credit?: boolean;
  readonly hidden?: boolean;
  readonly rtl?: boolean;
  readonly lang?: string;
  /** For words written from right to left. */
  readonly rtlLang?: string;
}

export interface ParagraphStyle {
  readonly role: Role | null;
  /** `w:pPr` of the style and of those it is based on, nearest first. */
  readonly properties: readonly Xml[];
  /** Ids, in the same order. */
  readonly ids: readonly string[];
  /** Of `w:rPr`, in all of them. */
  readonly format: Format;
}

export interface Styles {
  /** Undefined id: the default paragraph style. */
  paragraph(id: string | undefined): ParagraphStyle;
  run(id: string | undefined): Format;
  /** Whether the style of a table sets its first row apart. */
  hasFirstRow(tableStyle: string | undefined): boolean;
}

/**
 * Word keeps the English names of its own styles in every language; other programs, converters and people write their own. The first
 * that fits counts.
 */
const ROLES: readonly (readonly [name: RegExp, kind: Exclude<Role['kind'], 'heading'>])[] = [
  [/^(?:toc|contents|table of (?:figures|authorities)|index)(?: ?\d| heading| title)?$/, 'contents'],
  [/^(?:title|titel|titre|título|titolo|tytuł|otsikko|τίτλος|название|标题|標題|表題|제목)$/, 'title'],
  [
    /^(?:subtitle|untertitel|ondertitel|sous-titre|subtítulo|sottotitolo|υπότιτλος|подзаголовок|副标题|副題)$/,
    'subtitle',
  ],
  [/^authors?$/, 'author'],
  [/^place$/, 'place'],
  [/^abstract$/, 'abstract'],
  [/^about$/, 'about'],
  [
    /^(?:(?:intense )?quote|block ?text|quotations?|block ?quot(?:e|ation)|citation(?: intense)?|citat|citaat|zitat|cita|citazione|citação|παράθεση|цитата|引用)$/,
    'quote',
  ],
  [/^(?:source ?code|code(?: ?block)?|preformatted(?: text)?|html preformatted|macro text|listing)$/, 'code'],
  [
    /^(?:(?:(?:image|table|figure) )?caption|beschriftung|bijschrift|légende|didascalia|leyenda|legenda|λεζάντα|illustration|figure|abbildung)$/,
    'caption',
  ],
  [/^table head(?:er|ing)$/, 'header-cell'],
  [/^told picture$/, 'told-picture'],
  [/^list (?:paragraph|continue(?: \d)?)$/, 'continuation'],
];
const HEADING =
  /^(?:heading|überschrift|titre|kop|título|titolo|nagłówek|rubrik|overskrift|otsikko|επικεφαλίδα|заголовок|標題|标题|見出し|제목|عنوان)\s*([1-9])$/;
const CODE_WORDS =
  /^(?:source text|teletype|inline ?code|verbatim(?: char)?|code(?: char)?|html (?:code|typewriter|keyboard|sample))$/;

export function readStyles(root: Xml | null): Styles {
  const styles = new Map<string, Xml>();
  const defaults = new Map<string, string>();
  for (const style of root?.children ?? []) {
    const { 'w:styleId': id, 'w:type': type = '' } = style.attributes;
    if (style.name !== 'w:style' || id === undefined) continue;
    // Where an id is given twice, the first counts (17.7.4.17).
    const key = `${type} ${id}`;
    if (!styles.has(key)) styles.set(key, style);
    if (/^(?:1|true|on)$/.test(style.attributes['w:default'] ?? '')) defaults.set(type, id);
  }
  const general = formatOf(child(child(child(root ?? undefined, 'w:docDefaults'), 'w:rPrDefault'), 'w:rPr'));

  /** The style and those it is based on; a circle of them ends where it closes. */
  function chain(type: string, id: string | undefined): Xml[] {
    const found: Xml[] = [];
    for (let at = id; at !== undefined; ) {
      const style = styles.get(`${type} ${at}`);
      if (!style || found.includes(style)) break;
      found.push(style);
      at = saidBy(style, 'w:basedOn');
    }
    return found;
  }

  const paragraphs = new Map<string | undefined, ParagraphStyle>();
  const runs = new Map<string | undefined, Format>();
  return {
    paragraph(id) {
      let style = paragraphs.get(id);
      if (!style) {
        const named = chain('paragraph', id ?? defaults.get('paragraph'));
        style = {
          role: roleOf(named, id),
          properties: named.flatMap((each) => child(each, 'w:pPr') ?? []),
          ids: named.map((each) => each.attributes['w:styleId']!),
          format: merged([...named.map((each) => formatOf(child(each, 'w:rPr'))), general]),
        };
        paragraphs.set(id, style);
      }
      return style;
    },
    run(id) {
      let format = runs.get(id);
      if (!format) {
        const named = chain('character', id);
        const names = named.map(nameOf);
        const credit = names.includes('credit');
        const code = names.some((name) => CODE_WORDS.test(name)) || (!named.length && CODE_WORDS.test(id ?? ''));
        // What a link looks like is no formatting that somebody chose.
        const isLink = names.some((name) =>
          /^(?:hyperlink|internet link|followedhyperlink|visited internet link)$/.test(name),
        );
        const { underline, ...others } = merged(named.map((each) => formatOf(child(each, 'w:rPr'))));
        format = {
          ...others,
          ...(underline !== undefined && !isLink && { underline }),
          ...(code && { code }),
          ...(credit && { credit }),
        };
        runs.set(id, format);
      }
      return format;
    },
    hasFirstRow: (id) =>
      chain('table', id).some((style) =>
        style.children.some((each) => each.name === 'w:tblStylePr' && each.attributes['w:type'] === 'firstRow'),
      ),
  };
}

const nameOf = (style: Xml): string =>
  (saidBy(style, 'w:name') ?? style.attributes['w:styleId'] ?? '').trim().toLowerCase();

/** Of the nearest style that has one. A style that is not in the file may still be called `Heading1`. */
function roleOf(styles: readonly Xml[], id: string | undefined): Role | null {
  for (const style of styles) {
    const name = nameOf(style);
    const kind = ROLES.find(([pattern]) => pattern.test(name))?.[1];
    if (kind) return { kind };
    const level = HEADING.exec(name)?.[1];
    if (level) return { kind: 'heading', level: Number(level) };
    const outline = outlineLevel(child(style, 'w:pPr'));
    if (outline !== undefined) return outline;
  }
  const level = styles.length === 0 ? HEADING.exec((id ?? '').toLowerCase())?.[1] : undefined;
  return level ? { kind: 'heading', level: Number(level) } : null;
}

/** 0 to 8 are headings, 9 is text; undefined where nothing is said. */
export function outlineLevel(properties: Xml | undefined): Role | null | undefined {
  const value = saidBy(properties, 'w:outlineLvl');
  if (value === undefined || !/^\d$/.test(value)) return undefined;
  return value === '9' ? null : { kind: 'heading', level: Number(value) + 1 };
}

/** What `w:rPr` says. */
export function formatOf(properties: Xml | undefined): Format {
  if (!properties) return {};
  const of = <Key extends keyof Format>(key: Key, value: Format[Key] | undefined) =>
    value === undefined ? {} : { [key]: value };
  const underline = child(properties, 'w:u')?.attributes['w:val'];
  const position = saidBy(properties, 'w:vertAlign');
  const marker = saidBy(properties, 'w:highlight');
  const fill = child(properties, 'w:shd')?.attributes['w:fill'];
  const language = child(properties, 'w:lang')?.attributes;
  return {
    ...of('bold', flagOf(properties, 'w:b')),
    ...of('italic', flagOf(properties, 'w:i')),
    ...of('strike', flagOf(properties, 'w:strike') ?? flagOf(properties, 'w:dstrike')),
    ...of('hidden', flagOf(properties, 'w:vanish')),
    ...of('rtl', flagOf(properties, 'w:rtl')),
    ...of('underline', underline === undefined ? undefined : underline !== 'none'),
    ...of('position', POSITIONS[position ?? '']),
    // Other programs than Word colour the ground instead; white is no colour there.
    ...of('highlight', marker ? marker !== 'none' : fill ? !/^(?:auto|f{6}|f{3})$/i.test(fill) : undefined),
    ...of('lang', language?.['w:val']),
    ...of('rtlLang', language?.['w:bidi']),
  };
}

const POSITIONS: Readonly<Record<string, 'sub' | 'sup' | null>> = {
  superscript: 'sup',
  subscript: 'sub',
  baseline: null,
};

/** The first that says something counts. */
export const merged = (formats: readonly Format[]): Format => Object.assign({}, ...[...formats].reverse());
