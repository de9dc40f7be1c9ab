/** Installs the peers (servers/package.json) where they are missing: they are never part of the application's own dependencies. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'servers');
const lockfile = join(folder, 'package-lock.json');
/** npm's copy of the lockfile that it last installed from. */
const installed = join(folder, 'node_modules/.package-lock.json');

function installedVersions(path: string): string {
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, { version?: string }> };
  const versions = Object.entries(packages).filter(([name]) => name.startsWith('node_modules/'));
  return JSON.stringify(versions.map(([name, { version }]) => [name, version]).sort());
}

export function installPeers(): void {
  if (existsSync(installed) && installedVersions(installed) === installedVersions(lockfile)) return;
  console.error('Installing the servers to compare with (npm ci in bench/sync/servers)');
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('Could not install the servers to compare with', { cause: error });
}
