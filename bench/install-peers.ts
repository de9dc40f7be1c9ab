/** Installs what a benchmark compares with (a package.json and lockfile of their own): never part of the application's dependencies. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

function installedVersions(path: string): string {
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, { version?: string }> };
  const versions = Object.entries(packages).filter(([name]) => name.startsWith('node_modules/'));
  return JSON.stringify(versions.map(([name, { version }]) => [name, version]).sort());
}

/** `folder`: where package.json and package-lock.json are. Nothing happens where they are installed already. */
export function installPeers(folder: string): void {
  const lockfile = join(folder, 'package-lock.json');
  // npm's copy of the lockfile that it last installed from.
  const installed = join(folder, 'node_modules/.package-lock.json');
  if (existsSync(installed) && installedVersions(installed) === installedVersions(lockfile)) return;
  console.error(`Installing what to compare with (npm ci in ${relative('.', folder)})`);
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('Could not install what to compare with', { cause: error });
}
