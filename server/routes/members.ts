/** Members of plans and of teams, and their roles. What changes here reaches open sockets before the answer is given (R10). */
import type { Hono } from 'hono';
import type { z } from 'zod';
import { CommonplanError } from '../../shared/errors.ts';
import type { Role } from '../../shared/roles.ts';
import * as sharing from '../../shared/sharing-api.ts';
import { sharingMail } from '../auth/mails.ts';
import { createLink, previewLink } from '../store/links.ts';
import { addMember, changeRole, listMembers } from '../store/members.ts';
import { findPeople, isKnown } from '../store/people.ts';
import type { PlanOrTeam } from '../store/plan-or-team.ts';
import { findAccountByEmail } from '../store/users.ts';
import { guardedRoutes, PLANS_AND_TEAMS } from './guarded.ts';
import { type AppContext, type AppEnv, clientAddress, readJson, readQuery, type Services } from './http.ts';
import { linkUrl } from './links.ts';

/** Milliseconds that an invitation to somebody without an account stays good. */
const INVITATION_LASTS = 30 * 24 * 60 * 60_000;

export function memberRoutes({ access, config, kysely, mail, rateLimits, rooms }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);

  const membersOf = async (of: PlanOrTeam): Promise<z.input<typeof sharing.memberList>> => {
    const rows = await listMembers(kysely, of);
    return { members: rows.map((row) => ({ ...row, since: new Date(row.since).toISOString() })) };
  };

  for (const { base, may } of PLANS_AND_TEAMS) {
    routes.get(`${base}/members`, may('read'), async (c, of) => {
      const list = await membersOf(of);
      // Addresses, and labels of links, which may be addresses, are for those who share the plan; names for everybody in it.
      if (of.role !== 'owner') list.members = list.members.map((member) => ({ ...member, email: null, link: null }));
      c.header('Cache-Control', 'no-store');
      return c.json(list);
    });

    routes.get(`${base}/people`, may('share'), async (c, of) => {
      rateLimits.search.take(of.user.id);
      const { q } = readQuery(c, sharing.peopleQuery);
      const people = await findPeople(kysely, { userId: of.user.id, of, q });
      c.header('Cache-Control', 'no-store');
      return c.json({ people } satisfies z.input<typeof sharing.peopleList>);
    });

    routes.post(`${base}/members`, may('share', { inUse: true }), async (c, of) => {
      rateLimits.guess.take(clientAddress(c, config));
      const { role, ...who } = await readJson(c, sharing.addMember);
      const userId = 'userId' in who ? await knownUser(of.user.id, who.userId) : await accountWith(who.email);
      let invitation: z.input<typeof sharing.addedMember>['invitation'] = null;
      if (userId !== undefined) await addMember(kysely, of, { userId, role, by: of.user.id });
      else if ('email' in who) invitation = await invite(c, of, { email: who.email, role, by: of.user.id });
      const answer: z.input<typeof sharing.addedMember> = { ...(await membersOf(of)), invitation };
      c.header('Cache-Control', 'no-store');
      return c.json(answer, 201);
    });

    routes.patch(`${base}/members/:userId`, may('share', { inUse: true }), async (c, of) => {
      const { role } = await readJson(c, sharing.patchMember);
      await changeRole(kysely, of, { userId: c.req.param('userId') ?? '', role, by: of.user.id });
      return c.json(await membersOf(of));
    });

    routes.delete(`${base}/members/:userId`, may('read'), async (c, of) => {
      const userId = c.req.param('userId') ?? '';
      // Everybody may leave; owners may remove others.
      if (userId !== of.user.id && of.role !== 'owner') throw new CommonplanError('forbidden');
      await changeRole(kysely, of, { userId, role: null, by: of.user.id });
      return c.body(null, 204);
    });
  }

  /** Throws `not-found` for people whom the asker shares nothing with, as for ids that are nobody's. */
  async function knownUser(asker: string, userId: string): Promise<string> {
    if (await isKnown(kysely, asker, userId)) return userId;
    throw new CommonplanError('not-found', 'You share no plan and no team with this person.', {
      hint: 'Add them by e-mail address.',
    });
  }

  /**
   * Whose address this is. Anybody can make an account with anybody's address: where mail tells whose it is, only one that was confirmed
   * counts, and the others get a mail like those who have no account.
   */
  async function accountWith(email: string): Promise<string | undefined> {
    const account = await findAccountByEmail(kysely, email);
    return account && (mail === null || account.confirmed) ? account.id : undefined;
  }

  /** For an address that is not known to be anybody's here: a link for one person, sent there if this server can. */
  async function invite(
    c: AppContext,
    of: PlanOrTeam,
    { email, role, by }: { email: string; role: Role; by: string },
  ): Promise<{ linkId: string; url: string | null }> {
    if (role === 'owner') {
      throw new CommonplanError(
        'invalid-request',
        'role: Nobody has an account with this address yet, or it was never confirmed. Expected editor, commenter or viewer.',
        {
          hint: 'Make them an owner when they have come.',
        },
      );
    }
    const terms = { role, label: email.toLowerCase(), expiresAt: Date.now() + INVITATION_LASTS, mostUses: 1 };
    const { id, token } = await createLink(kysely, of, { ...terms, by });
    if (of.planId !== undefined) rooms.notify(of.planId, { type: 'members' });
    const url = linkUrl(c, config, token);
    return { linkId: id, url: (await isMailed(c, email, token, url)) ? null : url };
  }

  /** The link is there either way, to be handed over otherwise. */
  async function isMailed(c: AppContext, to: string, token: string, url: string): Promise<boolean> {
    if (!mail) return false;
    try {
      // Nobody is to be written to again and again, by whomever.
      rateLimits.mail.take(to.toLowerCase());
      // Nor is this server to send what somebody likes to whole lists of people.
      rateLimits.invitation.take(clientAddress(c, config));
      await mail.send(sharingMail(to, url, await previewLink(kysely, token)));
      return true;
    } catch (err) {
      c.var.log.warn({ err }, 'an invitation could not be mailed');
      return false;
    }
  }

  return routes.hono;
}
