/** The colours that people have in presence: readable under white text, and on light and dark pages. */
import type { PresenceHolder, SessionUser } from './presence.ts';

/** Each has a contrast of at least 4.5 to white (WCAG 2.2, 1.4.3) and 3 to a dark page's background (1.4.11). */
export const COLORS = [
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

/** A colour that nobody else in the room has, as long as there are any; one person has the same in every window. */
export function colorAmong({ id, color }: SessionUser, holders: Iterable<PresenceHolder>): string {
  const taken = new Set<string>();
  for (const { user } of holders) {
    if (user.id === id) return user.color;
    taken.add(user.color);
  }
  return taken.has(color) ? (COLORS.find((free) => !taken.has(free)) ?? color) : color;
}
