/** Who may do what in a plan, as its routes take and give it: members, links, and what a plan is to everybody else. */
import { z } from 'zod';
import { id, oneOf, time, visibleLine } from './api.ts';
import { LINK_ROLES, ROLES } from './roles.ts';

export const member = z.object({
  userId: id,
  name: z.string(),
  /** null: a guest has none, and only owners see those of others. */
  email: z.string().nullable(),
  guest: z.boolean(),
  role: z.enum(ROLES),
  since: time,
  /** The link that the role comes from, with its label; null: an owner gave it to them by name. */
  link: z.object({ id, label: z.string() }).nullable(),
});
export type Member = z.infer<typeof member>;
export const memberList = z.object({ members: z.array(member) });

export const addMemberByEmail = z.object({
  email: z.email('Expected an e-mail address').max(254, 'Expected an e-mail address'),
  role: oneOf(ROLES),
});
/** Somebody whom `people` found. */
export const addMemberById = z.object({ userId: id, role: oneOf(ROLES) });
export const addMember = z.union([addMemberById, addMemberByEmail]);
/**
 * `invitation`: nobody has an account with that address, so a link for one person was made. `url` is to be sent to them, and is shown once;
 * null: the server has mailed it. Absent altogether: they are a member now.
 */
export const addedMember = memberList.extend({
  invitation: z.object({ linkId: id, url: z.url().nullable() }).nullable(),
});
export const patchMember = z.object({ role: oneOf(ROLES) });

export const peopleQuery = z.object({
  q: z.string('Expected q, a part of a name').trim().min(2, 'Expected at least 2 characters').max(80),
});
/** People with whom the caller shares a plan or a team, who are not members of this one; at most ten. */
export const peopleList = z.object({
  people: z.array(
    z.object({
      userId: id,
      name: z.string(),
      guest: z.boolean(),
      /** The title of a plan, or the name of a team, that both are in: tells two people of one name apart. */
      knownFrom: z.string(),
    }),
  ),
});

export const link = z.object({
  id,
  role: z.enum(LINK_ROLES),
  /** For whom it is; may be empty. */
  label: z.string(),
  createdAt: time,
  createdBy: z.string(),
  /** Nobody comes in by it from then on. Who is in stays. */
  expiresAt: time.nullable(),
  /** How many people may come in by it; null: any number. */
  mostUses: z.number().int().nullable(),
  uses: z.number().int(),
  /** Those who came in by it and hold the plan by it. */
  people: z.array(z.object({ userId: id, name: z.string() })),
});
export type Link = z.infer<typeof link>;
/** Those that were not withdrawn, also when they are used up or have expired; the oldest first. */
export const linkList = z.object({ links: z.array(link) });
export const createLink = z.object({
  role: oneOf(LINK_ROLES),
  label: visibleLine('a label', 120).or(z.literal('')).default(''),
  expiresAt: time.nullable().default(null),
  mostUses: z
    .int('Expected a whole number from 1 to 1000')
    .min(1, 'Expected a whole number from 1 to 1000')
    .max(1000, 'Expected a whole number from 1 to 1000')
    .nullable()
    .default(null),
});
/** `url` carries the token as its fragment and is shown once: only the token's hash is kept. */
export const createdLink = link.extend({ url: z.url() });
export const withdrawLinkQuery = z.object({ keep: oneOf(['members', 'nobody']).optional() });

export const linkToken = z.object({
  token: z.string('Expected the token of a link').min(1, 'Expected the token of a link').max(200),
});
/** What somebody who holds a link is shown before they say who they are. */
export const linkPreview = z.object({
  kind: z.enum(['plan', 'team']),
  /** Of the plan, or the name of the team. */
  title: z.string(),
  role: z.enum(LINK_ROLES),
  invitedBy: z.string(),
  /** Guests are not let in. */
  requiresAccount: z.boolean(),
});
/** What the link led to, and what the caller may do there. */
export const redeemedLink = z.union([
  z.object({ planId: id, role: z.enum(ROLES) }),
  z.object({ teamId: id, role: z.enum(ROLES) }),
]);
