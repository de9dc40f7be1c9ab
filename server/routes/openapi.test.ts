/** The description of the API says what the routes do: all of them, and no others. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { createApp } from '../app.ts';
import { startTestServer, type TestServer } from '../test-server.ts';
import { ruleOf } from './guarded.ts';
import type { Services } from './http.ts';
import { OPERATIONS } from './openapi.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Registering routes touches none of the services. */
const app = createApp({ config: {}, rateLimits: {} } as Services);
const registered = app.routes
  .filter(({ method, path: pattern }) => method !== 'ALL' && /^\/(api|sync)\//.test(pattern))
  .map(({ method, path: pattern, handler }) => ({ name: `${method} ${pattern}`, rule: ruleOf(handler) }));

test('every route is described, and every description has a route', () => {
  expect([...new Set(registered.map(({ name }) => name))].sort()).toEqual(Object.keys(OPERATIONS).sort());
});

test('no route is registered past the guards, and who may use it is described as it is', () => {
  const unguarded = registered.filter(({ rule }) => !rule).map(({ name }) => name);
  expect(unguarded).toEqual([]);
  for (const { name, rule } of registered) {
    const signedIn = rule?.who !== 'anybody' && rule?.who !== 'reader';
    expect({ name, signedIn: OPERATIONS[name]?.signedIn }).toEqual({ name, signedIn });
  }
});

test('it is served, refers only to what it defines, and names bodies, answers and errors', async () => {
  const { status, body } = await server.visitor().get(path.openapi);
  expect(status).toBe(200);
  expect(body.openapi).toBe('3.1.0');
  for (const [, reference = ''] of JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = reference
      .split('/')
      .reduce((node: Record<string, unknown> | undefined, key) => node?.[key] as never, body);
    expect(target, reference).toBeDefined();
  }
  const create = body.paths['/api/plans'].post;
  expect(create.requestBody.content['application/json'].schema.required).toEqual(['title']);
  expect(create.responses[201].content['application/json'].schema.properties.role.enum).toContain('owner');
  expect(create.responses[401].description).toContain('not-signed-in');
  expect(
    body.paths['/api/plans/{planId}/members/{userId}'].patch.parameters.map(({ name }: { name: string }) => name),
  ).toEqual(['planId', 'userId']);
});
