/** Every HTTP route's path, and the shapes that go in and come out, as zod schemas: the server validates with them, the client has its types from them. */
import { z } from 'zod';
import type { Change, ComparedField, ComparedNode, Section } from './compare/comparison.ts';
import { EXPORT_FORMATS, type ExportFormat, FORMATS, PDF_OPTIONS } from './export.ts';
import { ROLES } from './roles.ts';
import { frontMatterSchema, STATUSES, STREAMS } from './schema/front-matter.ts';

/** One of these words; refused with the list of them. */
export const oneOf = <const Word extends string>(words: readonly Word[]) => z.enum(words, `Expected ${listed(words)}`);
const listed = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

export const id = z.string().min(1).max(64);
export const time = z.iso.datetime();

export const REDLINE_FORMATS = ['html', 'docx', 'pdf', 'md'] as const;
export type RedlineFormat = (typeof REDLINE_FORMATS)[number];

export const path = {
  session: '/api/auth/get-session',
  signInAsGuest: '/api/auth/sign-in/anonymous',
  signUp: '/api/auth/sign-up/email',
  signIn: '/api/auth/sign-in/email',
  signOut: '/api/auth/sign-out',
  updateUser: '/api/auth/update-user',
  changePassword: '/api/auth/change-password',
  health: '/api/health',
  metrics: '/api/metrics',
  openapi: '/api/openapi.json',
  plans: '/api/plans',
  planImport: '/api/plans/import',
  plan: (planId: string) => `/api/plans/${encodeURIComponent(planId)}`,
  exportFormats: '/api/export-formats',
  content: (planId: string) => `${path.plan(planId)}/content`,
  /** Query: `snapshot`, a number; without it the live plan; and the format's options. */
  export: (planId: string, format: ExportFormat) => `${path.plan(planId)}/export/${format}`,
  /** Where pictures are added; each is then at the address that the answer names. */
  images: (planId: string) => `${path.plan(planId)}/images`,
  members: (planId: string) => `${path.plan(planId)}/members`,
  member: (planId: string, userId: string) => `${path.members(planId)}/${encodeURIComponent(userId)}`,
  /** Query: `q`, the beginning of a word of the name. */
  people: (planId: string) => `${path.plan(planId)}/people`,
  links: (planId: string) => `${path.plan(planId)}/links`,
  /** DELETE withdraws it; `?keep=members` leaves those in who came by it. */
  link: (planId: string, linkId: string) => `${path.links(planId)}/${encodeURIComponent(linkId)}`,
  lookAtLink: '/api/links/look',
  redeem: '/api/links/redeem',
  snapshots: (planId: string) => `${path.plan(planId)}/snapshots`,
  snapshot: (planId: string, number: number) => `${path.snapshots(planId)}/${number}`,
  restore: (planId: string, number: number) => `${path.snapshot(planId, number)}/restore`,
  undoRestore: (planId: string, restoreId: string) =>
    `${path.plan(planId)}/restores/${encodeURIComponent(restoreId)}/undo`,
  /** Query: `from` and `to`, snapshot numbers; `to=now` is the live plan. */
  compare: (planId: string) => `${path.plan(planId)}/compare`,
  /** The comparison to hand round; the same query. */
  redline: (planId: string, format: RedlineFormat) => `${path.plan(planId)}/redline/${format}`,
  templates: '/api/templates',
  sync: (planId: string) => `/sync/${encodeURIComponent(planId)}`,
} as const;

export const errorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

/** One line of visible text. Runs of white space become one space. `what` is its name with an article: "a name". */
export const visibleLine = (what: string, longest: number) =>
  z
    .string(`Expected ${what}`)
    .transform((text) => text.replace(/\s+/gu, ' ').trim())
    .pipe(
      z
        .string()
        .min(1, `Expected ${what}`)
        .max(longest, `Expected ${what} of at most ${longest} characters`)
        .regex(
          /^[^\p{Cc}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*$/u,
          `Expected ${what} without invisible characters`,
        ),
    );
/** What a person is called. */
export const userName = visibleLine('a name', 80);
export const email = z.email('Expected an e-mail address').max(254);
export const newPassword = z
  .string('Expected a password')
  .min(10, 'Expected a password of at least 10 characters')
  .max(128, 'Expected a password of at most 128 characters');
export const password = z.string('Expected a password').min(1, 'Expected a password').max(128);

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
  /** Of this server. */
  administrator: z.boolean().nullish(),
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
  /** false: the caller reads it only because anyone may. Its members, its history and its socket are for members. */
  member: z.boolean(),
  /** Since when anyone may read it, without signing in; null: members only. */
  publicSince: time.nullable(),
  /** Guests are not let in. */
  requiresAccount: z.boolean(),
  /** Those who are owners by name. */
  owners: z.array(z.object({ id: z.string(), name: z.string() })),
  /** The team that owns it. */
  team: z.object({ id, name: z.string() }).nullable(),
  createdAt: time,
  updatedAt: time,
  archivedAt: time.nullable(),
});
export type PlanSummary = z.infer<typeof planSummary>;

