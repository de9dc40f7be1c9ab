/** Accounts over HTTP: the paths, and the shapes that go in and come out, of what people do with their own account and administrators with the server. */
import { z } from 'zod';
import { email, id, newPassword, oneOf, password, signInAsGuest, signUp, time } from './api.ts';
import { ROLES } from './roles.ts';

export const accountPath = {
  waysIn: '/api/auth/ways-in',
  signOutEverywhere: '/api/auth/sign-out-everywhere',
  sessions: '/api/auth/sessions',
  session: (sessionId: string) => `${accountPath.sessions}/${encodeURIComponent(sessionId)}`,
  requestPasswordReset: '/api/auth/request-password-reset',
  resetPassword: '/api/auth/reset-password',
  changeEmail: '/api/auth/change-email',
  confirmEmail: '/api/auth/confirm-email',
  sendConfirmation: '/api/auth/send-confirmation',
  /** Top-level navigations, not requests of scripts: they answer with redirects. */
  providerSignIn: '/api/auth/provider/sign-in',
  providerCallback: '/api/auth/provider/callback',
  account: '/api/account',
  accountData: '/api/account/data',
  deleteAccount: '/api/account/delete',
} as const;

export const adminPath = {
  people: '/api/admin/people',
  person: (userId: string) => `${adminPath.people}/${encodeURIComponent(userId)}`,
  storage: '/api/admin/storage',
  invitations: '/api/admin/invitations',
  invitation: (invitationId: string) => `${adminPath.invitations}/${encodeURIComponent(invitationId)}`,
  audit: '/api/admin/audit',
} as const;

/** Pages that a link with a token in its fragment leads to: `/new-password#TOKEN`. */
export const TOKEN_PAGES = {
  'reset-password': '/new-password',
  'confirm-email': '/confirm-address',
  invitation: '/invitation',
} as const;

/** Who may make an account. By a plan's link one comes in as a guest whatever it says, unless the plan wants an account. */
export const SIGN_UP_POLICIES = ['open', 'invitation', 'closed'] as const;
export type SignUpPolicy = (typeof SIGN_UP_POLICIES)[number];

export const waysIn = z.object({
  signUp: z.enum(SIGN_UP_POLICIES),
  /** Whether the server sends mail: without it only its administrator can make links for new passwords. */
  mail: z.boolean(),
  /** The sign-in service's name, for its button; null: there is none. */
  provider: z.string().nullable(),
});
export type WaysIn = z.infer<typeof waysIn>;

const token = z.string('Expected the token of a link').min(1, 'Expected the token of a link').max(200);

/** `link`: the token of a plan's link. Where not everybody may sign up, guests come in only by one. */
export const enterAsGuest = signInAsGuest.extend({ link: token.optional() });
/** `invitation`: the token of an invitation. */
export const enterWithAccount = signUp.extend({ invitation: token.optional() });

export const sessionList = z.object({
  sessions: z.array(
    z.object({
      id,
      /** The one that asks. */
      current: z.boolean(),
      since: time,
      /** Give or take five minutes. */
      lastSeen: time,
      /** The browser's User-Agent header; empty: it sent none. */
      userAgent: z.string(),
    }),
  ),
});
export type SessionEntry = z.infer<typeof sessionList>['sessions'][number];

export const requestPasswordReset = z.object({ email });
export const resetPassword = z.object({ token, newPassword });
export const changeEmail = z.object({ email, password });
/** `confirm`: the new address takes effect when the link in the mail to it is opened. */
export const changedEmail = z.object({ confirm: z.boolean(), email });
export const confirmEmail = z.object({ token });
export const confirmedEmail = z.object({ email });

const namedPlan = z.object({ id, title: z.string() });

/** My account, and what deleting it would do. */
export const account = z.object({
  email: z.string().nullable(),
  emailConfirmed: z.boolean(),
  /** An address that waits for its confirmation. */
  pendingEmail: z.string().nullable(),
  hasPassword: z.boolean(),
  /** Whether the sign-in service knows this account. */
  hasProvider: z.boolean(),
  administrator: z.boolean(),
  leaving: z.object({
    /** Others are in them and nobody else owns them: they keep the account from being deleted. */
    plansToHandOver: z.array(namedPlan),
    teamsToHandOver: z.array(z.object({ id, name: z.string() })),
    /** Nobody else's: they are archived. */
    plansToArchive: z.array(namedPlan),
  }),
});
export type Account = z.infer<typeof account>;

