/** `npm run admin -- COMMAND`: what the operator does to accounts from the command line, beside a running server, which acts on it at once. */
import type { Kysely } from 'kysely';
import { tokenUrl } from '../shared/accounts-api.ts';
import { email as emailShape } from '../shared/api.ts';
import { CommonplanError } from '../shared/errors.ts';
import { createAccount, listPeople, setAdministrator, setSuspended } from './store/administration.ts';
import { writeAudit } from './store/audit.ts';
import { openBeside } from './store/database.ts';
import type { Tables } from './store/tables.ts';
import { createToken } from './store/tokens.ts';
import { findAccountByEmail, hasUsers } from './store/users.ts';

/** sysexits.h: used in a way that cannot work. */
const EXIT_USAGE = 64;

const USAGE = `Usage: npm run admin -- COMMAND

  make-administrator EMAIL    also makes the account where there is none, with a link to set its password
  remove-administrator EMAIL
  reset-link EMAIL            a link by which this person sets a new password, good for an hour
  suspend EMAIL               ends what this person has open, and lets them in no more
  unsuspend EMAIL
  invite [EMAIL]              a link by which one person makes an account, good for a week
  users [WORDS]               the accounts, the latest first; WORDS are parts of names and addresses

DATA_DIR is the server's folder, otherwise ./data; BASE_URL its address, as for the server: links begin with it.
`;

/** Something to say to the person, who can mend it. */
class Refusal extends Error {}

type Command = (kysely: Kysely<Tables>, words: readonly string[]) => Promise<string>;

const COMMANDS: Readonly<Record<string, Command>> = {
  async 'make-administrator'(kysely, words) {
    const email = addressOf(words);
    const known = await findAccountByEmail(kysely, email);
    const id = known?.id ?? (await createAccount(kysely, email));
    await setAdministrator(kysely, id, true, null);
    if (known) return `${email} is an administrator.`;
    return `${email} is an administrator, with a new account. Its password is set here:\n${await resetLink(kysely, id)}`;
  },
  async 'remove-administrator'(kysely, words) {
    const { id, email } = await accountOf(kysely, words);
    await setAdministrator(kysely, id, false, null);
    return `${email} is not an administrator any more.`;
  },
  async 'reset-link'(kysely, words) {
    const { id, email } = await accountOf(kysely, words);
    const link = await resetLink(kysely, id);
    await writeAudit(kysely, { planId: null, actor: null, action: 'reset-link-made', detail: { user: id } });
    return `Whoever opens this within an hour sets the password of ${email}. Give it to nobody else:\n${link}`;
  },
  async suspend(kysely, words) {
    const { id, email } = await accountOf(kysely, words);
    await setSuspended(kysely, id, true, null);
    return `${email} is suspended.`;
  },
  async unsuspend(kysely, words) {
    const { id, email } = await accountOf(kysely, words);
    await setSuspended(kysely, id, false, null);
    return `${email} is let in again.`;
  },
  async invite(kysely, words) {
    const email = words.length > 0 ? addressOf(words) : undefined;
    if (process.env.SIGN_UP === 'closed')
      throw new Error('This server takes no new accounts. Set SIGN_UP to invitation, and start it again.');
    const { token } = await createToken(kysely, { purpose: 'invitation', ...(email !== undefined && { email }) });
    await writeAudit(kysely, { planId: null, actor: null, action: 'invitation-made' });
    return `Whoever opens this within a week can make an account:\n${tokenUrl(origin(), 'invitation', token)}`;
  },
  async users(kysely, words) {
    const { people, total } = await listPeople(kysely, { kind: 'accounts', q: words.join(' ') });
    const lines = people.map(({ name, email, administrator, suspendedAt, plans, lastSeen }) =>
      [
        ...[email, name, `${plans} plans`, lastSeen ? `seen ${lastSeen.slice(0, 10)}` : 'not signed in'],
        ...(administrator === 1 ? ['administrator'] : []),
        ...(suspendedAt === null ? [] : ['suspended']),
      ].join('\t'),
    );
    return [...lines, `${people.length} of ${total} accounts.`].join('\n');
  },
};

const origin = (): string =>
  process.env.BASE_URL?.replace(/\/+$/, '') || `http://localhost:${process.env.PORT || 3000}`;

async function resetLink(kysely: Kysely<Tables>, userId: string): Promise<string> {
  const { token } = await createToken(kysely, { purpose: 'reset-password', userId });
  return tokenUrl(origin(), 'reset-password', token);
}

function addressOf([text, ...more]: readonly string[]): string {
  const parsed = emailShape.safeParse(text);
  if (!parsed.success || more.length > 0) throw new Refusal(`Expected one e-mail address.\n\n${USAGE}`);
  return parsed.data;
}

async function accountOf(kysely: Kysely<Tables>, words: readonly string[]): Promise<{ id: string; email: string }> {
  const email = addressOf(words);
  const account = await findAccountByEmail(kysely, email);
  if (!account) throw new CommonplanError('not-found', `There is no account with the address ${email}.`);
  return { id: account.id, email };
}

async function run([name = '', ...words]: readonly string[]): Promise<string> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new Refusal(`${name ? `There is no command ${name}.` : 'Expected a command.'}\n\n${USAGE}`);
  const database = openBeside(process.env.DATA_DIR || './data');
  try {
    if (!(await hasUsers(database.kysely)))
      throw new Error('This server has never run. Start it once, then try again.');
    return await command(database.kysely, words);
  } finally {
    database.close();
  }
}

try {
  const args = process.argv.slice(2);
  process.stdout.write(args.includes('--help') ? USAGE : `${await run(args)}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message.trimEnd()}\n`);
  process.exitCode = error instanceof Refusal ? EXIT_USAGE : 1;
}