/** What an imported file held that the plan made of it does not: what it is, how often, and the first of it. */
export const loss = z.object({ what: z.string(), count: z.number().int(), example: z.string() });
export type Loss = z.infer<typeof loss>;
export const importedPlan = planSummary.extend({ losses: z.array(loss) });
export type ImportedPlan = z.infer<typeof importedPlan>;

export const planList = z.object({ plans: z.array(planSummary) });
export const planListQuery = z.object({
  /** Words looked for in title, subtitle, place and keywords. */
  q: z.string().max(200, 'Expected at most 200 characters').optional(),
  stream: oneOf(STREAMS).optional(),
  /** mine: owned by name. shared: held otherwise, and not by a team alone. */
  scope: oneOf(['mine', 'shared']).optional(),
  /** Only plans of this team. */
  team: id.optional(),
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
  /** The team whose plan it will be; absent: the caller's own. */
  teamId: id.optional(),
});
/** What is absent stays as it is. */
export const patchPlan = z
  .object({
    /** Archive with true, bring back with false. */
    archived: z.boolean('Expected true or false'),
    /** Whether anyone may read it. */
    public: z.boolean('Expected true or false'),
    /** Whether guests are kept out. */
    requiresAccount: z.boolean('Expected true or false'),
    /** The team that shall own it; null: none, and whoever asks owns it by name. */
    teamId: id.nullable(),
  })
  .partial()
  .refine(
    (change) => Object.keys(change).length > 0,
    'Expected something to change: archived, public, requiresAccount or teamId',
  );

/** Bytes of one picture, as it is sent. */
export const MOST_IMAGE_BYTES = 10 * 1024 * 1024;

/** A picture that was added: what to put into a figure. `animated`: only the first picture of an animation was kept. */
export const addedImage = z.object({
  src: z.string(),
  /** Pixels. */
  width: z.number().int(),
  height: z.number().int(),
  animated: z.boolean(),
});
export type AddedImage = z.infer<typeof addedImage>;

export const planContent = z.object({
  frontMatter: frontMatterSchema,
  /** ProseMirror JSON in the schema of shared/schema. */
  content: z.record(z.string(), z.unknown()),
  seq: z.number().int(),
});
export type PlanContent = z.infer<typeof planContent>;

export const template = z.object({ id, title: z.string(), description: z.string(), language: z.string() });
export const templateList = z.object({ templates: z.array(template) });
export type Template = z.infer<typeof template>;

/**
 * Why a snapshot was taken. named: by a person, with a label. created, imported: the plan's first. idle: a stretch of work ended.
 * interval: in the middle of long work. before-*: something drastic came next. restored: right after a restore.
 */
export const SNAPSHOT_KINDS = [
  'named',
  'created',
  'imported',
  'idle',
  'interval',
  'before-restore',
  'before-deletion',
  'before-merge',
  'restored',
] as const;
export type SnapshotKind = (typeof SNAPSHOT_KINDS)[number];

/** Somebody whose name a history shows. `name` is today's; of an account that is gone it is "former member". */
export const person = z.object({ id, name: z.string(), color: z.string(), guest: z.boolean() });
export type Person = z.infer<typeof person>;

/** What one person did since the snapshot before: characters written and deleted. */
export const contributor = z.object({ userId: id, inserted: z.number().int(), deleted: z.number().int() });

export const snapshotSummary = z.object({
  /** 1, 2, 3 in each plan. */
  number: z.number().int().min(1),
  kind: z.enum(SNAPSHOT_KINDS),
  time,
  /** null: the server took it by itself. */
  author: id.nullable(),
  label: z.string(),
  note: z.string(),
  /** The last update that it holds. */
  seq: z.number().int(),
  words: z.number().int(),
  contributors: z.array(contributor),
  /** Characters of its text by who wrote them, the most first. */
  shares: z.array(z.object({ userId: id, characters: z.number().int() })),
  /** Of a `restored` one: the snapshot that was restored, and whether the whole of it. */
  restored: z.object({ number: z.number().int(), whole: z.boolean() }).nullable(),
  /** SHA-256, hexadecimal; server/snapshots/README.md says of what. */
  contentHash: z.string(),
  authorshipHash: z.string(),
  previousHash: z.string().nullable(),
  hash: z.string(),
});
export type SnapshotSummary = z.infer<typeof snapshotSummary>;

