/** Plans of yours out by every format and in again: what is counted before and after, and every difference between the two. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { JSONContent } from '@tiptap/core';
import { WRITERS } from '../server/export/formats.ts';
import { createPdfExporter } from '../server/export/pdf/exporter.ts';
import { encodeJob } from '../server/export/pdf/job.ts';
import { type Counts, countsOf, wordsOf } from '../server/export/test-counts.ts';
import { exportable } from '../server/export/test-exportable.ts';
import { formatOf, importFile } from '../server/import/file.ts';
import { createLog } from '../server/log.ts';
import { canonicalDocument, sha256 } from '../server/snapshots/entry.ts';
import { compare } from '../shared/compare/compare.ts';
import type { NodeJSON } from '../shared/compare/comparison.ts';
import { notation } from '../shared/compare/test-notation.ts';
import type { ExportFormat } from '../shared/export.ts';

const OPTIONS = { paper: 'a4', design: 'report', numbered: false, fragment: false } as const;
const READ_BACK = ['json', 'md', 'html', 'wikitext', 'docx'] as const satisfies ExportFormat[];

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { wiki: { type: 'string', default: 'https://wiki.p2pfoundation.net/' }, only: { type: 'string' } },
  });
  for (const file of positionals) {
    const bytes = readFileSync(file);
    const { content, losses } = importFile({ bytes, format: formatOf(file, bytes), wiki: values.wiki });
    console.log(`\n## ${basename(file)}\n`);
    for (const { what, count, example } of losses) console.log(`- lost: ${count} ${what} (${example})`);
    console.log(
      `\n${Object.entries(countsOf(content))
        .map(([kind, count]) => `${count} ${kind}`)
        .join(', ')}`,
    );
    for (const format of READ_BACK) if (!values.only || values.only === format) await readBack(content, format);
    if (!values.only || values.only === 'pdf') await printed(content);
  }
}

async function readBack(content: JSONContent, format: (typeof READ_BACK)[number]): Promise<void> {
  const plan = exportable(content, OPTIONS);
  const contentHash = sha256(
    canonicalDocument({ content, frontMatter: plan.frontMatter, schema: plan.version.schema }),
  );
  const written = await WRITERS[format]({ ...plan, version: { ...plan.version, contentHash } } as never);
  const again = importFile({ bytes: Buffer.from(written), format, wiki: null });
  const difference = differing(countsOf(content), countsOf(again.content));
  const lines = notation(compare(content as NodeJSON, again.content as NodeJSON))
    .split('\n')
    .filter((line) => /^\s*(?:[-+<>(]|.*(?:\{[-+a-z]|\[-|\(.*→))/.test(line));
  console.log(`\n### ${format}: ${difference || 'the same counts'}`);
  for (const { what, count, example } of again.losses) console.log(`- lost: ${count} ${what} (${example})`);
  for (const line of lines.slice(0, 60)) console.log(`    ${line.slice(0, 300)}`);
  if (lines.length > 60) console.log(`    … ${lines.length - 60} more lines differ`);
}

const differing = (before: Counts, after: Counts): string =>
  Object.keys(before)
    .filter((kind) => before[kind] !== after[kind])
    .map((kind) => `${kind} ${before[kind]} → ${after[kind]}`)
    .join(', ');

/** Words alone: those of the text that are not on the pages, however they are broken there. */
async function printed(content: JSONContent): Promise<void> {
  const exporter = createPdfExporter({ log: createLog('error') });
  const folder = mkdtempSync(join(tmpdir(), 'round-trip-'));
  try {
    const job = encodeJob({ exportable: exportable(content, OPTIONS) });
    const { pdf, warnings, standard } = await exporter.write(job);
    const file = join(folder, 'plan.pdf');
    writeFileSync(file, pdf);
    const said = execFileSync('pdftotext', ['-enc', 'UTF-8', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const left = new Map<string, number>();
    for (const word of bare(said)) left.set(word, (left.get(word) ?? 0) + 1);
    const words = bare(wordsOf(content).join(' '));
    const take = (word = ''): boolean => {
      const count = left.get(word) ?? 0;
      if (count > 0) left.set(word, count - 1);
      return count > 0;
    };
    const missing: string[] = [];
    for (let at = 0; at < words.length; at++) {
      if (take(words[at])) continue;
      // A word with a hyphen that ends a line, which pdftotext joins with the next.
      if (take(`${words[at]}${words[at + 1]}`)) at++;
      else missing.push(words[at]!);
    }
    console.log(
      `\n### pdf: ${standard ?? 'tagged'}, ${missing.length} words not found: ${missing.slice(0, 40).join(' ')}`,
    );
    for (const warning of warnings) console.log(`- ${warning}`);
  } finally {
    await exporter.stop();
    rmSync(folder, { recursive: true });
  }
}

const bare = (text: string): string[] => text.normalize('NFKC').match(/[\p{L}\p{N}]+/gu) ?? [];
