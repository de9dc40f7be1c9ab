/** The client's side of the routes of teams, as client/api.ts has those of plans. */
import type { z } from 'zod';
import { path as planPath, planSummary } from '../shared/api.ts';
import * as shape from '../shared/teams-api.ts';
import { call } from './api.ts';

const { teamsPath: path } = shape;

export const teamsApi = {
  teams: ({ archived = false } = {}, signal?: AbortSignal) =>
    call('GET', path.teams, shape.teamList, { query: archived ? { archived: 'true' } : {}, signal }),
  team: (teamId: string, signal?: AbortSignal) => call('GET', path.team(teamId), shape.team, { signal }),
  createTeam: (body: z.input<typeof shape.createTeam>) => call('POST', path.teams, shape.team, { body }),
  patchTeam: (teamId: string, body: z.input<typeof shape.patchTeam>) =>
    call('PATCH', path.team(teamId), shape.team, { body }),
  /** null: out of its team; whoever takes it out owns it then. */
  movePlan: (planId: string, teamId: string | null) =>
    call('PATCH', planPath.plan(planId), planSummary, { body: { teamId } }),
};
