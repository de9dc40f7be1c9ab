/** Every HTTP route's path, and the shapes that go in and come out, as zod schemas: the server validates with them, the client has its types from them. */
import { z } from 'zod';
import { ROLES } from './roles.ts';
import { frontMatterSchema, STATUSES, STREAMS } from './schema/front-matter.ts';

/** One of these words; refused with the list of them. */
const oneOf = <const Word extends string>(words: readonly Word[]) => z.enum(words, `Expected ${listed(words)}`);
const listed = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const id = z.string().min(1).max(64);
const time = z.iso.datetime();

export const EXPORT_FORMATS = ['md', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const path = {
  session: '/api/auth/get-session',
  signInAsGuest: '/api/auth/sign-in/anonymous',
  signUp: '/api/auth/sign-up/email',
  signIn: '/api/auth/sign-in/email',
  signOut: '/api/auth/sign-out',
  updateUser: '/api/auth/update-user',
  changePassword: '/api/auth/change-password',
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

/** What a person is called: one line of visible text. Runs of white space become one space. */
export const userName = z
  .string('Expected a name')
  .transform((name) => name.replace(/\s+/gu, ' ').trim())
  .pipe(
    z
      .string()
      .min(1, 'Expected a name')
      .max(80, 'Expected a name of at most 80 characters')
      .regex(
        /^[^\p{Cc}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*$/u,
        'Expected a name without invisible characters',
      ),
  );
const email = z.email('Expected an e-mail address').max(254);
const newPassword = z
  .string('Expected a password')
  .min(10, 'Expected a password of at least 10 characters')
  .max(128, 'Expected a password of at most 128 characters');
const password = z.string('Expected a password').min(1, 'Expected a password').max(128);

export const signInAsGuest = z.object({ name: userName });
/** A guest who signs up stays the same user: plans, roles and authorship are kept. The name may be left out then. */
export const signUp = z.object({ email, password: newPassword, name: userName.optional() });
/** A guest who signs in to an account that exists brings the plans along. */
export const signIn = z.object({ email, password });
export const updateUser = z.object({ name: userName });
export const changePassword = z.object({ currentPassword: password, newPassword });

/** `isAnonymous`: a guest, whose `email` is a placeholder that nobody should see. Other fields of better-auth's come with it. */
export const user = z.object({
  id,
  name: z.string(),
  email: z.string(),
  isAnonymous: z.boolean().nullish(),
  createdAt: time,
});
export type User = z.infer<typeof user>;
/** `token` is for scripts (`Authorization: Bearer`); browsers have their cookie. */
export const signedIn = z.object({ token: z.string(), user });
/** null: nobody is signed in. */
export const session = z.object({ user, session: z.object({ expiresAt: time }) }).nullable();

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
  q: z.string().max(200, 'Expected at most 200 characters').optional(),
  stream: oneOf(STREAMS).optional(),
  scope: oneOf(['mine', 'shared']).optional(),
  archived: oneOf(['true', 'false']).optional(),
});

export const createPlan = z.object({
  title: z
    .string('Expected a title')
    .trim()
    .min(1, 'Expected a title')
    .max(500, 'Expected a title of at most 500 characters'),
  template: z.string().max(64).optional(),
  language: frontMatterSchema.shape.language.optional(),
});
/** Archive with true, bring back with false. */
export const patchPlan = z.object({ archived: z.boolean('Expected true or false') });

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
export const addMember = z.object({ email: z.email('Expected an e-mail address'), role: oneOf(ROLES) });
export const patchMember = z.object({ role: oneOf(ROLES) });

export const link = z.object({ id, role: z.enum(ROLES), createdAt: time, createdBy: z.string() });
export const linkList = z.object({ links: z.array(link) });
/** Owners are made by name, never by link. */
export const createLink = z.object({ role: oneOf(['editor', 'commenter', 'viewer']) });
/** `url` carries the token as its fragment and is shown once: only the token's hash is kept. */
export const createdLink = link.extend({ url: z.url() });
export const redeemLink = z.object({
  token: z.string('Expected the token of a link').min(1, 'Expected the token of a link').max(200),
});
export const redeemedLink = z.object({ planId: id, role: z.enum(ROLES) });

export const template = z.object({ id, title: z.string(), description: z.string(), language: z.string() });
export const templateList = z.object({ templates: z.array(template) });
export type Member = z.infer<typeof member>;
export type Link = z.infer<typeof link>;
export type Template = z.infer<typeof template>;
