/** Finds the browser that the tests drive, or unpacks the one that `npm ci` brought. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { chromium, type LaunchOptions } from '@playwright/test';

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Text is drawn alike on every machine, so that screenshots can be compared. */
const ARGS = ['--font-render-hinting=none', '--disable-lcd-text', '--disable-background-networking'];

/**
 * Launch options of the first browser that exists: the one named by E2E_CHROMIUM, Playwright's own, the packaged one
 * (Linux x64, no root and no system libraries needed), or a Chromium of the system.
 */
export async function browserLaunchOptions(): Promise<LaunchOptions> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [...ARGS, ...asRoot];
  const named = process.env.E2E_CHROMIUM;
  if (named) return { executablePath: named, args };
  if (existsSync(chromium.executablePath())) return { args };
  if (process.platform === 'linux' && process.arch === 'x64') return { ...(await packagedBrowser()), args };
  const system = SYSTEM_BROWSERS.find(existsSync);
  if (system) return { executablePath: system, args };
  throw new Error(
    'No browser found. Set E2E_CHROMIUM to the path of a Chromium, or run `npx playwright install chromium`.',
  );
}

/**
 * Unpacks @sparticuz/chromium beside the installed packages, once for each version. It is unpacked under another name and then renamed,
 * because several workers may come here at once and must never see half a file.
 */
async function packagedBrowser(): Promise<LaunchOptions> {
  const manifest = createRequire(import.meta.url)
    .resolve('@sparticuz/chromium')
    .replace(/build.*/, 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const cache = resolve(import.meta.dirname, '../node_modules/.cache');
  const folder = join(cache, `chromium-${version}`);
  if (!existsSync(folder)) {
    const unpacking = `${folder}-${process.pid}`;
    await mkdir(unpacking, { recursive: true });
    await unpack(unpacking);
    await writeFontConfig(unpacking, folder);
    await rename(unpacking, folder).catch(async (error: NodeJS.ErrnoException) => {
      await rm(unpacking, { recursive: true });
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  }
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  };
}

/** The package unpacks into the folder for temporary files, and its shared libraries only where it believes to run on Lambda. */
async function unpack(folder: string): Promise<void> {
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV };
  const settings = ['LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME'] as const;
  const kept = Object.fromEntries(settings.map((name) => [name, process.env[name]]));
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' });
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    await packaged.executablePath();
  } finally {
    for (const [name, value] of Object.entries({ ...before, ...kept })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** The packaged configuration points at /tmp/fonts, where no font is: all text would be blank. */
async function writeFontConfig(unpacking: string, folder: string): Promise<void> {
  await writeFile(
    join(unpacking, 'fonts/fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>\n`,
  );
}
