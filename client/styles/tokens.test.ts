/** Every colour of text on every surface it may stand on, measured by WCAG 2's formula, in light and in dark. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const pairs = new Map(
  [...css.matchAll(/--color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name, { light: light ?? '', dark: dark ?? '' }] as const,
  ),
);

function colour(name: string, theme: 'light' | 'dark'): string {
  const pair = pairs.get(name);
  if (!pair) throw new Error(`tokens.css has no colour named ${name}`);
  return pair[theme];
}

/** https://www.w3.org/TR/WCAG21/#dfn-relative-luminance */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

const SURFACES = ['desk', 'sheet', 'raised', 'sunken', 'hover'];
const TEXT_ON: Record<string, string[]> = {
  ink: [...SURFACES, 'accent-wash', 'warn-wash', 'danger-wash', 'good-wash', 'selection'],
  'ink-soft': [...SURFACES, 'accent-wash'],
  'ink-quiet': SURFACES,
  accent: [...SURFACES, 'accent-wash'],
  'accent-strong': [...SURFACES, 'accent-wash'],
  'on-accent': ['accent', 'accent-strong'],
  good: [...SURFACES, 'good-wash'],
  warn: [...SURFACES, 'warn-wash'],
  danger: [...SURFACES, 'danger-wash'],
  'danger-strong': [...SURFACES, 'danger-wash'],
  'on-danger': ['danger', 'danger-strong'],
  'on-person': Array.from({ length: 8 }, (_, index) => `person-${index + 1}`),
};
const LINES_ON: Record<string, string[]> = { 'line-firm': ['desk', 'sheet', 'raised'], focus: SURFACES };

describe.each(['light', 'dark'] as const)('in %s', (theme) => {
  const below = (wanted: Record<string, string[]>, least: number) =>
    Object.entries(wanted)
      .flatMap(([front, backs]) =>
        backs.map((back) => ({ front, back, ratio: contrast(colour(front, theme), colour(back, theme)) })),
      )
      .filter(({ ratio }) => ratio < least);

  it('text has a contrast of at least 4.5:1', () => {
    expect(below(TEXT_ON, 4.5)).toEqual([]);
  });

  it('outlines of controls and focus rings have at least 3:1', () => {
    expect(below(LINES_ON, 3)).toEqual([]);
  });
});
