/** What the description of the API says about members and links of plans and of teams, and about teams. */
import * as sharing from '../../shared/sharing-api.ts';
import * as teams from '../../shared/teams-api.ts';
import type { Operation } from './openapi-operation.ts';

type Operations = Readonly<Record<string, Operation>>;

const SHARED = ['not-found', 'forbidden'] as const;
const LINK = ['link-invalid', 'link-withdrawn', 'link-expired', 'link-used-up', 'archived'] as const;

const membersAndLinks = (base: '/api/plans/:planId' | '/api/teams/:teamId'): Operations => ({
  [`GET ${base}/members`]: {
    summary: 'Who is in it',
    signedIn: true,
    answer: sharing.memberList,
    errors: ['not-found'],
  },
  [`POST ${base}/members`]: {
    summary:
      'Add somebody by e-mail address, or by an id that `people` found; without an account they are invited by a link',
    signedIn: true,
    body: sharing.addMember,
    status: 201,
    answer: sharing.addedMember,
    errors: [...SHARED, 'conflict', 'archived', 'account-required', 'too-many'],
  },
  [`GET ${base}/people`]: {
    summary: 'People to add, by name, among those with whom the caller shares a plan or a team',
    signedIn: true,
    query: sharing.peopleQuery,
    answer: sharing.peopleList,
    errors: [...SHARED, 'too-many'],
  },
  [`PATCH ${base}/members/:userId`]: {
    summary: 'Give a member another role',
    signedIn: true,
    body: sharing.patchMember,
    answer: sharing.memberList,
    errors: [...SHARED, 'last-owner', 'archived', 'account-required'],
  },
  [`DELETE ${base}/members/:userId`]: {
    summary: 'Remove a member, or leave',
    signedIn: true,
    status: 204,
    errors: [...SHARED, 'last-owner'],
  },
  [`GET ${base}/links`]: {
    summary: 'Links that were not withdrawn',
    signedIn: true,
    answer: sharing.linkList,
    errors: SHARED,
  },
  [`POST ${base}/links`]: {
    summary: 'Make a link that grants a role',
    signedIn: true,
    body: sharing.createLink,
    status: 201,
    answer: sharing.createdLink,
    errors: [...SHARED, 'archived', 'too-many'],
  },
  [`DELETE ${base}/links/:linkId`]: {
    summary: 'Withdraw a link; those who are in by it alone are so no longer, unless `keep=members`',
    signedIn: true,
    query: sharing.withdrawLinkQuery,
    status: 204,
    errors: SHARED,
  },
});

export const SHARING_OPERATIONS: Operations = {
  ...membersAndLinks('/api/plans/:planId'),
  'POST /api/links/look': {
    summary: 'What a link leads to, for whoever holds it',
    signedIn: false,
    body: sharing.linkToken,
    answer: sharing.linkPreview,
    errors: [...LINK, 'too-many'],
  },
  'POST /api/links/redeem': {
    summary: 'Become a member by a link, of a plan or of a team',
    signedIn: true,
    body: sharing.linkToken,
    answer: sharing.redeemedLink,
    errors: [...LINK, 'account-required', 'access-removed', 'too-many'],
  },
  'GET /api/teams': {
    summary: 'My teams, by name',
    signedIn: true,
    query: teams.teamListQuery,
    answer: teams.teamList,
    errors: [],
  },
  'POST /api/teams': {
    summary: 'Make a team, which the caller owns; plans can be made in it',
    signedIn: true,
    body: teams.createTeam,
    status: 201,
    answer: teams.team,
    errors: ['account-required', 'too-many'],
  },
  'GET /api/teams/:teamId': { summary: 'A team in short', signedIn: true, answer: teams.team, errors: ['not-found'] },
  'PATCH /api/teams/:teamId': {
    summary: 'Rename a team, archive it when it has no plans in use, or bring it back',
    signedIn: true,
    body: teams.patchTeam,
    answer: teams.team,
    errors: [...SHARED, 'conflict'],
  },
  ...membersAndLinks('/api/teams/:teamId'),
};
