/** `npm run bench -- <name> [options]`: runs one of the benchmarks beside this file. */

const BENCHES: Record<string, string> = {
  compare: 'comparing two versions of a plan, against other packages',
  sync: 'the sync server against Hocuspocus and y-websocket-server',
  editor: 'the editor binding against y-prosemirror: words kept, bytes, time per key',
  history: 'a plan with many snapshots and edits: bytes for each, and how fast its history opens',
  pdf: 'a long plan as PDF against Chromium printing the same content, and what the server notices of it',
  'round-trip': 'plans of yours out by every format and in again: every difference',
  'key-to-paint': 'from key press to painted text in a real browser',
};

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  if (!Object.hasOwn(BENCHES, name)) {
    const list = Object.entries(BENCHES).map(([bench, what]) => `  ${bench.padEnd(14)}${what}`);
    console.error(`Expected the name of a benchmark: npm run bench -- <name> [options]\n${list.join('\n')}`);
    process.exitCode = 2;
    return;
  }
  const bench: { run(args: readonly string[]): Promise<void> } = await import(`./${name}.ts`);
  await bench.run(args);
}

await main(process.argv.slice(2));

export {};
