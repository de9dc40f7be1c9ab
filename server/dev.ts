/** `npm run dev`: the server, started anew when its files change, and Vite's development server in front of it, in one command. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PORT = process.env.PORT ?? '3000';
const PAGE_PORT = process.env.VITE_PORT ?? '5173';
const PAGE = `http://localhost:${PAGE_PORT}`;

const start = (args: readonly string[], env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });

const children = [
  // The page is opened at Vite's address, so that is the origin to expect.
  start(['--watch', '--watch-preserve-output', 'server/main.ts'], {
    PORT,
    BASE_URL: PAGE,
    HOST: process.env.HOST ?? '127.0.0.1',
  }),
  start(['node_modules/vite/bin/vite.js', 'client', '--port', PAGE_PORT, '--strictPort'], {
    COMMONPLAN_SERVER: `http://127.0.0.1:${PORT}`,
  }),
];
console.log(`Open ${PAGE} (server on port ${PORT}). Ctrl+C stops both.`);

/** One gone, or a signal: the other goes too, and this process last. */
async function stop(): Promise<void> {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
const [code] = (await Promise.race(children.map((child) => once(child, 'exit')))) as [number | null];
await stop();
process.exitCode = code ?? 0;
