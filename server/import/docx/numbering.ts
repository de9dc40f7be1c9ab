/** What the lists of a Word file count with: each numbered paragraph names a definition and a level in it. */
import { child, saidBy, type Xml } from './xml.ts';

export interface ListLevel {
  /** Of the definition: lists of one definition count on together (17.9.18), */
  readonly key: string;
  /** unless the paragraph is the first of this name, where there is one: then they begin anew. */
  readonly restart: string | null;
  readonly level: number;
  /** `none`: the paragraph goes on where an item above it ended. */
  readonly kind: 'ordered' | 'bullet' | 'none';
  /** As HTML's `type`; null: 1, 2, 3. */
  readonly type: 'a' | 'A' | 'i' | 'I' | null;
  readonly start: number;
  /** Twips that the text is set in by; null: not said. */
  readonly indent: number | null;
}

export interface Numbering {
  /** Null where the definition has no such level, or there is none. */
  level(numId: string, level: number): ListLevel | null;
  /** The level that belongs to a paragraph style in a definition. */
  levelOfStyle(numId: string, styleIds: readonly string[]): number | null;
}

const TYPES: Readonly<Record<string, ListLevel['type']>> = {
  lowerLetter: 'a',
  upperLetter: 'A',
  lowerRoman: 'i',
  upperRoman: 'I',
};

/** `styles` is where definitions are that a named list style holds. */
export function readNumbering(root: Xml | null, styles: Xml | null): Numbering {
  const abstracts = new Map<string, Xml>();
  const numbers = new Map<string, Xml>();
  for (const each of root?.children ?? []) {
    if (each.name === 'w:abstractNum') abstracts.set(each.attributes['w:abstractNumId'] ?? '', each);
    else if (each.name === 'w:num') numbers.set(each.attributes['w:numId'] ?? '', each);
  }

  function definitionOf(numId: string, seen: readonly string[] = []): { abstract: Xml; id: string } | null {
    const id = saidBy(numbers.get(numId), 'w:abstractNumId') ?? '';
    const abstract = abstracts.get(id);
    const linked = saidBy(abstract, 'w:numStyleLink');
    if (!abstract || linked === undefined) return abstract ? { abstract, id } : null;
    const style = styles?.children.find((each) => each.attributes['w:styleId'] === linked);
    const next = saidBy(child(child(style, 'w:pPr'), 'w:numPr'), 'w:numId');
    return next === undefined || seen.includes(next) ? null : definitionOf(next, [...seen, numId]);
  }

  const atLevel = (parent: Xml | undefined, name: string, level: number): Xml | undefined =>
    parent?.children.find((each) => each.name === name && Number(each.attributes['w:ilvl'] ?? 0) === level);

  return {
    level(numId, level) {
      const definition = definitionOf(numId);
      const override = atLevel(numbers.get(numId), 'w:lvlOverride', level);
      const found = child(override, 'w:lvl') ?? atLevel(definition?.abstract, 'w:lvl', level);
      if (!definition || !found) return null;
      const format = saidBy(found, 'w:numFmt') ?? 'decimal';
      const sign = saidBy(found, 'w:lvlText');
      const isNone = format === 'none' || (format === 'bullet' && sign !== undefined && sign.trim() === '');
      const start = Number(saidBy(override, 'w:startOverride') ?? saidBy(found, 'w:start') ?? 1);
      return {
        key: `definition ${definition.id}`,
        restart: child(override, 'w:startOverride') ? `${numId} ${level}` : null,
        level,
        kind: isNone ? 'none' : format === 'bullet' ? 'bullet' : 'ordered',
        type: TYPES[format] ?? null,
        start: Number.isSafeInteger(start) ? start : 1,
        indent: indentOf(child(found, 'w:pPr')),
      };
    },
    levelOfStyle(numId, styleIds) {
      const levels = definitionOf(numId)?.abstract.children ?? [];
      const found = levels.find((each) => each.name === 'w:lvl' && styleIds.includes(saidBy(each, 'w:pStyle') ?? ''));
      return found ? Number(found.attributes['w:ilvl'] ?? 0) : null;
    },
  };
}

/** Twips from the margin to the text, as `w:pPr` says. */
export function indentOf(properties: Xml | undefined): number | null {
  const indent = child(properties, 'w:ind')?.attributes;
  const value = Number(indent?.['w:start'] ?? indent?.['w:left'] ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
