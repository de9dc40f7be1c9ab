/** The address of a picture that is kept with a plan: the one form of `src` that stays on this server. */

const FORM = /^\/api\/plans\/([A-Za-z0-9_-]{1,64})\/images\/([0-9a-f]{64})$/;

export interface ImageAddress {
  readonly planId: string;
  /** SHA-256 of the bytes as stored, hexadecimal. */
  readonly hash: string;
}

export const imageAddress = (planId: string, hash: string): string => `/api/plans/${planId}/images/${hash}`;

/** Null for whatever is no address of a kept picture. */
export function readImageAddress(source: unknown): ImageAddress | null {
  const [, planId, hash] = (typeof source === 'string' && FORM.exec(source)) || [];
  return planId && hash ? { planId, hash } : null;
}
