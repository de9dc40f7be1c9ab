/** Teams: make, list, rename, archive. Their members and links have the routes of members.ts and links.ts. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import { CommonplanError } from '../../shared/errors.ts';
import * as api from '../../shared/teams-api.ts';
import { createTeam, listTeams, readTeam, renameTeam, setTeamArchived, type TeamRow } from '../store/teams.ts';
import { guardedRoutes, mayTeam, signedIn } from './guarded.ts';
import { type AppEnv, clientAddress, readJson, readQuery, type Services } from './http.ts';

export function teamRoutes({ access, config, kysely, rateLimits }: Services): Hono<AppEnv> {
  const { teamsPath: path } = api;
  const routes = guardedRoutes(access);

  async function summaryOf(userId: string, teamId: string): Promise<api.Team> {
    const row = await readTeam(kysely, userId, teamId);
    if (!row) throw new CommonplanError('not-found');
    return toTeam(row);
  }

  routes.get(path.teams, signedIn, async (c, user) => {
    const { archived } = readQuery(c, api.teamListQuery);
    const rows = await listTeams(kysely, user.id, { archived: archived === 'true' });
    return c.json({ teams: rows.map(toTeam) } satisfies z.input<typeof api.teamList>);
  });

  routes.post(path.teams, signedIn, async (c, user) => {
    rateLimits.create.take(clientAddress(c, config));
    const { name } = await readJson(c, api.createTeam);
    const teamId = await createTeam(kysely, user.id, name);
    c.header('Location', path.team(teamId));
    return c.json(await summaryOf(user.id, teamId), 201);
  });

  routes.get('/api/teams/:teamId', mayTeam('read'), async (c, { teamId, user }) => {
    return c.json(await summaryOf(user.id, teamId));
  });

  routes.patch('/api/teams/:teamId', mayTeam('manage'), async (c, { teamId, user }) => {
    const { name, archived } = await readJson(c, api.patchTeam);
    if (name !== undefined) await renameTeam(kysely, teamId, name, user.id);
    if (archived !== undefined) await setTeamArchived(kysely, teamId, archived, user.id);
    return c.json(await summaryOf(user.id, teamId));
  });

  return routes.hono;
}

const toTeam = ({ createdAt, archivedAt, ...team }: TeamRow): api.Team => ({
  ...team,
  createdAt: new Date(createdAt).toISOString(),
  archivedAt: archivedAt === null ? null : new Date(archivedAt).toISOString(),
});
