/** The closed table of everything that can be refused: HTTP status, socket close code, whether trying again can help, and what to say. */

interface ErrorEntry {
  /** HTTP status of a refused request. */
  readonly status: number;
  /**
   * WebSocket close code: 4400-4499 permanent (y-websocket stops reconnecting), 4500-4599 and 1000-2999 transient (it tries again).
   * Absent for errors that no socket is ever closed with.
   */
  readonly close?: number;
  /** For people. What was expected and what to do. */
  readonly message: string;
}

export const ERRORS = {
  'invalid-request': { status: 400, close: 4400, message: 'The request is not of the expected form.' },
  'invalid-update': { status: 400, close: 4400, message: 'The change could not be read, so it was not accepted.' },
  'not-signed-in': { status: 401, close: 4401, message: 'Sign in, or continue as a guest, to do this.' },
  'session-ended': { status: 401, close: 4501, message: 'This sign-in has ended. Reconnecting.' },
  'wrong-credentials': { status: 401, message: 'The e-mail address or the password is not right.' },
  forbidden: { status: 403, close: 4403, message: 'Your role in this plan does not allow this.' },
  'origin-refused': { status: 403, message: 'The request came from another site.' },
  'access-removed': { status: 403, close: 4403, message: 'You no longer have access to this plan.' },
  'account-required': {
    status: 403,
    close: 4407,
    message: 'This plan is for people with an account. Make one, or sign in to yours.',
  },
  'read-only': { status: 403, close: 4405, message: 'You may read this plan, but not change it.' },
  'foreign-author': {
    status: 403,
    close: 4507,
    message: "The change contains text under somebody else's name that the server does not have yet.",
  },
  'missing-context': {
    status: 409,
    close: 4508,
    message: 'The change builds on text that the server does not have. Reconnecting to send that first.',
  },
  suspended: {
    status: 403,
    close: 4411,
    message: 'This account has been suspended. Ask the administrator of this server.',
  },
  'sign-up-closed': {
    status: 403,
    message: 'This server takes new accounts only by invitation. Ask its administrator for one.',
  },
  'email-unconfirmed': {
    status: 403,
    message: 'The sign-in service has not confirmed your e-mail address, so it cannot be used here.',
  },
  'provider-failed': {
    status: 502,
    message: 'The sign-in service did not let you in, or could not be reached. Try again, or sign in another way.',
  },
  'no-mail': {
    status: 501,
    message: 'This server sends no e-mail. Its administrator can make a link for a new password.',
  },
  'not-found': { status: 404, close: 4404, message: 'There is nothing at this address, or you have no access to it.' },
  'link-invalid': {
    status: 404,
    message:
      'There is no such link. Perhaps a part of it is missing: copy it again from the message in which you got it.',
  },
  'link-withdrawn': {
    status: 410,
    close: 4406,
    message: 'The link to this plan has been withdrawn. Ask its owners for another.',
  },
  'link-expired': { status: 410, message: 'This link has expired. Ask for a new one.' },
  'link-used-up': { status: 410, message: 'This link has let in as many people as it could. Ask for a new one.' },
  'token-invalid': {
    status: 404,
    message: 'This link has been used, has expired or is not complete. Ask for a new one.',
  },
  conflict: { status: 409, message: 'Somebody changed this at the same time. Look again, then retry.' },
  'nothing-changed': { status: 409, message: 'Nothing has changed since the last snapshot.' },
  'email-taken': {
    status: 409,
    message: 'There is already an account with this e-mail address. Sign in to it instead.',
  },
  'last-owner': { status: 409, message: 'There has to be an owner. Make somebody else an owner first.' },
  'sole-owner': {
    status: 409,
    message: 'You are the only owner of something that others are in. Make somebody else an owner first.',
  },
  'other-generation': {
    status: 409,
    close: 4409,
    message: 'This copy belongs to another history of the plan and cannot be merged into it.',
  },
  'snapshot-thinned': {
    status: 410,
    message: 'This automatic snapshot was thinned out with age: its text is gone, its place in the history stays.',
  },
  archived: { status: 410, close: 4410, message: 'This plan has been archived.' },
  'too-large': { status: 413, close: 4413, message: 'This is larger than this server accepts.' },
  'plan-too-large': {
    status: 413,
    close: 4414,
    message: 'The plan has reached the size this server accepts. Export it, or continue in a new plan.',
  },
  'not-text': { status: 415, message: 'The file is not text that can be imported. Expected Markdown in UTF-8.' },
  'unknown-format': { status: 415, message: 'This format is not known here.' },
  'invalid-image': { status: 422, message: 'The picture could not be read: the file is damaged, or not whole.' },
  'invalid-document': { status: 422, message: 'The document could not be read.' },
  'page-too-old': {
    status: 426,
    close: 4426,
    message: 'This page is older than the plan. Reload it to go on writing.',
  },
  'page-too-new': {
    status: 426,
    close: 4427,
    message: 'This page is newer than the server. Reload it to go on writing.',
  },
  'too-many': { status: 429, close: 4529, message: 'Too many requests. Wait a little, then try again.' },
  'too-slow': { status: 503, close: 4513, message: 'The connection could not keep up. Reconnecting.' },
  'room-full': { status: 503, close: 4503, message: 'Too many people have this plan open. Try again later.' },
  'storage-failed': {
    status: 503,
    close: 4500,
    message: 'The server could not store the change. It will be sent again.',
  },
  'disk-full': {
    status: 507,
    close: 4510,
    message: 'The server’s disk is full. It takes nothing new until its administrator has made room.',
  },
  restarting: { status: 503, close: 1012, message: 'The server is restarting. Reconnecting.' },
  busy: { status: 503, message: 'The server is busy with other work of this kind. Try again in a moment.' },
  'snapshot-damaged': {
    status: 500,
    message:
      'This snapshot is not what was stored: its hash does not match. The administrator should look at it with npm run verify.',
  },
  internal: { status: 500, close: 1011, message: 'Something went wrong on the server. It has been recorded.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** What every layer throws for something refused; routes and sockets translate it by the table above. */
export class CommonplanError extends Error {
  readonly code: ErrorCode;
  /** What to do about it, where the table's message is not enough. */
  readonly hint: string | undefined;

  /** `message` replaces the table's where more is known, e.g. the value that was refused. */
  constructor(code: ErrorCode, message?: string, options?: { hint?: string; cause?: unknown }) {
    super(message ?? ERRORS[code].message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CommonplanError';
    this.code = code;
    this.hint = options?.hint;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  /** The close code; 1011 (internal error) where the table names none. */
  get close(): number {
    const entry: ErrorEntry = ERRORS[this.code];
    return entry.close ?? ERRORS.internal.close;
  }
}

/** Whether a client that was closed with this code should stop reconnecting. */
export function isPermanentClose(close: number): boolean {
  return close >= 4400 && close <= 4499;
}

/** The code of the table for a close code, e.g. to tell the person why. */
export function errorOfClose(close: number): ErrorCode | undefined {
  return (Object.keys(ERRORS) as ErrorCode[]).find((code) => (ERRORS[code] as ErrorEntry).close === close);
}
