/** Marked-up text that somebody pastes, and what it is as content of a plan: what the route takes and gives. */
import { z } from 'zod';
import { loss, oneOf, planContent } from './api.ts';
import type { ImportFormat } from './import.ts';

export const convertPath = '/api/convert';

export const convertText = z.object({
  text: z.string().min(1, 'Expected a text'),
  format: oneOf(['md', 'wikitext'] as const satisfies readonly ImportFormat[]),
});

export const convertedText = z.object({ content: planContent.shape.content, losses: z.array(loss) });
