/** No token that was ever handed out is in the database, beside it or in a log: who steals a backup is nobody by it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accountPath } from '../../shared/accounts-api.ts';
import { path } from '../../shared/api.ts';
import { startTestMailServer, tokenIn } from '../test-mail-server.ts';
import { startTestServer, type Visitor } from '../test-server.ts';

const BASE_URL = 'http://plans.example.org';
const at = { origin: BASE_URL };
const password = 'a password that is looked for';

test('[R21] sessions, links, resets, confirmations and passwords: none is found in clear, while all of them work', async () => {
  const mails = await startTestMailServer();
  const server = await startTestServer({
    SMTP_URL: mails.url,
    MAIL_FROM: 'plans@example.org',
    BASE_URL,
    LOG_LEVEL: 'trace',
  });
  const secrets: string[] = [password];
  const post = async (visitor: Visitor, to: string, body?: unknown) => {
    const answer = await visitor.post(to, body, at);
    if (answer.body?.token) secrets.push(answer.body.token);
    for (const value of visitor.cookies.values()) secrets.push(decodeURIComponent(value).split('.')[0] ?? '', value);
    return answer;
  };
  try {
    const email = 'ana@example.org';
    const ana = server.visitor();
    await post(ana, path.signInAsGuest, { name: 'Ana' });
    expect((await post(ana, path.signUp, { email, password })).status).toBe(200);
    secrets.push(tokenIn(await mails.next(email)));
    const phone = server.visitor();
    expect((await post(phone, path.signIn, { email, password })).status).toBe(200);
    const planId = (await post(phone, path.plans, { title: 'A plan' })).body.id;
    const link = await post(phone, path.links(planId), { role: 'editor' });
    secrets.push(new URL(link.body.url).hash.slice(1));
    expect(
      (await post(server.visitor(), path.redeem, { token: 'wrong but long enough to be looked for' })).status,
    ).toBe(401);
    const ben = server.visitor();
    await post(ben, path.signInAsGuest, { name: 'Ben' });
    expect((await post(ben, path.redeem, { token: secrets.at(-1) })).status).not.toBe(500);
    await (await ben.connect(planId, { origin: BASE_URL }).catch(() => null))?.close();
    await post(server.visitor(), accountPath.requestPasswordReset, { email });
    const reset = tokenIn(await mails.next(email));
    secrets.push(reset);
    const newPassword = 'another password that is looked for';
    secrets.push(newPassword);
    expect((await post(server.visitor(), accountPath.resetPassword, { token: reset, newPassword })).status).toBe(204);
    const bearer = await post(server.visitor(), path.signIn, { email, password: newPassword });
    const withToken = await server.visitor().get(path.plans, { authorization: `Bearer ${bearer.body.token}` });
    expect(withToken.body.plans).toHaveLength(1);

    const wanted = [...new Set(secrets)].filter((secret) => secret.length > 8);
    expect(wanted.length).toBeGreaterThan(12);
    const files = readdirSync(server.dataDir).filter((name) => name !== 'secret');
    expect(files).toContain('commonplan.db-wal');
    const kept = [...files.map((name) => readFileSync(join(server.dataDir, name), 'latin1')), server.logged.join('\n')];
    // That a secret would be found at all: what is no secret is.
    expect(kept.some((text) => text.includes(email))).toBe(true);
    for (const secret of wanted)
      expect(
        kept.some((text) => text.includes(secret)),
        secret,
      ).toBe(false);
  } finally {
    await server.stop();
    await mails.stop();
  }
});
