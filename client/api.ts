/** The client's side of every HTTP route: typed by the shapes in shared/api.ts, and every failure an error with words for people. */
import { z } from 'zod';
import type { enterWithAccount } from '../shared/accounts-api.ts';
import * as shape from '../shared/api.ts';
import { auditPage, auditPath } from '../shared/audit.ts';
import { convertedText, convertPath, type convertText } from '../shared/convert-api.ts';
import { CommonplanError, ERRORS, type ErrorCode } from '../shared/errors.ts';
import type { ExportFormat } from '../shared/export.ts';
import * as sharing from '../shared/sharing-api.ts';
import { nameIn } from './export/save-file.ts';

const { path } = shape;

/** The request never came back: offline, the server is gone, or something between is broken. Trying again can help. */
export class NetworkError extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached. Check your connection, then try again.', { cause });
    this.name = 'NetworkError';
  }
}

let onSignedOut: () => void = () => undefined;

/** Who wants to hear that the server no longer knows who we are (the session, which asks to sign in again). */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

interface Options {
  readonly query?: Record<string, string | undefined>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request and reads the answer with its schema.
 * Throws CommonplanError with the server's code and words, NetworkError without an answer, AbortError when `signal` gave up.
 */
export async function call<S extends z.ZodType>(
  method: string,
  url: string,
  answer: S,
  options: Options = {},
): Promise<z.infer<S>> {
  const response = await send(method, url, options);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorFrom(response, body);
  const parsed = answer.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CommonplanError(
    'internal',
    'The server answered in a form this page does not understand. Reload the page.',
    {
      cause: parsed.error,
    },
  );
}

/** As `call`, where the answer's body does not matter. */
export async function tell(method: string, url: string, options: Options = {}): Promise<void> {
  const response = await send(method, url, options);
  if (!response.ok) throw errorFrom(response, await response.json().catch(() => undefined));
}

async function send(method: string, url: string, { query, body, signal }: Options): Promise<Response> {
  const search = new URLSearchParams(
    Object.entries(query ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
  const form = body instanceof FormData;
  try {
    return await fetch(search.size > 0 ? `${url}?${search}` : url, {
      method,
      signal: signal ?? null,
      headers: body === undefined || form ? {} : { 'content-type': 'application/json' },
      body: body === undefined || form ? (body ?? null) : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new NetworkError(error);
  }
}

/** The error that an answer stands for. `body`: as read from JSON; undefined where it is none. */
export function errorFrom(response: { readonly status: number }, body: unknown): CommonplanError {
  const parsed = shape.errorBody.safeParse(body);
  if (!parsed.success) return new CommonplanError(codeOfStatus(response.status));
  const { code, message, hint } = parsed.data.error;
  const known: ErrorCode = code in ERRORS ? (code as ErrorCode) : codeOfStatus(response.status);
  if (known === 'not-signed-in') onSignedOut();
  return new CommonplanError(known, message, hint === undefined ? {} : { hint });
}

/** For answers that are not ours, e.g. of a proxy in between. */
function codeOfStatus(status: number): ErrorCode {
  if (status >= 500) return status === 503 ? 'busy' : 'internal';
  return (Object.keys(ERRORS) as ErrorCode[]).find((code) => ERRORS[code].status === status) ?? 'invalid-request';
}

/** What to tell a person about anything thrown. Never empty, never technical. */
export function explain(error: unknown): string {
  if (error instanceof CommonplanError) return error.hint ? `${error.message} ${error.hint}` : error.message;
  if (error instanceof NetworkError) return error.message;
  return 'Something went wrong on this page. Reload it, then try again.';
}

type Query = z.infer<typeof shape.planListQuery>;

/** Options as they stand in an address; `snapshot` empty: the live plan. */
export type ExportQuery = Readonly<Record<string, string>>;

export interface ExportedFile {
  readonly file: Blob;
  /** null: the server gave none. */
  readonly name: string | null;
  /** Sentences about what could not be written as it is in the plan. */
  readonly warnings: readonly string[];
}

/** As `call`, where the answer is a file. */
async function fetchFile(url: string, query: ExportQuery, signal?: AbortSignal): Promise<ExportedFile> {
  const response = await send('GET', url, { query, signal });
  if (!response.ok) throw errorFrom(response, await response.json().catch(() => undefined));
  const name = nameIn(response.headers.get('content-disposition'));
  const warnings = z.array(z.string()).parse(JSON.parse(response.headers.get(shape.WARNINGS_HEADER) ?? '[]'));
  try {
    return { file: await response.blob(), name, warnings };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new NetworkError(error);
  }
}

export const api = {
  session: () => call('GET', path.session, shape.session),
  /** `link`: the token of a plan's link, which some servers ask of guests. */
  signInAsGuest: (name: string, link?: string) =>
    call('POST', path.signInAsGuest, shape.signedIn, { body: { name, ...(link && { link }) } }),
  signUp: (body: z.input<typeof enterWithAccount>) => call('POST', path.signUp, shape.signedIn, { body }),
  signIn: (body: z.input<typeof shape.signIn>) => call('POST', path.signIn, shape.signedIn, { body }),
  signOut: () => tell('POST', path.signOut, { body: {} }),
  rename: (name: string) => tell('POST', path.updateUser, { body: { name } }),
  changePassword: (body: z.input<typeof shape.changePassword>) => tell('POST', path.changePassword, { body }),

  plans: (query: Query, signal?: AbortSignal) => call('GET', path.plans, shape.planList, { query, signal }),
  plan: (planId: string) => call('GET', path.plan(planId), shape.planSummary),
  createPlan: (body: z.input<typeof shape.createPlan>) => call('POST', path.plans, shape.planSummary, { body }),
  /** Empty where there is none: `wiki`, where the pages of a wiki's links are, and `teamId`, whose plan it will be. */
  importPlan: (file: File, { wiki = '', teamId = '' }, signal?: AbortSignal) => {
    const body = new FormData();
    body.set('file', file);
    if (wiki) body.set('wiki', wiki);
    if (teamId) body.set('team', teamId);
    return call('POST', path.planImport, shape.importedPlan, { body, signal });
  },
  /** Marked-up text as content of a plan. */
  convert: (body: z.input<typeof convertText>, signal?: AbortSignal) =>
    call('POST', convertPath, convertedText, { body, signal }),
  content: (planId: string, signal?: AbortSignal) => call('GET', path.content(planId), shape.planContent, { signal }),
  archivePlan: (planId: string, archived: boolean) => tell('PATCH', path.plan(planId), { body: { archived } }),
  snapshots: (planId: string, signal?: AbortSignal) =>
    call('GET', path.snapshots(planId), shape.snapshotList, { signal }),
  snapshot: (planId: string, number: number, signal?: AbortSignal) =>
    call('GET', path.snapshot(planId, number), shape.snapshotContent, { signal }),
  takeSnapshot: (planId: string, body: z.input<typeof shape.takeSnapshot>) =>
    call('POST', path.snapshots(planId), shape.snapshotSummary, { body }),
  compare: (planId: string, from: number, to: number | 'now', signal?: AbortSignal) =>
    call('GET', path.compare(planId), shape.comparison, { query: { from: String(from), to: String(to) }, signal }),
  restore: (planId: string, number: number, body: z.input<typeof shape.restoreSnapshot> = {}) =>
    call('POST', path.restore(planId, number), shape.restored, { body }),
  undoRestore: (planId: string, restoreId: string) => tell('POST', path.undoRestore(planId, restoreId), { body: {} }),

  exportFormats: () => call('GET', path.exportFormats, shape.exportFormats),
  exportFile: (planId: string, format: ExportFormat, query: ExportQuery, signal?: AbortSignal) =>
    fetchFile(path.export(planId, format), query, signal),

  redlineFile: (planId: string, format: shape.RedlineFormat, query: ExportQuery) =>
    fetchFile(path.redline(planId, format), query),

  templates: () => call('GET', path.templates, shape.templateList),

  patchPlan: (planId: string, body: z.input<typeof shape.patchPlan>) => tell('PATCH', path.plan(planId), { body }),
  audit: (planId: string, before: number | null) =>
    call('GET', auditPath(planId), auditPage, { query: before === null ? {} : { before: String(before) } }),

  lookAtLink: (token: string, signal?: AbortSignal) =>
    call('POST', path.lookAtLink, sharing.linkPreview, { body: { token }, signal }),
  redeemLink: (token: string) => call('POST', path.redeem, sharing.redeemedLink, { body: { token } }),
};
