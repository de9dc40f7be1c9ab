/** `npm run bench -- <name> [options]`: runs one of the benchmarks beside this file. */
const BENCHES: Record<string, string> = {
  sync: 'the sync server against Hocuspocus and y-websocket-server',
  editor: 'the editor binding against y-prosemirror: words kept, bytes, time per key',
  'key-to-paint': 'from key press to painted text in a real browser',
};

const [name, ...args] = process.argv.slice(2);
if (name === undefined || BENCHES[name] === undefined) {
  const list = Object.entries(BENCHES).map(([bench, what]) => `  ${bench.padEnd(14)}${what}`);
  console.error(`Expected the name of a benchmark: npm run bench -- <name> [options]\n${list.join('\n')}`);
  process.exit(2);
}
const bench: { run(args: string[]): Promise<void> } = await import(`./${name}.ts`);
await bench.run(args);
