/** What every route takes and gives, for people and programs: OpenAPI 3.1, made from the schemas that the routes check with. */
import type { Hono } from 'hono';
import { z } from 'zod';
import * as api from '../../shared/api.ts';
import { auditPage, auditQuery } from '../../shared/audit.ts';
import { convertedText, convertPath, convertText } from '../../shared/convert-api.ts';
import { ERRORS, type ErrorCode } from '../../shared/errors.ts';
import { EXPORT_FORMATS } from '../../shared/export.ts';
import { IMPORT_FORMATS } from '../../shared/import.ts';
import { VERSION } from '../version.ts';
import { anybody, guardedRoutes } from './guarded.ts';
import type { AppEnv, Services } from './http.ts';
import { ACCOUNT_OPERATIONS } from './openapi-accounts.ts';
import type { Operation } from './openapi-operation.ts';
import { SHARING_OPERATIONS } from './openapi-sharing.ts';
import { syncQuery } from './sync.ts';

const PLAN = ['not-found'] as const;
/** Of a plan that anyone may read: without signing in, too. */
const READ = [...PLAN, 'not-signed-in'] as const;
const SHARED = ['not-found', 'forbidden'] as const;
const SNAPSHOT = ['not-found', 'snapshot-thinned', 'snapshot-damaged', 'busy', 'too-many'] as const;
const RESTORE = ['forbidden', 'archived', 'plan-too-large', 'storage-failed', 'busy', 'too-many'] as const;

