/** Plans of the server of this repository, made through its public doors: a guest signs in, creates them, and opens them by cookie. */
import { z } from 'zod';
import type { Target } from './client.ts';
import { yWebsocket } from './dialect.ts';

/** Named in the upgrade, as our own client does: only then does the server acknowledge what is saved (PROTOCOL.md, W4). */
const SCHEMA_VERSION = 1;
const AT_ONCE = 10;

const created = z.object({ id: z.string() });

async function post(url: string, headers: Record<string, string>, body: unknown): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin, ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${url}: expected success, got ${response.status} ${await response.text()}`);
  return response;
}

/** So many empty plans of one guest. */
export async function createPlans(port: number, count: number): Promise<Target[]> {
  const origin = `http://127.0.0.1:${port}`;
  const signedIn = await post(`${origin}/api/auth/sign-in/anonymous`, {}, { name: 'Bench' });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const targets: Target[] = [];
  const create = async (): Promise<Target> => {
    const response = await post(`${origin}/api/plans`, { cookie }, { title: 'Measured plan' });
    const { id } = created.parse(await response.json());
    return {
      url: `ws://127.0.0.1:${port}/sync/${id}?schema=${SCHEMA_VERSION}`,
      headers: { cookie, origin },
      dialect: yWebsocket(),
    };
  };
  while (targets.length < count) {
    const batch = Math.min(AT_ONCE, count - targets.length);
    targets.push(...(await Promise.all(Array.from({ length: batch }, create))));
  }
  return targets;
}