/** `password` absent: of guests, and of accounts without one that signed in less than ten minutes ago. */
export const deleteAccount = z.object({ password: password.optional() });

// ---- administration ----

export const adminPerson = z.object({
  id,
  name: z.string(),
  /** null: a guest. */
  email: z.string().nullable(),
  administrator: z.boolean(),
  suspendedAt: time.nullable(),
  createdAt: time,
  lastSeen: time.nullable(),
  /** Plans that they are in. */
  plans: z.number().int(),
});
export type AdminPerson = z.infer<typeof adminPerson>;
export const adminPeopleQuery = z.object({
  /** Part of a name or an address. */
  q: z.string().max(200, 'Expected at most 200 characters').optional(),
  kind: oneOf(['accounts', 'guests']).default('accounts'),
  /** How many to leave out from the start of the list. */
  offset: z
    .string()
    .regex(/^\d{1,7}$/, 'Expected a number')
    .transform(Number)
    .optional(),
});
export const adminPeople = z.object({ people: z.array(adminPerson), total: z.number().int() });
export const patchPerson = z
  .object({
    suspended: z.boolean('Expected true or false').optional(),
    administrator: z.boolean('Expected true or false').optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, 'Expected suspended or administrator');

/** All in bytes. */
const storedBytes = { log: z.number().int(), snapshots: z.number().int(), images: z.number().int() };
export const adminStorage = z.object({
  /** The file, and what has not been carried over to it yet. */
  database: z.number().int(),
  writeAheadLog: z.number().int(),
  /** Free on the disk. */
  free: z.number().int(),
  plans: z.array(
    z.object({
      id,
      title: z.string(),
      archived: z.boolean(),
      members: z.number().int(),
      updatedAt: time,
      ...storedBytes,
    }),
  ),
  total: z.object(storedBytes),
});
export type AdminStorage = z.infer<typeof adminStorage>;

export const invitation = z.object({
  id,
  email: z.string().nullable(),
  createdAt: time,
  expiresAt: time,
  createdBy: z.string(),
});
export const invitationList = z.object({ invitations: z.array(invitation) });
/** `email`: it is sent there where the server sends mail. */
export const createInvitation = z.object({ email: email.optional() });
/** `url` has the token as its fragment and is shown once. */
export const createdInvitation = invitation.extend({ url: z.url(), sent: z.boolean() });

/** What the export of my data holds, beside the plans' files; written as JSON. */
export const accountData = z.object({
  exportedAt: time,
  account: z.object({ id, name: z.string(), email: z.string().nullable(), createdAt: time, guest: z.boolean() }),
  sessions: sessionList.shape.sessions,
  memberships: z.array(z.object({ planId: id, title: z.string(), role: z.enum(ROLES), since: time })),
  contributions: z.array(
    z.object({
      planId: id,
      title: z.string(),
      /** Characters written and deleted, as far as snapshots tell. */
      inserted: z.number().int(),
      deleted: z.number().int(),
      /** Those that I took, and the first one of a plan that I made. */
      snapshots: z.array(z.object({ number: z.number().int(), time, label: z.string() })),
    }),
  ),
  /** Plans that I own. */
  plans: z.array(
    z.object({ id, title: z.string(), markdown: z.string(), document: z.record(z.string(), z.unknown()) }),
  ),
});

/** Address of the page that uses a token, which is in the fragment: no server logs it and no Referer has it. */
export const tokenUrl = (origin: string, purpose: keyof typeof TOKEN_PAGES, token: string): string =>
  `${origin}${TOKEN_PAGES[purpose]}#${token}`;

/** `returnTo`: path of the page to come back to. `connect`: the identity is to belong to the account that is signed in. */
export const providerSignIn = z.object({
  returnTo: z
    .string()
    .max(500)
    // One slash and no backslash: two are the beginning of another site's address, also with tabs, which browsers drop, in between.
    .regex(/^\/(?![/\\])[^\\\p{Cc}]*$/u, 'Expected the path of a page')
    .default('/'),
  connect: z.boolean().default(false),
  invitation: token.optional(),
});
/** Where the browser has to go. */
export const providerRedirect = z.object({ url: z.url() });
/** Query parameter of the page that one comes back to when it did not work: a code of shared/errors.ts. */
export const REFUSED_PARAMETER = 'refused';