export const snapshotList = z.object({
  /** The newest first. Automatic ones that were thinned out are not among them. */
  snapshots: z.array(snapshotSummary),
  people: z.array(person),
  /** How many were thinned out: their hashes stay in the chain, their text is gone. */
  thinned: z.number().int(),
  /** The last restore, if nobody has undone it, with the number of the `restored` snapshot that was taken right after it; else empty. */
  undoable: z.array(z.object({ restoreId: id, number: z.number().int() })),
  /** The live plan: its last update, and whether its text differs from the latest snapshot's as far as `seq` tells. */
  now: z.object({ seq: z.number().int(), changed: z.boolean() }),
});
export type SnapshotList = z.infer<typeof snapshotList>;

/** Who wrote a stretch of text, or did a change. `how`: with their own keys, by importing a file, or by restoring a snapshot (`source`: which). */
export const contribution = z.object({
  userId: id,
  at: time,
  how: z.enum(['written', 'imported', 'restored']),
  source: z.string().nullable(),
});
export type Contribution = z.infer<typeof contribution>;

export const snapshotContent = z.object({
  snapshot: snapshotSummary,
  /** Version of the schema that the content was written in. */
  schema: z.number().int(),
  frontMatter: frontMatterSchema,
  /** ProseMirror JSON. */
  content: z.record(z.string(), z.unknown()),
  people: z.array(person),
  /** Who wrote which text: ranges of ProseMirror positions of `content`, in order; `by` is an index in `contributions`. */
  authorship: z.array(z.object({ from: z.number().int(), to: z.number().int(), by: z.number().int() })),
  contributions: z.array(contribution),
});
export type SnapshotContent = z.infer<typeof snapshotContent>;

/** A label is one line: "For the council, 3 March". */
export const takeSnapshot = z.object({
  label: visibleLine('a label', 200),
  /** Several lines. */
  note: z
    .string('Expected text')
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .pipe(
      z
        .string()
        .max(2_000, 'Expected a note of at most 2000 characters')
        .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u, 'Expected a note without control characters'),
    )
    .default(''),
});

/** What a comparison's ends are called. null as `to`: the live plan at `seq`. */
export const comparisonEnd = z.object({ snapshot: snapshotSummary.nullable(), seq: z.number().int() });

/** The trees are those of shared/compare/comparison.ts; the server is trusted to send them. */
export const comparison = z.object({
  from: comparisonEnd,
  to: comparisonEnd,
  people: z.array(person),
  frontMatter: z.array(z.custom<ComparedField>().and(z.object({ by: z.array(contribution) }))),
  blocks: z.array(z.custom<ComparedNode>()),
  /** `by`: who did it, the latest first; empty where nobody is known. */
  changes: z.array(z.custom<Change>().and(z.object({ by: z.array(contribution) }))),
  sections: z.array(z.custom<Section>()),
});
export type ComparisonAnswer = z.infer<typeof comparison>;

/** Decimal digits only: what else JavaScript takes for a number is a mistake in an address. */
const snapshotNumber = z
  .string('Expected the number of a snapshot')
  .regex(/^[1-9]\d{0,8}$/, 'Expected the number of a snapshot')
  .transform(Number);
/** `snapshot` absent: the live plan. `view=true`: to look at rather than to save, where a browser can show it. With the options of the format, or (without one) with all that any has. */
export const exportQuery = (format?: ExportFormat) => {
  const formats = format ? [FORMATS[format]] : Object.values(FORMATS);
  const options: z.ZodRawShape = Object.assign({}, ...formats.map(({ options: { shape } }) => shape));
  return z.object({ ...options, snapshot: snapshotNumber.optional(), view: oneOf(['true', 'false']).optional() });
};
/** Those that this server can make. */
export const exportFormats = z.object({ formats: z.array(z.enum(EXPORT_FORMATS)) });
/** Of an exported file: sentences about what it lacks, as JSON in ASCII. */
export const WARNINGS_HEADER = 'Export-Warnings';
export const compareQuery = z.object({
  from: snapshotNumber,
  to: z.union([z.literal('now'), snapshotNumber], 'Expected the number of a snapshot, or now'),
});
/** `paper`: of a PDF. */
export const redlineQuery = compareQuery.extend({ paper: PDF_OPTIONS.shape.paper });
/** `all=true`: the thinned ones, too, so that the chain can be checked. */
export const snapshotListQuery = z.object({ all: oneOf(['true', 'false']).optional() });

/**
 * `range`: of ProseMirror positions in the snapshot's content; only what changed there since is put back. Empty (from = to): what was
 * inserted at that place since is taken out. What was put in right beside the range stays, but for the end of a range that begins with a
 * heading: there a section ends. So does what became of something larger than the range: that its paragraph moved, say. Absent: all of
 * it, and the front matter.
 */
export const restoreSnapshot = z.object({
  range: z.object({ from: z.number().int().min(0), to: z.number().int().min(0) }).optional(),
});
/** `restoreId` null: there was nothing to restore. */
export const restored = z.object({ restoreId: id.nullable(), seq: z.number().int() });
