/** The key that signs cookies: given by the operator, or made once and kept beside the database. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `configured`, else the content of `secret` in `dataDir`, which is made with mode 0600 when absent. Throws what the disk throws. */
export function loadSecret(dataDir: string, configured: string | undefined): string {
  if (configured) return configured;
  const file = join(dataDir, 'secret');
  mkdirSync(dataDir, { recursive: true });
  try {
    // Two processes may start at once: the flag lets only one of them make the file.
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length < 32)
    throw new Error(
      `${file}: expected a secret of at least 32 characters. Restore it from a backup, or remove the file: everybody then signs in again.`,
    );
  return secret;
}
