/** The Typst compiler: a native package that runs in the export's child process only, on files that stand in memory. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readFonts } from './fonts.ts';
import type { PageDocument } from './page-document.ts';

/** What we use of https://www.npmjs.com/package/@myriaddreamin/typst-ts-node-compiler 0.7.0, which embeds Typst 0.14. */
interface Native {
  readonly NodeCompiler: {
    create(options: { workspace: string; fontArgs: { fontBlobs: Buffer[] }[] }): NativeCompiler;
  };
}
interface NativeCompiler {
  mapShadow(path: string, bytes: Buffer): void;
  unmapShadow(path: string): void;
  compile(options: { mainFilePath: string }): NativeResult;
  fetchDiagnostics(error: unknown): { message: string; hints?: string[] }[];
  pdf(document: unknown, options: { pdfStandard?: 'ua-1' }): Buffer;
  evictCache(age: number): void;
}
interface NativeResult {
  readonly result: unknown;
  takeDiagnostics(): unknown;
  takeWarnings(): unknown;
}

const PACKAGES = ['gnu', 'musl'].map((libc) => `@myriaddreamin/typst-ts-node-compiler-linux-x64-${libc}`);
const require = createRequire(import.meta.url);

/** Whether there is a compiler for this machine. */
export const typstInstalled = (): boolean => packageName() !== undefined;

const packageName = (): string | undefined =>
  PACKAGES.find((name) => {
    try {
      return Boolean(require.resolve(name));
    } catch {
      return false;
    }
  });

export interface Compiled {
  readonly pdf: Buffer;
  /** What stands in the way of PDF/UA-1, in Typst's words; null: nothing. */
  readonly obstacle: string | null;
  /** What Typst found odd: a font that is not there, a layout that does not settle. */
  readonly oddities: string[];
}

/** The template does not accept the document, or a picture cannot be read. */
export class TypstError extends Error {}

/** There is no such folder, so nothing outside of what is given here can be read. */
const WORKSPACE = '/nonexistent-workspace';
/** Plans after which what was laid out for one and not used again is forgotten. */
const KEPT = 3;
const TEMPLATE = ['main.typ', 'blocks.typ', 'words.typ', 'look.typ'];

/** A compiler that keeps what it laid out, so that the same plan again takes a tenth of the time. */
export function createTypst(): (document: PageDocument, files: ReadonlyMap<string, Uint8Array>) => Compiled {
  const name = packageName();
  if (!name) throw new Error('There is no Typst compiler for this machine');
  const { NodeCompiler } = require(name) as Native;
  const compiler = NodeCompiler.create({ workspace: WORKSPACE, fontArgs: [{ fontBlobs: readFonts() }] });
  for (const file of TEMPLATE) {
    compiler.mapShadow(`${WORKSPACE}/${file}`, readFileSync(new URL(`./template/${file}`, import.meta.url)));
  }

  return (document, files) => {
    const all = new Map([...files, ['/doc.json', Buffer.from(JSON.stringify(document))]]);
    try {
      for (const [path, bytes] of all) compiler.mapShadow(`${WORKSPACE}${path}`, Buffer.from(bytes));
      const compiled = compiler.compile({ mainFilePath: `${WORKSPACE}/main.typ` });
      const errors = messages(compiler, compiled.takeDiagnostics());
      if (errors.length > 0) throw new TypstError(errors.join('; '));
      const oddities = messages(compiler, compiled.takeWarnings());
      return { ...write(compiler, compiled.result), oddities };
    } finally {
      for (const path of all.keys()) compiler.unmapShadow(`${WORKSPACE}${path}`);
      // Also after a failure: what was laid out before it would stay for good.
      compiler.evictCache(KEPT);
    }
  };
}

function write(compiler: NativeCompiler, result: unknown): { pdf: Buffer; obstacle: string | null } {
  try {
    return { pdf: compiler.pdf(result, { pdfStandard: 'ua-1' }), obstacle: null };
  } catch (error) {
    const { message } = error as Error;
    const obstacle = /message: "PDF\/UA-1 error: (.*?)", trace/.exec(message)?.[1] ?? message;
    return { pdf: compiler.pdf(result, {}), obstacle };
  }
}

const messages = (compiler: NativeCompiler, diagnostics: unknown): string[] =>
  diagnostics ? compiler.fetchDiagnostics(diagnostics).map(({ message }) => message) : [];
