/** Forgotten passwords and changed e-mail addresses: what is proved by a link that only the owner of an address, or an administrator, can have. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import * as api from '../../shared/accounts-api.ts';
import { CommonplanError } from '../../shared/errors.ts';
import { addressChangedMail, addressMail, passwordChangedMail, passwordMail } from '../auth/mails.ts';
import { confirmEmail, endEverything, readAccount, setEmail } from '../store/accounts.ts';
import { writeAudit } from '../store/audit.ts';
import { createToken, useToken } from '../store/tokens.ts';
import { findAccountByEmail } from '../store/users.ts';
import { anybody, guardedRoutes, signedIn } from './guarded.ts';
import { type AppEnv, clientAddress, readJson, type Services } from './http.ts';

export function accountRecoveryRoutes({ access, accounts, config, kysely, mail, rateLimits }: Services): Hono<AppEnv> {
  const { accountPath: path } = api;
  const routes = guardedRoutes(access);
  // The settings demand it where mail is sent.
  const origin = config.baseUrl ?? '';

  routes.post(path.requestPasswordReset, anybody('who forgot the password cannot sign in'), async (c) => {
    rateLimits.recovery.take(clientAddress(c, config));
    const { email } = await readJson(c, api.requestPasswordReset);
    if (!mail) throw new CommonplanError('no-mail');
    // The account's spelling of the address, never the one that was typed: the mail must reach nobody else.
    const address = email.toLowerCase();
    rateLimits.mail.take(address);
    mail.later(async () => {
      const account = await findAccountByEmail(kysely, address);
      if (!account) return null;
      const { token } = await createToken(kysely, { purpose: 'reset-password', userId: account.id, email: address });
      return passwordMail(address, origin, token);
    });
    // The same whether there is an account or not: who may be asked for is nobody's business.
    return c.body(null, 204);
  });

  routes.post(path.resetPassword, anybody('the token says whose password it is'), async (c) => {
    rateLimits.recovery.take(clientAddress(c, config));
    const { token, newPassword } = await readJson(c, api.resetPassword);
    await useToken(kysely, 'reset-password', token, async ({ userId, email }) => {
      if (userId === null) throw new CommonplanError('token-invalid');
      await accounts.setPassword(userId, newPassword);
      await kysely.transaction().execute(async (transaction) => {
        // Whoever knew the old password, or sits at a forgotten computer, is out.
        await endEverything(transaction, userId);
        if (email !== null) await confirmEmail(transaction, userId, email);
        await writeAudit(transaction, { planId: null, actor: userId, action: 'password-reset' });
      });
      const { email: address } = await readAccount(kysely, userId);
      mail?.later(async () => passwordChangedMail(address, origin));
    });
    return c.body(null, 204);
  });

  routes.post(path.changeEmail, signedIn, async (c, user) => {
    rateLimits.password.take(`${clientAddress(c, config)} ${user.id}`);
    const { email, password } = await readJson(c, api.changeEmail);
    if (user.guest) throw new CommonplanError('conflict', 'A guest has no e-mail address. Make an account first.');
    if (!(await accounts.isPassword(user.id, password)))
      throw new CommonplanError('wrong-credentials', 'The password is not right.');
    if (!mail) {
      await setEmail(kysely, user.id, email, { confirmed: false });
      return c.json({ confirm: false, email } satisfies z.input<typeof api.changedEmail>);
    }
    rateLimits.mail.take(email.toLowerCase());
    // Kept at once, so that the account's page shows it. Whether somebody else has the address shows to its owner alone.
    const { token } = await createToken(kysely, { purpose: 'confirm-email', userId: user.id, email });
    mail.later(async () => {
      const holder = await findAccountByEmail(kysely, email);
      return holder && holder.id !== user.id ? null : addressMail(email, origin, token);
    });
    return c.json({ confirm: true, email } satisfies z.input<typeof api.changedEmail>);
  });

  routes.post(path.sendConfirmation, signedIn, async (c, { id: userId, email }) => {
    rateLimits.recovery.take(clientAddress(c, config));
    if (email === null) throw new CommonplanError('conflict', 'A guest has no e-mail address. Make an account first.');
    if (!mail) throw new CommonplanError('no-mail');
    rateLimits.mail.take(email);
    const { token } = await createToken(kysely, { purpose: 'confirm-email', userId, email });
    mail.later(async () => addressMail(email, origin, token));
    return c.body(null, 204);
  });

  routes.post(path.confirmEmail, anybody('the token says whose address it is'), async (c) => {
    rateLimits.recovery.take(clientAddress(c, config));
    const { token } = await readJson(c, api.confirmEmail);
    const confirmed = await useToken(kysely, 'confirm-email', token, async ({ userId, email }) => {
      if (userId === null || email === null) throw new CommonplanError('token-invalid');
      const before = await setEmail(kysely, userId, email, { confirmed: true });
      if (before !== email) mail?.later(async () => addressChangedMail(before, origin));
      return email;
    });
    return c.json({ email: confirmed } satisfies z.input<typeof api.confirmedEmail>);
  });

  return routes.hono;
}
