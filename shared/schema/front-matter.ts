/** The front matter of a plan: its fields and what they may hold. */
import { z } from 'zod';

/** The three streams of the P2P Foundation that a plan may serve. */
export const STREAMS = ['cultures-politics', 'open-coops', 'circular-economy'] as const;
export const STATUSES = ['draft', 'in-consultation', 'proposed', 'adopted', 'archived'] as const;

const line = z.string().max(500);

export const frontMatterSchema = z.object({
  title: line.default(''),
  subtitle: line.default(''),
  status: z.enum(STATUSES).default('draft'),
  place: line.default(''),
  /** BCP 47. */
  language: z
    .string()
    .regex(/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i, 'Expected a BCP 47 language tag such as en or nl-BE')
    .max(35)
    .default('en'),
  /** An SPDX identifier or a name such as "Peer Production License". */
  licence: line.default('CC-BY-SA-4.0'),
  authors: z.array(line).max(500).default([]),
  summary: z.string().max(20_000).default(''),
  keywords: z.array(line).max(200).default([]),
  stream: z.enum(STREAMS).nullable().default(null),
});

export const FRONT_MATTER_FIELDS = Object.keys(frontMatterSchema.shape) as readonly (keyof FrontMatter)[];

export type FrontMatter = z.infer<typeof frontMatterSchema>;