/** By method and path, as the routes are registered. A test holds this list and the app's routes together. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /api/health': {
    summary: 'Whether the server works',
    signedIn: false,
    answer: api.health,
    errors: ['storage-failed'],
  },
  'GET /api/metrics': {
    summary: 'Figures for Prometheus, for whoever sends METRICS_TOKEN as a bearer token',
    signedIn: false,
    answer: 'text/plain; version=0.0.4; charset=utf-8',
    errors: ['not-found', 'not-signed-in'],
  },
  'GET /api/openapi.json': {
    summary: 'This description',
    signedIn: false,
    answer: z.record(z.string(), z.unknown()),
    errors: [],
  },
  ...ACCOUNT_OPERATIONS,
  'GET /api/templates': { summary: 'Templates for new plans', signedIn: false, answer: api.templateList, errors: [] },
  'GET /api/plans': {
    summary: 'My plans, last changed first',
    signedIn: true,
    query: api.planListQuery,
    answer: api.planList,
    errors: [],
  },
  'POST /api/plans': {
    summary: 'Make a plan: blank, or from a template',
    signedIn: true,
    body: api.createPlan,
    status: 201,
    answer: api.planSummary,
    errors: ['not-found', 'too-many'],
  },
  'POST /api/plans/import': {
    summary:
      'Make a plan from a file: Word (DOCX), Markdown, HTML, MediaWiki text or our own JSON; `losses` says what could not be carried over',
    signedIn: true,
    upload: 'form',
    status: 201,
    answer: api.importedPlan,
    errors: ['too-large', 'not-text', 'unknown-format', 'invalid-document', 'plan-too-large', 'busy', 'too-many'],
  },
  'POST /api/plans/:planId/images': {
    summary: 'Add a picture: PNG, JPEG, WebP, GIF or AVIF; `src` is what a figure then names',
    signedIn: true,
    upload: 'bytes',
    status: 201,
    answer: api.addedImage,
    errors: ['forbidden', 'not-found', 'archived', 'too-large', 'unknown-format', 'invalid-image', 'busy', 'too-many'],
  },
  'GET /api/plans/:planId/images/:hash': {
    summary: 'A picture of the plan, as PNG or JPEG',
    signedIn: false,
    answer: 'application/octet-stream',
    errors: READ,
  },
  [`POST ${convertPath}`]: {
    summary: 'Markdown or MediaWiki text as content of a plan, which is not kept',
    signedIn: true,
    body: convertText,
    answer: convertedText,
    errors: ['too-large', 'not-text', 'invalid-document', 'busy', 'too-many'],
  },
  'GET /api/plans/:planId': { summary: 'A plan in short', signedIn: false, answer: api.planSummary, errors: READ },
  'PATCH /api/plans/:planId': {
    summary:
      'Archive a plan, or bring it back; let anyone read it, or members only; close it to guests, or open it to them; give it to a team, or take it out',
    signedIn: true,
    body: api.patchPlan,
    answer: api.planSummary,
    errors: [...SHARED, 'conflict'],
  },
  'DELETE /api/plans/:planId': { summary: 'Archive a plan', signedIn: true, status: 204, errors: SHARED },
  'GET /api/plans/:planId/content': {
    summary: 'The text',
    signedIn: false,
    answer: api.planContent,
    errors: [...READ, 'busy', 'too-many'],
  },
  'GET /api/export-formats': {
    summary: 'What plans can be exported to by this server',
    signedIn: false,
    answer: api.exportFormats,
    errors: [],
  },
  'GET /api/plans/:planId/export/:format': {
    summary: `The plan, or a snapshot of it, as a file: ${EXPORT_FORMATS.join(', ')}`,
    signedIn: false,
    query: api.exportQuery(),
    answer: 'application/octet-stream',
    errors: [...SNAPSHOT, 'unknown-format', 'too-large'],
  },
  'GET /api/plans/:planId/snapshots': {
    summary: 'The history, newest first',
    signedIn: true,
    query: api.snapshotListQuery,
    answer: api.snapshotList,
    errors: [...PLAN, 'too-many'],
  },
  'POST /api/plans/:planId/snapshots': {
    summary: 'Take a snapshot with a label',
    signedIn: true,
    body: api.takeSnapshot,
    status: 201,
    answer: api.snapshotSummary,
    errors: [...SHARED, 'nothing-changed', 'plan-too-large', 'archived', 'busy', 'too-many'],
  },
  'GET /api/plans/:planId/snapshots/:number': {
    summary: 'A snapshot with its text, its hashes and who wrote what',
    signedIn: true,
    answer: api.snapshotContent,
    errors: SNAPSHOT,
  },
  'GET /api/plans/:planId/compare': {
    summary: 'What changed from one snapshot to another, or to now, and who did it',
    signedIn: true,
    query: api.compareQuery,
    answer: api.comparison,
    errors: SNAPSHOT,
  },
  'GET /api/plans/:planId/redline/:format': {
    summary: `The same as a file to hand round, with insertions and deletions marked: ${api.REDLINE_FORMATS.join(', ')}`,
    signedIn: true,
    query: api.redlineQuery,
    answer: 'application/octet-stream',
    errors: [...SNAPSHOT, 'unknown-format', 'too-large'],
  },
  'POST /api/plans/:planId/snapshots/:number/restore': {
    summary: 'Bring the plan, or what a range of the snapshot holds, back to it: an edit like any other',
    signedIn: true,
    body: api.restoreSnapshot,
    answer: api.restored,
    errors: [...SNAPSHOT, ...RESTORE, 'invalid-document'],
  },
  'POST /api/plans/:planId/restores/:restoreId/undo': {
    summary: 'Take a restore back, and nothing that others did since',
    signedIn: true,
    answer: api.restored,
    errors: [...PLAN, ...RESTORE, 'conflict'],
  },
  'GET /api/plans/:planId/audit': {
    summary: 'Who did what with rights and with the plan as a whole, for its owners',
    signedIn: true,
    query: auditQuery,
    answer: auditPage,
    errors: SHARED,
  },
  ...SHARING_OPERATIONS,
  'GET /sync/:planId': {
    summary: 'WebSocket: the y-websocket protocol and our messages (shared/PROTOCOL.md)',
    signedIn: true,
    query: syncQuery,
    status: 101,
    errors: [...PLAN, 'origin-refused', 'archived', 'too-many'],
  },
};

export function openapiRoutes({ access }: Services): Hono<AppEnv> {
  const routes = guardedRoutes(access);
  const document = describe();
  routes.get(api.path.openapi, anybody('the same for everybody'), (c) => c.json(document));
  return routes.hono;
}

function describe(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [route, operation] of Object.entries(OPERATIONS)) {
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(operation, pattern) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Commonplan',
      version: VERSION,
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    paths,
    components: {
      schemas: { Error: jsonSchema(api.errorBody, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The `token` that signing in answers with.' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'commonplan.session_token' },
      },
    },
  };
}

function describeOperation(operation: Operation, pattern: string): Record<string, unknown> {
  const { summary, signedIn, query, body, upload, status = 200, answer } = operation;
  const errors = new Set<ErrorCode>([
    ...(signedIn ? (['not-signed-in'] as const) : []),
    ...(body || upload || query ? (['invalid-request'] as const) : []),
    ...operation.errors,
  ]);
  const responses: Record<string, unknown> = { [status]: { description: summary, ...answerContent(answer) } };
  for (const code of errors) {
    const found = Object.entries(responses).find(([of]) => of === String(ERRORS[code].status))?.[1];
    const before = found ? `${(found as { description: string }).description} ` : '';
    responses[ERRORS[code].status] = {
      description: `${before}\`${code}\`: ${ERRORS[code].message}`,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    };
  }
  const parameters = [
    ...[...pattern.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      schema: jsonSchema(schema as z.ZodType, 'input'),
    })),
  ];
  const requestBody = upload
    ? UPLOAD[upload]
    : body && { required: true, content: { 'application/json': { schema: jsonSchema(body, 'input') } } };
  return {
    summary,
    ...(signedIn && { security: [{ bearer: [] }, { cookie: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses,
  };
}

const UPLOAD = {
  form: {
    required: true,
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          required: ['file'],
          properties: {
            file: { type: 'string', format: 'binary' },
            format: { type: 'string', enum: Object.values(IMPORT_FORMATS).flatMap(({ endings }) => endings) },
            wiki: { type: 'string', format: 'uri', description: 'Where the pages of links in MediaWiki text are' },
            team: { type: 'string', description: 'The team whose plan it will be' },
          },
        },
      },
    },
  },
  bytes: { required: true, content: { 'image/*': { schema: { type: 'string', format: 'binary' } } } },
};

function answerContent(answer: Operation['answer']): Record<string, unknown> {
  if (answer === undefined) return {};
  if (typeof answer === 'string') return { content: { [answer]: {} } };
  return { content: { 'application/json': { schema: jsonSchema(answer, 'output') } } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  // The trees of a comparison are types only (shared/compare/comparison.ts): any JSON.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
