/** `npm run export -- --plan ID --format md`: writes a plan, or a snapshot of it, to a file. Works beside a running server and changes nothing. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { z } from 'zod';
import { exportQuery } from '../shared/api.ts';
import { CommonplanError } from '../shared/errors.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportOptions, FORMATS } from '../shared/export.ts';
import { readExportable, writeExport } from './documents/export-job.ts';
import type { ExportedFile, ExportRequest, PoisonFound } from './documents/jobs.ts';
import type { Exportable } from './export/exportable.ts';
import { fileTitle } from './export/file-name.ts';
import { createPdfExporter, pdfAvailable } from './export/pdf/exporter.ts';
import { encodeJob } from './export/pdf/job.ts';
import { createLog } from './log.ts';

/** sysexits.h: used in a way that cannot work. */
const EXIT_USAGE = 64;

/** Something to say to the person, who can mend it. */
class Refusal extends Error {}

interface Asked {
  readonly request: ExportRequest;
  readonly file: string;
  /** `-`: standard output. Absent: named after the plan. */
  readonly out: string | undefined;
}

const USAGE = `Usage: npm run export -- --plan ID --format FORMAT [--snapshot NUMBER] [--out FILE] [--data FOLDER] [options]

  --plan ID          the part of the plan's address after /plans/
  --format FORMAT    ${EXPORT_FORMATS.join(', ')}
  --snapshot NUMBER  a snapshot; without it the plan as it is now
  --out FILE         where to write, - for the standard output; without it a new file named after the plan
  --data FOLDER      the server's folder; without it DATA_DIR, otherwise ./data
${EXPORT_FORMATS.flatMap(describeOptions).join('')}
BASE_URL, where it is set as for the server, is named in the file as the plan's address.
`;

function describeOptions(format: ExportFormat): string[] {
  const { properties = {} } = z.toJSONSchema(FORMATS[format].options, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { enum: words = [], default: usual } = property as { enum?: string[]; default?: string };
    return `  ${format}: --${name} ${words.join(' or ')}; without it ${usual}\n`;
  });
}

function readArguments(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  const offered = Object.keys(exportQuery().shape).filter((name) => name !== 'view');
  const names = ['plan', 'format', 'out', 'data', ...offered];
  const options: ParseArgsOptionsConfig = Object.fromEntries(names.map((name) => [name, text]));
  const values = parse(args, options);
  const { plan: planId, format: named, out, data, ...rest } = values;
  if (!planId) throw new Refusal(`Expected the id of a plan.\n\n${USAGE}`);
  const format = EXPORT_FORMATS.find((known) => known === named);
  if (!format) throw new Refusal(`Expected a format: ${EXPORT_FORMATS.join(', ')}.`);
  const foreign = Object.keys(rest).filter((name) => !(name in exportQuery(format).shape));
  if (foreign.length > 0)
    throw new Refusal(`${format} has no option ${foreign.map((name) => `--${name}`).join(', ')}.`);
  const parsed = exportQuery(format).safeParse(rest);
  if (!parsed.success) {
    throw new Refusal(parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}.`).join('\n'));
  }
  const { snapshot = null, view: _, ...chosen } = parsed.data;
  const file = join(data ?? (process.env.DATA_DIR || './data'), 'commonplan.db');
  if (!existsSync(file)) throw new Refusal(`There is no database at ${file}. Name the server's folder: --data FOLDER.`);
  const origin = process.env.BASE_URL?.replace(/\/+$/, '') || null;
  return { request: { planId, snapshot, format, options: chosen, origin }, file, out };
}

function parse(args: readonly string[], options: ParseArgsOptionsConfig): Record<string, string | undefined> {
  try {
    return parseArgs({ args: [...args], options }).values as Record<string, string | undefined>;
  } catch (cause) {
    throw new Refusal(`${(cause as Error).message}\n\n${USAGE}`, { cause });
  }
}

/** PDF too is made in a process of its own, which keeps what Typst could reach away from the database. */
async function write(sqlite: DatabaseSync, request: ExportRequest): Promise<ExportedFile & { poisons: PoisonFound[] }> {
  if (request.format !== 'pdf') return writeExport(sqlite, request);
  if (!pdfAvailable()) throw new Refusal('PDF cannot be made on this machine: it needs Linux on x64.');
  const { exportable, poisons } = readExportable(sqlite, request);
  const pdf = createPdfExporter({ log: createLog('silent') });
  try {
    const job = encodeJob({ exportable: exportable as Exportable<ExportOptions<'pdf'>> });
    const { pdf: bytes, warnings } = await pdf.write(job);
    return { bytes, title: exportable.frontMatter.title, warnings, poisons };
  } finally {
    await pdf.stop();
  }
}

async function run({ request, file, out }: Asked): Promise<void> {
  const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const { bytes, title, warnings, poisons } = await write(sqlite, request);
    for (const warning of warnings) process.stderr.write(`Warning: ${warning}\n`);
    for (const { seq, reason } of poisons) {
      process.stderr.write(`Warning: update ${seq} could not be read and is left out: ${reason}\n`);
    }
    if (out === '-') process.stdout.write(bytes);
    else {
      const name = `${fileTitle(title, request.snapshot)}.${FORMATS[request.format].extension}`;
      if (out === undefined && existsSync(name)) throw new Refusal(`${name} exists already. Name a file: --out FILE.`);
      writeFileSync(out ?? name, bytes);
      process.stderr.write(`${out ?? name}: ${bytes.length} bytes.\n`);
    }
  } finally {
    sqlite.close();
  }
}

try {
  const args = process.argv.slice(2);
  if (args.includes('--help')) process.stdout.write(USAGE);
  else await run(readArguments(args));
} catch (error) {
  if (error instanceof Refusal || error instanceof CommonplanError) {
    process.stderr.write(`${error.message.trimEnd()}\n`);
    process.exitCode = error instanceof Refusal ? EXIT_USAGE : 1;
  } else {
    process.stderr.write(`The export could not be made: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
