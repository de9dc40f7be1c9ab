/** What the description of the API says about accounts and administration. */
import { z } from 'zod';
import * as accounts from '../../shared/accounts-api.ts';
import * as api from '../../shared/api.ts';
import { auditPage, auditQuery } from '../../shared/audit.ts';
import type { Operation } from './openapi-operation.ts';

const done = z.object({ success: z.boolean() });
const updated = z.object({ status: z.boolean() });
const ADMINISTRATOR = ['forbidden'] as const;

export const ACCOUNT_OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /api/auth/ways-in': {
    summary: 'Who may sign up, whether the server sends mail, and the name of its sign-in service',
    signedIn: false,
    answer: accounts.waysIn,
    errors: [],
  },
  'GET /api/auth/get-session': {
    summary: 'Who is signed in; null: nobody',
    signedIn: false,
    answer: api.session,
    errors: [],
  },
  'POST /api/auth/sign-in/anonymous': {
    summary: 'Begin as a guest with a name',
    signedIn: false,
    body: accounts.enterAsGuest,
    answer: api.signedIn,
    errors: ['conflict', 'sign-up-closed', 'account-required', 'too-many'],
  },
  'POST /api/auth/sign-up/email': {
    summary: 'Make an account; a guest who is signed in becomes it and keeps everything',
    signedIn: false,
    body: accounts.enterWithAccount,
    answer: api.signedIn,
    errors: ['email-taken', 'sign-up-closed', 'token-invalid', 'too-many'],
  },
  'POST /api/auth/sign-in/email': {
    summary: 'Sign in; a guest who is signed in brings the plans along',
    signedIn: false,
    body: api.signIn,
    answer: api.signedIn,
    errors: ['wrong-credentials', 'suspended', 'too-many'],
  },
  'POST /api/auth/sign-out': { summary: 'End this session', signedIn: false, answer: done, errors: [] },
  'POST /api/auth/update-user': {
    summary: 'Change the name',
    signedIn: true,
    body: api.updateUser,
    answer: updated,
    errors: [],
  },
  'POST /api/auth/change-password': {
    summary: 'Change the password; other sessions end',
    signedIn: true,
    body: api.changePassword,
    answer: z.object({ token: z.string().nullable(), user: api.user }),
    errors: ['wrong-credentials', 'too-many'],
  },
  'POST /api/auth/request-password-reset': {
    summary: 'Have a link for a new password mailed; answered the same for addresses without an account',
    signedIn: false,
    body: accounts.requestPasswordReset,
    status: 204,
    errors: ['no-mail', 'too-many'],
  },
  'POST /api/auth/reset-password': {
    summary: 'Set a new password by the token of a link; all sessions end',
    signedIn: false,
    body: accounts.resetPassword,
    status: 204,
    errors: ['token-invalid', 'too-many'],
  },
  'POST /api/auth/change-email': {
    summary: 'Change the e-mail address; where the server sends mail, the new one has to be confirmed',
    signedIn: true,
    body: accounts.changeEmail,
    answer: accounts.changedEmail,
    errors: ['wrong-credentials', 'email-taken', 'conflict', 'too-many'],
  },
  'POST /api/auth/confirm-email': {
    summary: 'Confirm an e-mail address by the token of a link',
    signedIn: false,
    body: accounts.confirmEmail,
    answer: accounts.confirmedEmail,
    errors: ['token-invalid', 'email-taken', 'too-many'],
  },
  'POST /api/auth/send-confirmation': {
    summary: 'Have the link mailed that confirms my e-mail address',
    signedIn: true,
    status: 204,
    errors: ['no-mail', 'conflict', 'too-many'],
  },
  'POST /api/auth/provider/sign-in': {
    summary: 'Begin to sign in by the sign-in service, or to connect the account with it: where to send the browser',
    signedIn: false,
    body: accounts.providerSignIn,
    answer: accounts.providerRedirect,
    errors: ['not-found', 'not-signed-in', 'provider-failed', 'too-many'],
  },
  'GET /api/auth/provider/callback': {
    summary: 'Where the sign-in service sends the browser back to; leads to a page of ours',
    signedIn: false,
    status: 302,
    errors: ['not-found', 'too-many'],
  },
  'GET /api/auth/sessions': {
    summary: 'Where I am signed in',
    signedIn: true,
    answer: accounts.sessionList,
    errors: [],
  },
  'DELETE /api/auth/sessions/:sessionId': {
    summary: 'End one of my sessions',
    signedIn: true,
    status: 204,
    errors: ['not-found'],
  },
  'POST /api/auth/sign-out-everywhere': {
    summary: 'End all of my sessions, this one too',
    signedIn: true,
    status: 204,
    errors: [],
  },
  'GET /api/account': {
    summary: 'My account, and what deleting it would do',
    signedIn: true,
    answer: accounts.account,
    errors: [],
  },
  'GET /api/account/data': {
    summary: 'All that is stored about my account, with the plans that I own',
    signedIn: true,
    answer: accounts.accountData,
    errors: ['busy', 'too-many'],
  },
  'POST /api/account/delete': {
    summary: 'Delete my account; what I wrote stays, without my name',
    signedIn: true,
    body: accounts.deleteAccount,
    status: 204,
    errors: ['wrong-credentials', 'sole-owner', 'too-many'],
  },
  'GET /api/admin/people': {
    summary: 'For administrators: accounts or guests, the latest first',
    signedIn: true,
    query: accounts.adminPeopleQuery,
    answer: accounts.adminPeople,
    errors: ADMINISTRATOR,
  },
  'PATCH /api/admin/people/:userId': {
    summary: 'For administrators: suspend somebody or let them in again; make or unmake administrators',
    signedIn: true,
    body: accounts.patchPerson,
    answer: accounts.adminPerson,
    errors: [...ADMINISTRATOR, 'not-found', 'conflict'],
  },
  'GET /api/admin/storage': {
    summary: 'For administrators: what plans take on the disk',
    signedIn: true,
    answer: accounts.adminStorage,
    errors: ADMINISTRATOR,
  },
  'GET /api/admin/invitations': {
    summary: 'For administrators: invitations that can still be used',
    signedIn: true,
    answer: accounts.invitationList,
    errors: ADMINISTRATOR,
  },
  'POST /api/admin/invitations': {
    summary: 'For administrators: invite somebody to make an account',
    signedIn: true,
    body: accounts.createInvitation,
    status: 201,
    answer: accounts.createdInvitation,
    errors: [...ADMINISTRATOR, 'sign-up-closed'],
  },
  'DELETE /api/admin/invitations/:invitationId': {
    summary: 'For administrators: withdraw an invitation',
    signedIn: true,
    status: 204,
    errors: [...ADMINISTRATOR, 'not-found'],
  },
  'GET /api/admin/audit': {
    summary: 'For administrators: the audit log of the server and of all plans, the newest first',
    signedIn: true,
    query: auditQuery,
    answer: auditPage,
    errors: ADMINISTRATOR,
  },
};
