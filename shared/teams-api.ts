/** Teams, as their routes take and give them: assemblies that own plans, so that a plan does not belong to one person. */
import { z } from 'zod';
import { id, oneOf, time, visibleLine } from './api.ts';
import { ROLES } from './roles.ts';

/** Members and links of a team have the shapes of those of a plan (sharing-api.ts). */
export const teamsPath = {
  teams: '/api/teams',
  team: (teamId: string) => `${teamsPath.teams}/${encodeURIComponent(teamId)}`,
  members: (teamId: string) => `${teamsPath.team(teamId)}/members`,
  member: (teamId: string, userId: string) => `${teamsPath.members(teamId)}/${encodeURIComponent(userId)}`,
  /** Query: `q`, the beginning of a word of the name. */
  people: (teamId: string) => `${teamsPath.team(teamId)}/people`,
  links: (teamId: string) => `${teamsPath.team(teamId)}/links`,
  /** DELETE withdraws it; `?keep=members` leaves those in who came by it. */
  link: (teamId: string, linkId: string) => `${teamsPath.links(teamId)}/${encodeURIComponent(linkId)}`,
} as const;

export const team = z.object({
  id,
  name: z.string(),
  /** The caller's role: in the team, and in each of its plans. */
  role: z.enum(ROLES),
  /** How many people are in it. */
  members: z.number().int(),
  /** How many plans it has in use. */
  plans: z.number().int(),
  createdAt: time,
  archivedAt: time.nullable(),
});
export type Team = z.infer<typeof team>;
/** Those that the caller is in, by name. */
export const teamList = z.object({ teams: z.array(team) });
export const teamListQuery = z.object({ archived: oneOf(['true', 'false']).optional() });

export const teamName = visibleLine('a name', 120);
export const createTeam = z.object({ name: teamName });
/** Archive with true, bring back with false. A team with plans in use cannot be archived. */
export const patchTeam = z
  .object({ name: teamName.optional(), archived: z.boolean('Expected true or false').optional() })
  .refine(({ name, archived }) => name !== undefined || archived !== undefined, 'Expected name or archived');
