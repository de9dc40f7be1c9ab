/** Every HTTP route's path, and the shapes that go in and come out, as zod schemas: the server validates with them, the client has its types from them. */
import { z } from 'zod';
import { ROLES } from './roles.ts';
import { frontMatterSchema, STATUSES, STREAMS } from './schema/front-matter.ts';

const id = z.string().min(1).max(64);
const time = z.iso.datetime();

export const EXPORT_FORMATS = ['md', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const path = {
  health: '/api/health',
  openapi: '/api/openapi.json',
  plans: '/api/plans',
  planImport: '/api/plans/import',
  plan: (planId: string) => `/api/plans/${encodeURIComponent(planId)}`,
  content: (planId: string) => `${path.plan(planId)}/content`,
  export: (planId: string, format: ExportFormat) => `${path.plan(planId)}/export/${format}`,
  members: (planId: string) => `${path.plan(planId)}/members`,
  member: (planId: string, userId: string) => `${path.members(planId)}/${encodeURIComponent(userId)}`,
  links: (planId: string) => `${path.plan(planId)}/links`,
  link: (planId: string, linkId: string) => `${path.links(planId)}/${encodeURIComponent(linkId)}`,
  redeem: '/api/links/redeem',
  templates: '/api/templates',
  sync: (planId: string) => `/sync/${encodeURIComponent(planId)}`,
} as const;

export const errorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

export const health = z.object({ status: z.literal('ok'), version: z.string() });

export const planSummary = z.object({
  id,
  title: z.string(),
  subtitle: z.string(),
  status: z.enum(STATUSES),
  language: z.string(),
  stream: z.enum(STREAMS).nullable(),
  words: z.number().int(),
  /** The caller's role. */
  role: z.enum(ROLES),
  owners: z.array(z.object({ id: z.string(), name: z.string() })),
  createdAt: time,
  updatedAt: time,
  archivedAt: time.nullable(),
});
export type PlanSummary = z.infer<typeof planSummary>;

export const planList = z.object({ plans: z.array(planSummary) });
export const planListQuery = z.object({
  /** Words looked for in title, subtitle, place and keywords. */
  q: z.string().max(200).optional(),
  stream: z.enum(STREAMS).optional(),
  scope: z.enum(['mine', 'shared']).optional(),
  archived: z.enum(['true', 'false']).optional(),
});

export const createPlan = z.object({
  title: z.string().trim().min(1, 'Expected a title').max(500),
  template: z.string().max(64).optional(),
  language: frontMatterSchema.shape.language.optional(),
});
/** Archive with true, bring back with false. */
export const patchPlan = z.object({ archived: z.boolean() });

export const planContent = z.object({
  frontMatter: frontMatterSchema,
  /** ProseMirror JSON in the schema of shared/schema. */
  content: z.record(z.string(), z.unknown()),
  seq: z.number().int(),
});

export const member = z.object({
  userId: id,
  name: z.string(),
  email: z.string().nullable(),
  guest: z.boolean(),
  role: z.enum(ROLES),
  since: time,
});
export const memberList = z.object({ members: z.array(member) });
/** By the e-mail of an existing account. */
export const addMember = z.object({ email: z.email('Expected an e-mail address'), role: z.enum(ROLES) });
export const patchMember = z.object({ role: z.enum(ROLES) });

export const link = z.object({ id, role: z.enum(ROLES), createdAt: time, createdBy: z.string() });
export const linkList = z.object({ links: z.array(link) });
/** Owners are made by name, never by link. */
export const createLink = z.object({ role: z.enum(['editor', 'commenter', 'viewer']) });
/** `url` carries the token as its fragment and is shown once: only the token's hash is kept. */
export const createdLink = link.extend({ url: z.url() });
export const redeemLink = z.object({ token: z.string().min(1).max(200) });
export const redeemedLink = z.object({ planId: id, role: z.enum(ROLES) });

export const template = z.object({ id, title: z.string(), description: z.string(), language: z.string() });
export const templateList = z.object({ templates: z.array(template) });
export type Member = z.infer<typeof member>;
export type Link = z.infer<typeof link>;
export type Template = z.infer<typeof template>;
