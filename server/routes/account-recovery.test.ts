/** Forgotten passwords and changed addresses, with mails that a real mail server receives; and without one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountPath } from '../../shared/accounts-api.ts';
import { path } from '../../shared/api.ts';
import { startTestMailServer, type TestMailServer, tokenIn } from '../test-mail-server.ts';
import { startTestServer, type TestServer, type Visitor } from '../test-server.ts';

const BASE_URL = 'http://plans.example.org';
const password = 'quite a long password';
const newPassword = 'another long password';

let mails: TestMailServer;
let server: TestServer;
beforeAll(async () => {
  mails = await startTestMailServer();
  server = await startTestServer({ SMTP_URL: mails.url, MAIL_FROM: 'Plans <plans@example.org>', BASE_URL });
});
afterAll(async () => {
  await server.stop();
  await mails.stop();
});

let count = 0;
const newEmail = () => `mail${++count}@example.org`;

/** As a browser at the public address does. */
const at = { origin: BASE_URL };
async function signUp(email: string): Promise<Visitor> {
  const visitor = server.visitor();
  expect((await visitor.post(path.signUp, { email, password, name: 'Ana' }, at)).status).toBe(200);
  return visitor;
}
const signIn = async (email: string, secret: string) =>
  (await server.visitor().post(path.signIn, { email, password: secret }, at)).status;

describe('a forgotten password', () => {
  test('is set anew by the link in a mail, which works once and ends every session', async () => {
    const email = newEmail();
    const ana = await signUp(email);
    await mails.next(email);
    expect(
      (await server.visitor().post(accountPath.requestPasswordReset, { email: email.toUpperCase() }, at)).status,
    ).toBe(204);
    const mail = await mails.next(email);
    expect(mail).toMatchObject({ from: 'plans@example.org', subject: 'A new password for Commonplan' });
    expect(mail.text).toContain(`${BASE_URL}/new-password#`);
    const token = tokenIn(mail);
    const weak = await server.visitor().post(accountPath.resetPassword, { token, newPassword: 'short' }, at);
    expect(weak.body.error.message).toContain('at least 10');
    expect((await server.visitor().post(accountPath.resetPassword, { token, newPassword }, at)).status).toBe(204);
    expect((await ana.get(path.session)).body).toBeNull();
    expect([await signIn(email, password), await signIn(email, newPassword)]).toEqual([401, 200]);
    expect((await mails.next(email)).subject).toBe('Your Commonplan password was changed');
    const again = await server.visitor().post(accountPath.resetPassword, { token, newPassword: password }, at);
    expect([again.status, again.body.error.code]).toEqual([404, 'token-invalid']);
  });

  test('of two who come with the link at once, one sets it', async () => {
    const email = newEmail();
    await signUp(email);
    await mails.next(email);
    await server.visitor().post(accountPath.requestPasswordReset, { email }, at);
    const token = tokenIn(await mails.next(email));
    const answers = await Promise.all(
      [1, 2, 3].map((n) =>
        server.visitor().post(accountPath.resetPassword, { token, newPassword: `${newPassword} ${n}` }, at),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404]);
  });

  test('a newer link ends the older one, and a changed password ends both', async () => {
    const email = newEmail();
    const ana = await signUp(email);
    await mails.next(email);
    const tokens: string[] = [];
    for (let n = 0; n < 2; n++) {
      await server.visitor().post(accountPath.requestPasswordReset, { email }, at);
      tokens.push(tokenIn(await mails.next(email)));
    }
    const use = async (token = '') =>
      (await server.visitor().post(accountPath.resetPassword, { token, newPassword }, at)).status;
    expect(await use(tokens[0])).toBe(404);
    expect(
      (await ana.post(path.changePassword, { currentPassword: password, newPassword: `${newPassword}!` }, at)).status,
    ).toBe(200);
    expect(await use(tokens[1])).toBe(404);
  });

  test('of an address that has no account is answered the same, and no mail goes out', async () => {
    const email = newEmail();
    const { status, body } = await server.visitor().post(accountPath.requestPasswordReset, { email }, at);
    expect([status, body]).toEqual([204, '']);
    const known = newEmail();
    await signUp(known);
    await server.visitor().post(accountPath.requestPasswordReset, { email: known }, at);
    // Mails go out in order: when this one is there, the other would have been.
    await mails.next(known);
    await mails.next(known);
    expect(mails.mails.some(({ to }) => to.includes(email))).toBe(false);
  });

  test('sends links to the configured address, whatever a request calls the host', async () => {
    const email = newEmail();
    await signUp(email);
    await mails.next(email);
    await server
      .visitor()
      .post(accountPath.requestPasswordReset, { email }, { ...at, 'x-forwarded-host': 'evil.example' });
    const { text } = await mails.next(email);
    expect(text).not.toContain('evil');
    expect(text).not.toContain('127.0.0.1');
  });
});

