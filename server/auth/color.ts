/** The colour that stands for a user in presence: always the same one, readable under white text and on light and dark pages. */
import { createHash } from 'node:crypto';

/** Each has a contrast of at least 4.5 to white (WCAG 2.2, 1.4.3) and 3 to a dark page's background (1.4.11). */
const COLORS = [
  '#c4314b',
  '#b8480c',
  '#8f6400',
  '#5c7a00',
  '#1f8044',
  '#00807a',
  '#0f789b',
  '#2f6fd0',
  '#6a5ce0',
  '#8e4fd0',
  '#b23fae',
  '#c2326f',
] as const;

export function colorOf(userId: string): string {
  const [byte = 0] = createHash('sha256').update(userId).digest();
  return COLORS[byte % COLORS.length] ?? COLORS[0];
}
