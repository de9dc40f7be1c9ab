/** What administrators see and do: people, invitations, storage, the server's audit log. Nothing here opens a plan. */
import { statfsSync } from 'node:fs';
import type { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/accounts-api.ts';
import { type auditPage, auditQuery } from '../../shared/audit.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { invitationMail } from '../auth/mails.ts';
import {
  databaseSizes,
  listInvitations,
  listPeople,
  listPlanSizes,
  type PersonRow,
  readPerson,
  setAdministrator,
  setSuspended,
  withdrawInvitation,
} from '../store/administration.ts';
import { writeAudit } from '../store/audit.ts';
import { createToken } from '../store/tokens.ts';
import { administrator, guardedRoutes } from './guarded.ts';
import { type AppContext, type AppEnv, readJson, readQuery, type Services } from './http.ts';

export function adminRoutes({ access, audit, config, databaseFile, kysely, mail }: Services): Hono<AppEnv> {
  const { adminPath: path } = api;
  const routes = guardedRoutes(access);

  const privately = <Body>(c: AppContext, body: Body, status: 200 | 201 = 200): Response => {
    c.header('Cache-Control', 'no-store');
    return c.json(body, status);
  };

  routes.get(path.people, administrator, async (c) => {
    const { people, total } = await listPeople(kysely, readQuery(c, api.adminPeopleQuery));
    return privately(c, { people: people.map(toPerson), total } satisfies z.input<typeof api.adminPeople>);
  });

  routes.patch('/api/admin/people/:userId', administrator, async (c, user) => {
    const userId = c.req.param('userId');
    const patch = await readJson(c, api.patchPerson);
    if (patch.suspended !== undefined) await setSuspended(kysely, userId, patch.suspended, user.id);
    if (patch.administrator !== undefined) await setAdministrator(kysely, userId, patch.administrator, user.id);
    return privately(c, toPerson(await readPerson(kysely, userId)) satisfies z.input<typeof api.adminPerson>);
  });

  routes.get(path.storage, administrator, async (c) => {
    const { bavail, bsize } = statfsSync(config.dataDir);
    const plans = (await listPlanSizes(kysely)).map(({ archived_at, updated_at, ...plan }) => ({
      ...plan,
      archived: archived_at !== null,
      updatedAt: new Date(updated_at).toISOString(),
    }));
    const sum = (of: 'log' | 'snapshots' | 'images') => plans.reduce((bytes, plan) => bytes + plan[of], 0);
    return privately(c, {
      ...databaseSizes(databaseFile),
      free: bavail * bsize,
      plans,
      total: { log: sum('log'), snapshots: sum('snapshots'), images: sum('images') },
    } satisfies z.input<typeof api.adminStorage>);
  });

  routes.get(path.invitations, administrator, async (c) => {
    const invitations = (await listInvitations(kysely)).map(({ id, email, created_at, expires_at, createdBy }) => ({
      ...{ id, email, createdBy: createdBy ?? '' },
      createdAt: new Date(created_at).toISOString(),
      expiresAt: new Date(expires_at).toISOString(),
    }));
    return privately(c, { invitations } satisfies z.input<typeof api.invitationList>);
  });

  routes.post(path.invitations, administrator, async (c, user) => {
    const { email } = await readJson(c, api.createInvitation);
    if (config.signUp === 'closed') {
      throw new CommonplanError('sign-up-closed', 'This server takes no new accounts.', {
        hint: 'SIGN_UP=invitation lets you invite people.',
      });
    }
    const made = await createToken(kysely, {
      ...{ purpose: 'invitation', createdBy: user.id },
      ...(email !== undefined && { email }),
    });
    await writeAudit(kysely, { planId: null, actor: user.id, action: 'invitation-made' });
    const origin = config.baseUrl ?? new URL(c.req.url).origin;
    const sent = email !== undefined && mail !== null && (await isSent(c, email, origin, made.token, user.name));
    const createdAt = new Date().toISOString();
    const invitation = {
      ...{ id: made.id, email: email ?? null, createdAt, createdBy: user.name, sent },
      expiresAt: new Date(made.expiresAt).toISOString(),
      url: api.tokenUrl(origin, 'invitation', made.token),
    };
    return privately(c, invitation satisfies z.input<typeof api.createdInvitation>, 201);
  });

  /** The invitation is there either way, to be handed over otherwise. */
  async function isSent(c: AppContext, to: string, origin: string, token: string, by: string): Promise<boolean> {
    try {
      await mail?.send(invitationMail(to, origin, token, by));
      return true;
    } catch (err) {
      c.var.log.warn({ err }, 'an invitation could not be mailed');
      return false;
    }
  }

  routes.delete('/api/admin/invitations/:invitationId', administrator, async (c) => {
    await withdrawInvitation(kysely, c.req.param('invitationId'));
    return c.body(null, 204);
  });

  routes.get(path.audit, administrator, async (c) =>
    privately(c, (await audit.read(readQuery(c, auditQuery))) satisfies z.input<typeof auditPage>),
  );

  return routes.hono;
}

function toPerson(row: PersonRow): z.input<typeof api.adminPerson> {
  return {
    id: row.id,
    name: row.name,
    email: row.isAnonymous === 1 ? null : row.email,
    administrator: row.administrator === 1,
    suspendedAt: row.suspendedAt === null ? null : new Date(row.suspendedAt).toISOString(),
    createdAt: new Date(row.createdAt).toISOString(),
    lastSeen: row.lastSeen === null ? null : new Date(row.lastSeen).toISOString(),
    plans: Number(row.plans),
  };
}
