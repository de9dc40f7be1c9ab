/** The audit log: the closed list of what it records about rights and about plans as a whole, each with the sentence that people read. */
import { z } from 'zod';
import { person } from './api.ts';
import type { Role } from './roles.ts';

/**
 * `{actor}` is who did it, everything else in braces is detail that whoever writes the entry has to give. A new act is one line here; a
 * new kind of detail is one line in AuditDetails and one in SHOWN.
 */
export const AUDIT_ACTIONS = {
  'plan-created': '{actor} created the plan.',
  'plan-imported': '{actor} made the plan from the file {file}.',
  'plan-archived': '{actor} archived the plan.',
  'plan-brought-back': '{actor} brought the plan back from the archive.',
  'plan-exported': '{actor} exported {version} as {format}.',
  'comparison-exported': '{actor} exported the changes from {from} to {to} as {format}.',
  'snapshot-taken': '{actor} took snapshot {number}, {label}.',
  'snapshot-restored': '{actor} restored snapshot {number}.',
  'passage-restored': '{actor} restored a passage of snapshot {number}.',
  'restore-undone': '{actor} took a restore back.',

  'member-added': '{actor} made {user} {role}.',
  'role-changed': '{actor} made {user} {role} instead of {before}.',
  'member-removed': '{actor} took access away from {user}.',
  'member-left': '{actor} left the plan.',
  'link-created': '{actor} made the link {link}: whoever has it becomes {role}.',
  'link-withdrawn': '{actor} withdrew the link {link}; people who lost access by it: {ended}.',
  'link-redeemed': '{actor} came in by the link {link} and is {role}.',
  'plan-published': '{actor} let anyone read the plan.',
  'plan-unpublished': '{actor} ended that anyone may read the plan.',
  'account-required': '{actor} closed the plan to guests.',
  'account-not-required': '{actor} opened the plan to guests.',
  'plan-given-to-team': '{actor} gave the plan to the team {team}.',
  'plan-taken-from-team': '{actor} took the plan out of the team {team}.',

  'team-created': '{actor} created the team {team}.',
  'team-renamed': '{actor} renamed the team {formerName}: it is {team} now.',
  'team-archived': '{actor} archived the team {team}.',
  'team-brought-back': '{actor} brought the team {team} back from the archive.',
  'team-member-added': '{actor} made {user} {role} in the team {team}.',
  'team-role-changed': '{actor} made {user} {role} instead of {before} in the team {team}.',
  'team-member-removed': '{actor} removed {user} from the team {team}.',
  'team-left': '{actor} left the team {team}.',
  'team-link-created': '{actor} made the link {link} to the team {team}: whoever has it becomes {role}.',
  'team-link-withdrawn': '{actor} withdrew the link {link} to the team {team}; people who lost access by it: {ended}.',
  'team-link-redeemed': '{actor} came into the team {team} by the link {link} and is {role}.',

  'account-created': '{actor} created an account.',
  'account-deleted': '{actor} deleted the account {user}.',
  'email-changed': '{actor} changed the e-mail address of the account.',
  'password-changed': '{actor} changed the password.',
  'password-reset': '{actor} set a new password by a reset link.',
  'reset-link-made': '{actor} made a link by which {user} can set a new password.',
  'signed-out-everywhere': '{actor} signed out everywhere.',
  'data-downloaded': '{actor} downloaded what is stored about the account.',
  'user-suspended': '{actor} suspended {user}.',
  'user-unsuspended': '{actor} let {user} in again.',
  'administrator-made': '{actor} made {user} an administrator.',
  'administrator-removed': '{actor} took the rights of an administrator from {user}.',
  'invitation-made': '{actor} made an invitation.',
  'database-restored': '{actor} put a backup in the place of the database.',
} as const;
export type AuditAction = keyof typeof AUDIT_ACTIONS;

