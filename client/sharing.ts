/** What the elements for sharing ask of the server: of a plan and of a team alike, which have the same routes for it. */
import type { z } from 'zod';
import { path } from '../shared/api.ts';
import type { Role } from '../shared/roles.ts';
import * as shape from '../shared/sharing-api.ts';
import { teamsPath } from '../shared/teams-api.ts';
import { call, tell } from './api.ts';

export type FoundPerson = z.infer<typeof shape.peopleList>['people'][number];

export interface Sharing {
  readonly kind: 'plan' | 'team';
  members(signal?: AbortSignal): Promise<z.infer<typeof shape.memberList>>;
  /** `q`: a part of a name, of two characters or more. */
  people(q: string, signal?: AbortSignal): Promise<z.infer<typeof shape.peopleList>>;
  addMember(body: z.input<typeof shape.addMember>): Promise<z.infer<typeof shape.addedMember>>;
  changeRole(userId: string, role: Role): Promise<void>;
  removeMember(userId: string): Promise<void>;
  links(signal?: AbortSignal): Promise<z.infer<typeof shape.linkList>>;
  createLink(body: z.input<typeof shape.createLink>): Promise<z.infer<typeof shape.createdLink>>;
  withdrawLink(linkId: string, options: { keepMembers: boolean }): Promise<void>;
}

export const planSharing = (planId: string): Sharing => sharing('plan', path, planId);
export const teamSharing = (teamId: string): Sharing => sharing('team', teamsPath, teamId);

type Paths = Pick<typeof path, 'members' | 'member' | 'people' | 'links' | 'link'>;

function sharing(kind: Sharing['kind'], paths: Paths, id: string): Sharing {
  return {
    kind,
    members: (signal) => call('GET', paths.members(id), shape.memberList, { signal }),
    people: (q, signal) => call('GET', paths.people(id), shape.peopleList, { query: { q }, signal }),
    addMember: (body) => call('POST', paths.members(id), shape.addedMember, { body }),
    changeRole: (userId, role) => tell('PATCH', paths.member(id, userId), { body: { role } }),
    removeMember: (userId) => tell('DELETE', paths.member(id, userId)),
    links: (signal) => call('GET', paths.links(id), shape.linkList, { signal }),
    createLink: (body) => call('POST', paths.links(id), shape.createdLink, { body }),
    withdrawLink: (linkId, { keepMembers }) =>
      tell('DELETE', paths.link(id, linkId), { query: keepMembers ? { keep: 'members' } : {} }),
  };
}