describe('an e-mail address', () => {
  test('is confirmed by the mail that a new account gets, or by the next one', async () => {
    const email = newEmail();
    const ana = await signUp(email);
    expect((await ana.get(accountPath.account)).body.emailConfirmed).toBe(false);
    const first = tokenIn(await mails.next(email));
    // Who lost the mail asks for another, which takes the place of the first.
    expect((await ana.post(accountPath.sendConfirmation, {}, at)).status).toBe(204);
    const token = tokenIn(await mails.next(email));
    expect((await server.visitor().post(accountPath.confirmEmail, { token: first }, at)).status).toBe(404);
    const { status, body } = await server.visitor().post(accountPath.confirmEmail, { token }, at);
    expect([status, body]).toEqual([200, { email }]);
    expect((await ana.get(accountPath.account)).body.emailConfirmed).toBe(true);
  });

  test('changes when the link that was mailed to the new one is opened, and the old one is told', async () => {
    const email = newEmail();
    const ana = await signUp(email);
    await mails.next(email);
    const other = newEmail();
    const wrong = await ana.post(accountPath.changeEmail, { email: other, password: 'not the password' }, at);
    expect([wrong.status, wrong.body.error.code]).toEqual([401, 'wrong-credentials']);
    expect((await ana.post(accountPath.changeEmail, { email: other, password }, at)).body).toEqual({
      confirm: true,
      email: other,
    });
    expect((await ana.get(accountPath.account)).body).toMatchObject({ email, pendingEmail: other });
    expect(await signIn(email, password)).toBe(200);
    const token = tokenIn(await mails.next(other));
    expect((await server.visitor().post(accountPath.confirmEmail, { token }, at)).status).toBe(200);
    expect((await mails.next(email)).subject).toContain('another e-mail address');
    expect([await signIn(email, password), await signIn(other, password)]).toEqual([401, 200]);
    expect((await ana.get(accountPath.account)).body).toMatchObject({
      email: other,
      emailConfirmed: true,
      pendingEmail: null,
    });
  });

  test('that is taken shows to nobody: no mail goes out, and nothing changes', async () => {
    const taken = newEmail();
    await signUp(taken);
    await mails.next(taken);
    const email = newEmail();
    const ana = await signUp(email);
    const before = mails.mails.length;
    expect((await ana.post(accountPath.changeEmail, { email: taken, password }, at)).body).toEqual({
      confirm: true,
      email: taken,
    });
    await mails.next(email);
    expect(mails.mails.slice(before).some(({ to }) => to.includes(taken))).toBe(false);
    expect((await ana.get(accountPath.account)).body.email).toBe(email);
  });

  test('of a guest cannot be changed: there is none', async () => {
    const guest = server.visitor();
    await guest.post(path.signInAsGuest, { name: 'Ben' }, at);
    const { status } = await guest.post(accountPath.changeEmail, { email: newEmail(), password }, at);
    expect(status).toBe(409);
  });
});

test('a mail server that refuses is recorded without the address, and the answer is the same', async () => {
  const failing = await startTestMailServer();
  const own = await startTestServer({ SMTP_URL: failing.url, MAIL_FROM: 'plans@example.org', BASE_URL });
  try {
    failing.refuse();
    const email = newEmail();
    expect((await own.visitor().post(path.signUp, { email, password, name: 'Ana' }, at)).status).toBe(200);
    expect((await own.visitor().post(accountPath.requestPasswordReset, { email }, at)).status).toBe(204);
    await expect.poll(() => own.logged.filter((line) => line.includes('a mail could not be sent'))).toHaveLength(2);
    expect(own.logged.join('\n')).not.toContain(email);
    expect(own.logged.join('\n')).not.toContain('somebody@example.org');
  } finally {
    await own.stop();
    await failing.stop();
  }
});

test('without a mail server the page learns that there is none, and an address changes at once', async () => {
  const own = await startTestServer();
  try {
    expect((await own.visitor().get(accountPath.waysIn)).body).toEqual({ signUp: 'open', mail: false, provider: null });
    const refused = await own.visitor().post(accountPath.requestPasswordReset, { email: newEmail() });
    expect([refused.status, refused.body.error.code]).toEqual([501, 'no-mail']);
    const email = newEmail();
    const taken = newEmail();
    await own.visitor().post(path.signUp, { email: taken, password, name: 'Ben' });
    const ana = own.visitor();
    await ana.post(path.signUp, { email, password, name: 'Ana' });
    expect((await ana.post(accountPath.changeEmail, { email: taken, password })).body.error.code).toBe('email-taken');
    const other = newEmail();
    expect((await ana.post(accountPath.changeEmail, { email: other, password })).body).toEqual({
      confirm: false,
      email: other,
    });
    expect((await own.visitor().post(path.signIn, { email: other, password })).status).toBe(200);
  } finally {
    await own.stop();
  }
});

test('mails to one address are rationed, whoever asks for them', async () => {
  const limited = await startTestServer({
    ...{ SMTP_URL: mails.url, MAIL_FROM: 'plans@example.org', BASE_URL, RATE_LIMITS: 'on' },
  });
  try {
    const ask = async () =>
      (await limited.visitor().post(accountPath.requestPasswordReset, { email: 'x@example.org' }, at)).status;
    const answers: number[] = [];
    while (answers.at(-1) !== 429 && answers.length < 12) answers.push(await ask());
    expect(answers.slice(0, 3)).toEqual([204, 204, 204]);
    expect(answers.at(-1)).toBe(429);
  } finally {
    await limited.stop();
  }
});
