/** The client's side of the routes of accounts and of administration. */
import type { z } from 'zod';
import * as shape from '../shared/accounts-api.ts';
import { type AuditPage, auditPage } from '../shared/audit.ts';
import { call, tell } from './api.ts';

const { accountPath: path, adminPath } = shape;

export const accountsApi = {
  waysIn: () => call('GET', path.waysIn, shape.waysIn),
  requestPasswordReset: (body: z.input<typeof shape.requestPasswordReset>) =>
    tell('POST', path.requestPasswordReset, { body }),
  resetPassword: (body: z.input<typeof shape.resetPassword>) => tell('POST', path.resetPassword, { body }),
  changeEmail: (body: z.input<typeof shape.changeEmail>) =>
    call('POST', path.changeEmail, shape.changedEmail, { body }),
  sendConfirmation: () => tell('POST', path.sendConfirmation, { body: {} }),
  confirmEmail: (token: string) => call('POST', path.confirmEmail, shape.confirmedEmail, { body: { token } }),
  /** Resolves to the address of the sign-in service, where the browser has to go. */
  providerSignIn: async (body: z.input<typeof shape.providerSignIn>) =>
    (await call('POST', path.providerSignIn, shape.providerRedirect, { body })).url,
  account: () => call('GET', path.account, shape.account),
  sessions: () => call('GET', path.sessions, shape.sessionList),
  endSession: (sessionId: string) => tell('DELETE', path.session(sessionId)),
  signOutEverywhere: () => tell('POST', path.signOutEverywhere, { body: {} }),
  deleteAccount: (body: z.input<typeof shape.deleteAccount>) => tell('POST', path.deleteAccount, { body }),
};

export const adminApi = {
  people: (query: { q: string; kind: string; offset: string }, signal: AbortSignal) =>
    call('GET', adminPath.people, shape.adminPeople, { query, signal }),
  patchPerson: (userId: string, body: z.input<typeof shape.patchPerson>) =>
    call('PATCH', adminPath.person(userId), shape.adminPerson, { body }),
  storage: () => call('GET', adminPath.storage, shape.adminStorage),
  invitations: () => call('GET', adminPath.invitations, shape.invitationList),
  invite: (body: z.input<typeof shape.createInvitation>) =>
    call('POST', adminPath.invitations, shape.createdInvitation, { body }),
  withdrawInvitation: (invitationId: string) => tell('DELETE', adminPath.invitation(invitationId)),
  audit: (before: number | null): Promise<AuditPage> =>
    call('GET', adminPath.audit, auditPage, { query: { before: before === null ? undefined : String(before) } }),
};
