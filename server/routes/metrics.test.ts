/** Figures for whoever has the token, and for nobody else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { path } from '../../shared/api.ts';
import { startTestServer, type TestServer } from '../test-server.ts';

const TOKEN = 'a token of the monitoring';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ METRICS_TOKEN: TOKEN });
});
afterAll(() => server.stop());

const read = (token = TOKEN) => server.visitor().get(path.metrics, { authorization: `Bearer ${token}`, cookie: '' });
const value = (text: string, name: string): number =>
  Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);

test('every figure of the README is there, and moves', async () => {
  const ana = await server.guest('Ana');
  const planId = await ana.createPlan('Water', 'Clean water for all.\n');
  await ana.get(path.export(planId, 'md'));
  const socket = await ana.connect(planId);
  const { status, headers, body } = await read();
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('version=0.0.4');
  expect(value(body, 'commonplan_sockets')).toBe(1);
  expect(value(body, 'commonplan_rooms')).toBe(1);
  expect(value(body, 'commonplan_healthy')).toBe(1);
  expect(value(body, 'commonplan_jobs_waiting')).toBe(0);
  expect(value(body, 'commonplan_updates_total')).toBe(0);
  expect(value(body, 'commonplan_sync_seconds_count')).toBeGreaterThan(0);
  expect(value(body, 'commonplan_export_seconds_count{format="md",outcome="done"}')).toBe(1);
  expect(value(body, 'commonplan_http_request_seconds_count{method="POST",status="201"}')).toBe(1);
  expect(value(body, 'commonplan_database_bytes')).toBeGreaterThan(0);
  expect(value(body, 'commonplan_wal_bytes')).toBeGreaterThan(0);
  expect(value(body, 'commonplan_disk_free_bytes')).toBeGreaterThan(0);
  expect(value(body, 'commonplan_disk_bytes')).toBeGreaterThan(value(body, 'commonplan_disk_free_bytes'));
  expect(body).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(body).toContain('commonplan_ack_seconds_bucket');
  expect(body).not.toContain(planId);
  socket.close();
});

test('without the token, or with another, it shows nothing; where none is set there is no such page', async () => {
  expect((await read('another token altogether')).status).toBe(401);
  expect((await read('')).status).toBe(401);
  expect((await server.visitor().get(path.metrics)).status).toBe(401);
  const ana = await server.guest('Ana');
  expect((await ana.get(path.metrics)).status).toBe(401);
  const without = await startTestServer();
  expect((await without.visitor().get(path.metrics, { authorization: `Bearer ${TOKEN}` })).status).toBe(404);
  await without.stop();
  for (const line of server.logged) expect(line).not.toContain(TOKEN);
});