interface AuditDetails {
  /** A user's id: names are read when the log is, so that a changed or deleted one never stays behind here. */
  user: string;
  role: Role;
  before: Role;
  /** What the link is called; empty where it has no name. */
  link: string;
  /** How many people. */
  ended: number;
  team: string;
  formerName: string;
  file: string;
  format: string;
  /** Number of a snapshot; null: the plan as it was at that moment. */
  version: number | null;
  from: number | null;
  to: number | null;
  number: number;
  label: string;
}

export type AuditValue = string | number | boolean | null;
type Braced<Text extends string> = Text extends `${string}{${infer Key}}${infer Rest}` ? Key | Braced<Rest> : never;
export type DetailKey<Action extends AuditAction> = Braced<(typeof AUDIT_ACTIONS)[Action]> & keyof AuditDetails;

/** What an entry about this act has to say; more may be added, for those who look into the database. */
export type AuditDetail<Action extends AuditAction> = Pick<AuditDetails, DetailKey<Action>> & {
  readonly [more: string]: AuditValue;
};

const quoted = (text: string): string => (text === '' ? 'without a name' : `“${text}”`);
const withArticle = (role: Role): string => (/^[aeo]/.test(role) ? `an ${role}` : `a ${role}`);
const version = (number: number | null): string => (number === null ? 'the plan' : `snapshot ${number}`);
const plain = (value: string | number): string => String(value);

type NameOf = (userId: string) => string;
const SHOWN: { readonly [Key in keyof AuditDetails]: (value: AuditDetails[Key], nameOf: NameOf) => string } = {
  user: (id, nameOf) => nameOf(id),
  role: withArticle,
  before: withArticle,
  link: quoted,
  ended: plain,
  team: quoted,
  formerName: quoted,
  file: quoted,
  format: plain,
  version,
  from: version,
  to: version,
  number: plain,
  label: quoted,
};

/** Who did something where no user did: somebody with the server's command line. */
const NOBODY = 'The server’s administrator';

/**
 * The sentence about an entry. `action` and `detail` are as they were stored, perhaps by another version of this program: what is not
 * known any more is named as it is.
 */
export function auditSentence(
  entry: { action: string; actor: string | null; detail: Readonly<Record<string, AuditValue>> },
  nameOf: NameOf,
): string {
  const template = Object.hasOwn(AUDIT_ACTIONS, entry.action)
    ? AUDIT_ACTIONS[entry.action as AuditAction]
    : `{actor}: ${entry.action}.`;
  return template.replace(/\{(\w+)\}/g, (_, key: string) => {
    if (key === 'actor') return entry.actor === null ? NOBODY : nameOf(entry.actor);
    const value = entry.detail[key];
    if (value === undefined || !Object.hasOwn(SHOWN, key)) return '…';
    return SHOWN[key as keyof AuditDetails](value as never, nameOf);
  });
}

/** Of the API: the newest first. */
export const auditPath = (planId: string): string => `/api/plans/${encodeURIComponent(planId)}/audit`;

export const auditEntry = z.object({
  id: z.number().int(),
  time: z.iso.datetime(),
  /** One of AUDIT_ACTIONS, or what an older server called it. */
  action: z.string(),
  /** null: somebody with the server's command line. */
  actor: z.string().nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** The whole of it in English. */
  sentence: z.string(),
  /** null: it is about the server, an account or a team. */
  planId: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditPage = z.object({
  entries: z.array(auditEntry),
  /** Everybody whom the entries name. */
  people: z.array(person),
  /** `before` of the next page; null: this is the last. */
  next: z.number().int().nullable(),
});
export type AuditPage = z.infer<typeof auditPage>;

const wholeNumber = (most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'Expected a whole number from 1')
    .transform(Number)
    .pipe(z.number().max(most, `Expected at most ${most}`));

export const auditQuery = z.object({
  /** Only entries older than the one with this id. */
  before: wholeNumber(Number.MAX_SAFE_INTEGER).optional(),
  limit: wholeNumber(200).optional(),
});
