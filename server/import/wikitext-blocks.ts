/** Reads the lines of MediaWiki text (headings, lists, tables, paragraphs) into HTML. */
import { MAX_DEPTH } from '../export/tree.ts';
import { type InlineReader, inlineHtml } from './wikitext-inline.ts';
import { ANY_PIECE, BLOCK_PIECE, cleanAttributes } from './wikitext-stash.ts';

/** Tables within tables, and signs before a list's line, that are read as such: as many as are written. */
const MAX_NESTED = MAX_DEPTH;

const HEADING = /^(={1,6})(?!=*\s*$)(.+?)\1[ \t]*$/s;
const TABLE_START = /^[ \t:]*\{\|/;
const TABLE_END = /^[ \t]*\|\}/;

export function blocksHtml(text: string, reader: InlineReader, depth = 0): string {
  const lines = text.split('\n');
  const html: string[] = [];
  let paragraph: string[] = [];
  /** Whether a `<p>` that the text has itself is open. */
  let isInParagraph = false;

  const flush = () => {
    const inline = paragraph.join(' ').trim();
    paragraph = [];
    if (inline === '') return;
    const content = inlineHtml(inline, reader);
    const words = content === '<br>' ? '' : content;
    html.push(isInParagraph ? words : `<p>${words}</p>`);
  };

  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const heading = HEADING.exec(line.trimEnd());
    if (heading) {
      flush();
      const level = heading[1]!.length;
      if (level > 4)
        reader.losses.add('headings below the fourth level, now of the fourth', heading[2]!.replace(ANY_PIECE, ''));
      html.push(`<h${level}>${inlineHtml(heading[2]!.trim(), reader)}</h${level}>`);
    } else if (/^-{4,}/.test(line)) {
      flush();
      html.push('<hr>');
      paragraph.push(line.replace(/^-+/, ''));
    } else if (TABLE_START.test(line) && depth < MAX_NESTED) {
      flush();
      const end = tableEnd(lines, at);
      html.push(tableHtml(lines.slice(at, end), reader, depth));
      if (TABLE_END.test(lines[end] ?? '')) lines[end] = lines[end]!.replace(TABLE_END, '');
      at = end - 1;
    } else if (/^[*#:;]/.test(line)) {
      flush();
      let end = at;
      while (end < lines.length && /^[*#:;]/.test(lines[end]!) && !TABLE_START.test(lines[end]!)) end++;
      // A table that is indented too deep to be read as one is a line of the list.
      if (end === at) end++;
      html.push(listHtml(lines.slice(at, end).map(toItem), reader));
      at = end - 1;
    } else if (line.trim() === '') flush();
    else {
      for (const part of line.split(BLOCK_PIECE)) {
        if (!BLOCK_PIECE.test(part))
          paragraph.push(/^[ \t]/.test(line) && paragraph.length > 0 ? `${part.trim()}` : part.trim());
        else {
          flush();
          const piece = reader.stash.restore(part);
          isInParagraph = /^<p[\s>]/.test(piece);
          html.push(piece);
        }
      }
    }
  }
  flush();
  return html.join('\n');
}

interface Item {
  signs: string;
  text: string;
}

function toItem(line: string): Item {
  const signs = /^[*#:;]+/.exec(line)![0];
  return { signs: signs.slice(0, MAX_NESTED), text: line.slice(signs.length).trim() };
}

/** Lines of one list: the first sign says its kind, the signs after it which list of the item a line belongs to. */
function listHtml(items: Item[], reader: InlineReader): string {
  const html: string[] = [];
  for (let at = 0; at < items.length; ) {
    const kind = kindOf(items[at]!.signs);
    let end = at + 1;
    while (end < items.length && kindOf(items[end]!.signs) === kind) end++;
    html.push(kind === ':' ? indented(items.slice(at, end), reader) : ofKind(items.slice(at, end), kind, reader));
    at = end;
  }
  return html.join('');
}

const kindOf = (signs: string): string => (signs[0] === ';' ? ':' : signs[0]!);
const CHECKED = /^([☑☐])\s*/;

function ofKind(lines: Item[], kind: string, reader: InlineReader): string {
  const items: { text: string; inner: Item[] }[] = [];
  for (const { signs, text } of lines) {
    const current = items.at(-1);
    // A line that is deeper than nothing is an item of this list.
    if (signs.length === 1 || !current) items.push({ text, inner: [] });
    else current.inner.push({ signs: signs.slice(1), text });
  }
  const isTasks = kind === '*' && items.every(({ text }) => CHECKED.test(text));
  const read = items.map(({ text, inner }) => {
    const box = isTasks ? `<input type="checkbox"${text.startsWith('☑') ? ' checked' : ''}>` : '';
    const words = inlineHtml(isTasks ? text.replace(CHECKED, '') : text, reader);
    return `<li>${box}<p>${words}</p>${continued(inner, reader)}</li>`;
  });
  const tag = kind === '#' ? 'ol' : 'ul';
  return `<${tag}>${read.join('')}</${tag}>`;
}

/** Below an item, `*:` says another paragraph of it. */
function continued(lines: Item[], reader: InlineReader): string {
  const html: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const isParagraph = lines[at]!.signs === ':';
    let end = at + 1;
    while (end < lines.length && (lines[end]!.signs === ':') === isParagraph) end++;
    const part = lines.slice(at, end);
    html.push(
      isParagraph ? part.map(({ text }) => `<p>${inlineHtml(text, reader)}</p>`).join('') : listHtml(part, reader),
    );
    at = end;
  }
  return html.join('');
}

/** What is set in is a quotation here; a term (`;`) is bold, and stands above it. */
function indented(lines: Item[], reader: InlineReader): string {
  const html: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const { signs, text } = lines[at]!;
    if (signs === ';') {
      const [term, ...definition] = text.split(/\s:\s?/);
      html.push(`<p><b>${inlineHtml(term!, reader)}</b></p>`);
      if (definition.length > 0)
        html.push(`<blockquote><p>${inlineHtml(definition.join(' : '), reader)}</p></blockquote>`);
      at++;
      continue;
    }
    let end = at;
    const inner: string[] = [];
    while (end < lines.length && lines[end]!.signs !== ';') {
      const own = lines[end]!.signs;
      const rest = own.replace(/^[:;]+/, '');
      let last = end + 1;
      if (rest === '') inner.push(`<p>${inlineHtml(lines[end]!.text, reader)}</p>`);
      else {
        while (last < lines.length && /^[:;]+[*#]/.test(lines[last]!.signs)) last++;
        inner.push(
          listHtml(
            lines.slice(end, last).map((line) => ({ ...line, signs: line.signs.replace(/^[:;]+/, '') })),
            reader,
          ),
        );
      }
      end = last;
    }
    html.push(`<blockquote>${inner.join('')}</blockquote>`);
    at = end;
  }
  return html.join('');
}

/** The index of the line that ends the table, or of the one after the last. */
function tableEnd(lines: string[], start: number): number {
  let open = 0;
  for (let at = start; at < lines.length; at++) {
    if (TABLE_START.test(lines[at]!)) open++;
    else if (TABLE_END.test(lines[at]!) && --open === 0) return at;
  }
  return lines.length;
}

interface Cell {
  tag: 'td' | 'th';
  attributes: string;
  lines: string[];
}

function tableHtml(lines: string[], reader: InlineReader, depth: number): string {
  const rows: Cell[][] = [];
  let caption: string[] | null = null;
  let open: string[] | null = null;
  let inner = 0;
  for (const line of lines.slice(1)) {
    const start = line.trimStart();
    if (inner > 0 || TABLE_START.test(line)) {
      if (TABLE_START.test(line)) inner++;
      else if (TABLE_END.test(line)) inner--;
      if (!open) {
        open = [];
        lastRow(rows).push({ tag: 'td', attributes: '', lines: open });
      }
      open.push(line);
    } else if (start.startsWith('|-')) {
      rows.push([]);
      open = null;
    } else if (start.startsWith('|+')) {
      caption = [
        start
          .slice(2)
          .replace(/^[^|[]*=[^|[]*\|(?!\|)/, '')
          .trim(),
      ];
      open = caption;
    } else if (/^[|!]/.test(start)) {
      const isHeader = start.startsWith('!');
      for (const part of start.slice(1).split(isHeader ? /\|\||!!/ : '||')) {
        const [, attributes = '', content = ''] = /^(?:([^|[]*?)\|)?([\s\S]*)$/.exec(part)!;
        open = [content.trim()];
        lastRow(rows).push({ tag: isHeader ? 'th' : 'td', attributes: cleanAttributes(attributes), lines: open });
      }
    } else if (open) open.push(line);
    else if (line.trim()) {
      open = [line];
      lastRow(rows).push({ tag: 'td', attributes: '', lines: open });
    }
  }
  const body = rows
    .filter((row) => row.length > 0)
    .map(
      (row) =>
        `<tr>${row.map((cell) => `<${cell.tag}${cell.attributes}>${blocksHtml(cell.lines.join('\n'), reader, depth + 1)}</${cell.tag}>`).join('')}</tr>`,
    );
  const above = caption ? blocksHtml(caption.join('\n'), reader, depth + 1) : '';
  return body.length > 0 ? `${above}<table>${body.join('')}</table>` : above;
}

function lastRow(rows: Cell[][]): Cell[] {
  if (rows.length === 0) rows.push([]);
  return rows.at(-1)!;
}
