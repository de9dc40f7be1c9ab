/** The program: `node server/main.ts`. Reads the settings, starts the server, stops it when the system asks. */
import { ConfigError, describeSettings, readConfig } from './config.ts';
import { createLog } from './log.ts';
import { startServer } from './start.ts';
import { VERSION } from './version.ts';

/** sysexits.h: a mistake in the configuration, which starting again does not mend. */
const EXIT_CONFIG = 78;

const [argument] = process.argv.slice(2);
if (argument === '--help') {
  process.stdout.write(describeSettings());
} else if (argument === '--version') {
  process.stdout.write(`${VERSION}\n`);
} else if (argument !== undefined) {
  process.stderr.write(`Expected --help, --version or nothing, got ${argument}. Settings come from the environment.\n`);
  process.exitCode = EXIT_CONFIG;
} else {
  await run();
}

async function run(): Promise<void> {
  let config: ReturnType<typeof readConfig>;
  try {
    config = readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`Commonplan cannot start with these settings:\n${error.message}\nSee: npm start -- --help\n`);
    process.exitCode = EXIT_CONFIG;
    return;
  }

  const log = createLog(config.logLevel);
  process.on('uncaughtExceptionMonitor', (err) => log.fatal({ err }, 'crashed'));
  try {
    const server = await startServer(config, log);
    log.info({ version: VERSION, url: server.url, port: server.port, dataDir: config.dataDir }, 'started');
    process.stderr.write(`Commonplan ${VERSION} is at ${server.url}\n`);
    let stopping = false;
    const stop = async (signal: NodeJS.Signals): Promise<void> => {
      // Ctrl+C under npm arrives twice. Stopping has a time limit of its own, so nobody needs to insist.
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      await server.stop();
      log.info('stopped');
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    process.stderr.write(`Commonplan could not start: ${explain(error, config.port, config.dataDir)}\n`);
    process.exitCode = 1;
  }
}

/** What an operator can do about it. */
function explain(error: unknown, port: number, dataDir: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `port ${port} is in use. Stop the other program, or set PORT to another one.`;
  if (code === 'EACCES' && port < 1024)
    return `port ${port} needs more rights. Set PORT to 1024 or above, with a proxy in front.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return 'this machine has no such address. Correct HOST, or leave it out.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `${dataDir} cannot be written. Correct its owner, or set DATA_DIR.`;
  return message;
}
