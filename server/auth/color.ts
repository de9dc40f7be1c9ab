/** The colour that stands for a user: always the same one, unless somebody else in the room has it already. */
import { createHash } from 'node:crypto';
import { COLORS } from '../sync/colors.ts';

export function colorOf(userId: string): string {
  const [byte = 0] = createHash('sha256').update(userId).digest();
  return COLORS[byte % COLORS.length] ?? COLORS[0]!;
}
