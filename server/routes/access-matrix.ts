/**
 * For the access matrix: one line per route, with a request that is right in every respect but for who makes it. A new route needs a line
 * here; who may use it follows from the guard that it was registered with and from shared/roles.ts.
 */
import type { Action } from '../../shared/roles.ts';
import { PICTURE, type Subject } from './access-subjects.ts';

export interface Row {
  /** Status for whoever may. */
  readonly done: number;
  readonly query?: string;
  readonly body?: (subject: Subject) => unknown;
  /** What the handler asks for beyond its guard. */
  readonly needs?: Action;
  /** Status, where the plan or team is archived, for whoever may: another than `done` or 410. */
  readonly archived?: number;
}

/** Routes beneath a plan or a team. Ids in the path are the subject's own; a `:userId` is a viewer's. */
export const ROWS: Readonly<Record<string, Row>> = {
  'GET /api/plans/:planId': { done: 200 },
  'PATCH /api/plans/:planId': { done: 200, body: () => ({ public: false }) },
  'DELETE /api/plans/:planId': { done: 204 },
  'GET /api/plans/:planId/audit': { done: 200 },
  'GET /api/plans/:planId/compare': { done: 200, query: '?from=1&to=now' },
  'GET /api/plans/:planId/content': { done: 200 },
  'GET /api/plans/:planId/export/:format': { done: 200 },
  'GET /api/plans/:planId/images/:hash': { done: 200 },
  'POST /api/plans/:planId/images': { done: 201, body: () => PICTURE },
  'GET /api/plans/:planId/links': { done: 200 },
  'POST /api/plans/:planId/links': { done: 201, body: () => ({ role: 'viewer' }) },
  'DELETE /api/plans/:planId/links/:linkId': { done: 204 },
  'GET /api/plans/:planId/members': { done: 200 },
  'POST /api/plans/:planId/members': { done: 201, body: () => ({ email: 'new@example.org', role: 'viewer' }) },
  'PATCH /api/plans/:planId/members/:userId': { done: 200, body: () => ({ role: 'commenter' }) },
  'DELETE /api/plans/:planId/members/:userId': { done: 204, needs: 'share' },
  'GET /api/plans/:planId/people': { done: 200, query: '?q=nobody' },
  'GET /api/plans/:planId/redline/:format': { done: 200, query: '?from=1&to=now' },
  'POST /api/plans/:planId/restores/:restoreId/undo': { done: 200 },
  'GET /api/plans/:planId/snapshots': { done: 200 },
  'POST /api/plans/:planId/snapshots': { done: 201, body: () => ({ label: 'A label' }) },
  'GET /api/plans/:planId/snapshots/:number': { done: 200 },
  'POST /api/plans/:planId/snapshots/:number/restore': { done: 200, body: () => ({}) },
  'GET /sync/:planId': { done: 101 },

  'GET /api/teams/:teamId': { done: 200 },
  'PATCH /api/teams/:teamId': { done: 200, body: () => ({ name: 'Another name' }) },
  'GET /api/teams/:teamId/links': { done: 200 },
  'POST /api/teams/:teamId/links': { done: 201, body: () => ({ role: 'viewer' }) },
  'DELETE /api/teams/:teamId/links/:linkId': { done: 204 },
  'GET /api/teams/:teamId/members': { done: 200 },
  'POST /api/teams/:teamId/members': { done: 201, body: () => ({ email: 'new@example.org', role: 'viewer' }) },
  'PATCH /api/teams/:teamId/members/:userId': { done: 200, body: () => ({ role: 'commenter' }) },
  'DELETE /api/teams/:teamId/members/:userId': { done: 204, needs: 'share' },
  'GET /api/teams/:teamId/people': { done: 200, query: '?q=nobody' },
};

/** Routes that need a person, but no plan or team. */
export const SIGNED_IN: Readonly<Record<string, Pick<Row, 'done' | 'query'> & { readonly body?: () => unknown }>> = {
  'GET /api/plans': { done: 200 },
  'POST /api/plans': { done: 201, body: () => ({ title: 'A plan' }) },
  'POST /api/plans/import': { done: 201, body: file },
  'POST /api/convert': { done: 200, body: () => ({ text: '# A plan', format: 'md' }) },
  'GET /api/teams': { done: 200 },
  'POST /api/teams': { done: 400, body: () => ({}) },
  'POST /api/links/redeem': { done: 404, body: () => ({ token: 'none' }) },
  'POST /api/auth/update-user': { done: 200, body: () => ({ name: 'Another name' }) },
  'POST /api/auth/change-password': {
    done: 400,
    body: () => ({}),
  },
  'POST /api/auth/change-email': { done: 400, body: () => ({}) },
  'POST /api/auth/send-confirmation': { done: 409, body: () => ({}) },
  'GET /api/auth/sessions': { done: 200 },
  'DELETE /api/auth/sessions/:sessionId': { done: 404 },
  'POST /api/auth/sign-out-everywhere': { done: 204, body: () => ({}) },
  'GET /api/account': { done: 200 },
  'GET /api/account/data': { done: 200 },
  'POST /api/account/delete': { done: 204, body: () => ({}) },
};

/** Routes that anybody may use, with what somebody who is not signed in gets. */
export const ANYBODY: typeof SIGNED_IN = {
  'GET /api/health': { done: 200 },
  'GET /api/metrics': { done: 404 },
  'GET /api/openapi.json': { done: 200 },
  'GET /api/templates': { done: 200 },
  'GET /api/export-formats': { done: 200 },
  'POST /api/links/look': { done: 404, body: () => ({ token: 'none' }) },
  'GET /api/auth/get-session': { done: 200 },
  'POST /api/auth/sign-in/anonymous': { done: 200, body: () => ({ name: 'Guest' }) },
  'POST /api/auth/sign-up/email': { done: 400, body: () => ({ email: 'none' }) },
  'POST /api/auth/sign-in/email': { done: 401, body: () => ({ email: 'none@example.org', password: 'wrong' }) },
  'POST /api/auth/sign-out': { done: 200, body: () => ({}) },
  'GET /api/auth/ways-in': { done: 200 },
  'POST /api/auth/request-password-reset': { done: 501, body: () => ({ email: 'none@example.org' }) },
  'POST /api/auth/reset-password': { done: 404, body: () => ({ token: 'none', newPassword: 'a long password' }) },
  'POST /api/auth/confirm-email': { done: 404, body: () => ({ token: 'none' }) },
  'POST /api/auth/provider/sign-in': { done: 404, body: () => ({}) },
  'GET /api/auth/provider/callback': { done: 404 },
};

/** Routes for administrators of the server. */
export const ADMINISTRATOR: typeof SIGNED_IN = {
  'GET /api/admin/people': { done: 200 },
  'PATCH /api/admin/people/:userId': { done: 200, body: () => ({ suspended: false }) },
  'GET /api/admin/storage': { done: 200 },
  'GET /api/admin/invitations': { done: 200 },
  'POST /api/admin/invitations': { done: 201, body: () => ({}) },
  'DELETE /api/admin/invitations/:invitationId': { done: 404 },
  'GET /api/admin/audit': { done: 200 },
};

function file(): FormData {
  const form = new FormData();
  form.set('file', new File(['# A plan\n'], 'plan.md'));
  return form;
}
