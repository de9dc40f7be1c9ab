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
  plainSvg(document: unknown): string;
  evictCache(age: number): void;
}
interface NativeResult {
  readonly result: { readonly numOfPages: number } | null;
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
  readonly pages: number;
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
const TEMPLATE = ['main.typ', 'blocks.typ', 'words.typ', 'look.typ', 'page.typ'];

export interface Typst {
  /** Throws TypstError. */
  compile(document: PageDocument, files: ReadonlyMap<string, Uint8Array>): Compiled;
  /** One page of a PDF, counted from 1, as SVG. */
  drawPage(pdf: Uint8Array, page: number): string;
}

/** A compiler that keeps what it laid out, so that the same plan again takes a tenth of the time. */
export function createTypst(): Typst {
  const name = packageName();
  if (!name) throw new Error('There is no Typst compiler for this machine');
  const { NodeCompiler } = require(name) as Native;
  const compiler = NodeCompiler.create({ workspace: WORKSPACE, fontArgs: [{ fontBlobs: readFonts() }] });
  for (const file of TEMPLATE) {
    compiler.mapShadow(`${WORKSPACE}/${file}`, readFileSync(new URL(`./template/${file}`, import.meta.url)));
  }

  function layOut(main: string, files: ReadonlyMap<string, Uint8Array>) {
    const paths = [...files.keys()].map((path) => `${WORKSPACE}${path}`);
    try {
      for (const [path, bytes] of files) compiler.mapShadow(`${WORKSPACE}${path}`, Buffer.from(bytes));
      const compiled = compiler.compile({ mainFilePath: `${WORKSPACE}/${main}` });
      const errors = messages(compiler, compiled.takeDiagnostics());
      if (errors.length > 0 || compiled.result === null) throw new TypstError(errors.join('; '));
      return { laidOut: compiled.result, oddities: messages(compiler, compiled.takeWarnings()) };
    } finally {
      for (const path of paths) compiler.unmapShadow(path);
    }
  }

  return {
    compile(document, files) {
      const json = Buffer.from(JSON.stringify(document));
      try {
        const { laidOut, oddities } = layOut('main.typ', new Map([...files, ['/doc.json', json]]));
        return { ...write(compiler, laidOut), pages: laidOut.numOfPages, oddities };
      } finally {
        // Also after a failure: what was laid out before it would stay for good.
        compiler.evictCache(KEPT);
      }
    },

    drawPage(pdf, page) {
      const number = Buffer.from(JSON.stringify(page));
      const { laidOut } = layOut(
        'page.typ',
        new Map([
          ['/page.json', number],
          ['/whole.pdf', pdf],
        ]),
      );
      // Typst draws the page of a PDF as an SVG of its own, which stands in the other as an address.
      const svg = compiler.plainSvg(laidOut);
      const inner = /"data:image\/svg\+xml;base64,([^"]+)"/.exec(svg)?.[1];
      if (inner === undefined) throw new Error('Typst no longer draws pages of a PDF as SVG');
      return Buffer.from(inner, 'base64').toString();
    },
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
