/** The process that makes PDFs where the server has no file left to open: that export fails, and nothing else. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const address = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);

test('[R11] without a file left to open, an export is refused, and the server goes on', async () => {
  const server = `
    import { closeSync, openSync } from 'node:fs';
    import { createLog } from ${address('../../log.ts')};
    import { createPdfExporter } from ${address('./exporter.ts')};
    const pdf = createPdfExporter({ log: createLog('silent') });
    const tell = async () => process.stdout.write(await pdf.write(new Uint8Array(8)).catch(({ code }) => code + '; '));
    const files = [];
    try { for (;;) files.push(openSync('/dev/null')); } catch (error) { process.stdout.write(error.code + '; '); }
    await tell();
    for (const file of files) closeSync(file);
    // What is asked for is no job, so the process ends; it was there.
    await tell();
    await pdf.stop();`;
  const limited = 'ulimit -n 200; exec "$0" --input-type=module --eval "$1"';
  const { stdout } = await run('sh', ['-c', limited, process.execPath, server]);
  expect(stdout).toBe('EMFILE; internal; internal; ');
});
