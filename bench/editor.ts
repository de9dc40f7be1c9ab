/**
 * `npm run bench -- editor [--runs 20] [--keys 30]`: the flow against y-prosemirror, with the same plans, the same random script and
 * the same keys in one run: words lost and doubled, bytes, milliseconds per local and remote key.
 */
import { parseArgs } from 'node:util';
import type { Node } from '@tiptap/pm/model';
import { EditorState, type Plugin, type PluginView, type Transaction } from '@tiptap/pm/state';
import { fixTables, tableEditing } from '@tiptap/pm/tables';
import type { EditorView } from '@tiptap/pm/view';
import { prosemirrorToYXmlFragment, ySyncPlugin, ySyncPluginKey } from 'y-prosemirror';
import * as Y from 'yjs';
import { EDITS, mannerOf, type Person, wordText } from '../shared/document/fuzz/edits.ts';
import { countWords, Ledger } from '../shared/document/fuzz/ledger.ts';
import { Random, RandomContent } from '../shared/document/fuzz/random.ts';
import { connect, deliverAll, Replica } from '../shared/document/fuzz/replica.ts';
import { writeContent } from '../shared/document/ydoc.ts';
import { schema } from '../shared/schema/schema.ts';

interface Peer extends Person {
  readonly ydoc: Y.Doc;
  destroy(): void;
}

/** A replica bound by y-prosemirror's own plugin; its view is the least that the plugin asks for. */
class YProsemirrorPeer implements Peer {
  readonly ydoc = new Y.Doc();
  readonly undo: Y.UndoManager;
  readonly #plugin: PluginView;
  readonly #view: EditorView;
  state: EditorState;

  constructor(clientID: number, content: Uint8Array) {
    this.ydoc.clientID = clientID;
    const fragment = this.ydoc.getXmlFragment('prosemirror');
    Y.applyUpdate(this.ydoc, content, 'received');
    const plugin: Plugin = ySyncPlugin(fragment);
    this.state = EditorState.create({ schema, plugins: [plugin, tableEditing()] });
    this.undo = new Y.UndoManager(fragment, { trackedOrigins: new Set([ySyncPluginKey]), captureTimeout: 0 });
    const peer = this;
    const view = {
      get state() {
        return peer.state;
      },
      dispatch: (tr: Transaction) => this.#apply(tr),
      hasFocus: () => false,
      isDestroyed: false,
      docView: {},
    };
    this.#view = view as unknown as EditorView;
    this.#plugin = { update: () => {} };
    this.#plugin = plugin.spec.view!(this.#view);
  }

  act = (action: () => void): void => action();

  dispatch = (tr: Transaction): void => {
    const before = this.state;
    this.#apply(tr);
    const fixed = tr.docChanged && fixTables(this.state, before);
    if (fixed) this.#apply(fixed);
  };

  #apply(tr: Transaction): void {
    const before = this.state;
    this.state = this.state.apply(tr);
    this.#plugin.update?.(this.#view, before);
  }

  destroy(): void {
    this.#plugin.destroy?.();
    this.ydoc.destroy();
  }
}

const flowContent = (doc: Node): Uint8Array => {
  const ydoc = new Y.Doc();
  ydoc.clientID = 1;
  writeContent(ydoc, doc);
  return Y.encodeStateAsUpdate(ydoc);
};

const yProsemirrorContent = (doc: Node): Uint8Array => {
  const ydoc = new Y.Doc();
  ydoc.clientID = 1;
  prosemirrorToYXmlFragment(doc, ydoc.getXmlFragment('prosemirror'));
  return Y.encodeStateAsUpdate(ydoc);
};

/** 70 % paragraphs, 10 % headings, 20 % list items, some of it bold. */
function plan(blocks: number): Node {
  const random = new Random(blocks);
  const { doc, paragraph, heading, bulletList, listItem } = schema.nodes;
  const text = () => [
    schema.text('The commons of the city are '),
    schema.text('kept', random.chance(0.3) ? [schema.marks.bold!.create()] : []),
    schema.text(` by those who use them, and the city is their partner (${random.below(1000)}).`),
  ];
  const nodes: Node[] = [];
  for (let count = 0; count < blocks; ) {
    const chance = random.next();
    if (chance < 0.1) nodes.push(heading!.create({ level: 2 }, text()));
    else if (chance < 0.84) nodes.push(paragraph!.create(null, text()));
    else {
      nodes.push(
        bulletList!.create(
          null,
          [0, 1, 2].map(() => listItem!.create(null, paragraph!.create(null, text()))),
        ),
      );
      count += 2;
    }
    count++;
  }
  return doc!.create(null, nodes);
}

interface Outcome {
  words: number;
  lost: number;
  doubled: number;
  invalid: number;
  thrown: number;
}

/** The random script of the fuzz, as far as it goes, with every delivery at random moments. */
function converge(seed: number, make: (doc: Node, clientID: number) => Peer): Outcome {
  const random = new Random(seed);
  const ledger = new Ledger();
  let serial = 0;
  const doc = new RandomContent(schema, random, () => wordText(`s${serial++}`)).document(4);
  for (const word of countWords(doc).keys()) ledger.typed.add(word);
  const peers = [11, 22, 33].map((id) => make(doc, id));
  const queues = peers.map(() => peers.map((): Uint8Array[] => []));
  let receiving = false;
  peers.forEach((peer, i) => {
    peer.ydoc.on('update', (update: Uint8Array) => {
      if (receiving) return;
      for (const [j, queue] of queues[i]!.entries()) if (j !== i) queue.push(update);
    });
  });
  const deliver = (from: number, to: number, most: number) => {
    receiving = true;
    for (const update of queues[from]![to]!.splice(0, most)) Y.applyUpdate(peers[to]!.ydoc, update, 'received');
    receiving = false;
  };
  const outcome: Outcome = { words: 0, lost: 0, doubled: 0, invalid: 0, thrown: 0 };
  const total = EDITS.reduce((sum, [weight]) => sum + weight, 0);
  for (let step = 0; step < 120; step++) {
    const who = random.below(peers.length);
    const peer = peers[who]!;
    let chosen = random.below(total);
    const [, , edit] = EDITS.find(([weight]) => {
      chosen -= weight;
      return chosen < 0;
    })!;
    try {
      const before = countWords(peer.state.doc);
      edit(peer, random, () => `${'abc'[who]}${serial++}`);
      ledger.note('abc'[who]!, before, countWords(peer.state.doc), mannerOf(edit));
      for (const from of peers.keys())
        for (const to of peers.keys()) if (from !== to && random.chance(0.3)) deliver(from, to, 4);
    } catch {
      receiving = false;
      outcome.thrown++;
    }
  }
  try {
    for (const from of peers.keys())
      for (const to of peers.keys()) if (from !== to) deliver(from, to, Number.POSITIVE_INFINITY);
    peers[0]!.state.doc.check();
  } catch {
    outcome.invalid++;
  }
  const { lost, doubled } = ledger.judge(countWords(peers[0]!.state.doc));
  for (const peer of peers) peer.destroy();
  return { ...outcome, words: ledger.typed.size, lost: lost.length, doubled: doubled.length };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Median milliseconds from a key to the update it makes, and from an update to the other's document. */
function keys(make: () => Peer, count: number): { local: number; remote: number } {
  const [writer, reader] = [make(), make()] as const;
  const local: number[] = [];
  const remote: number[] = [];
  let update: Uint8Array | null = null;
  writer.ydoc.on('update', (made: Uint8Array) => {
    update = made;
  });
  const middle = Math.floor(writer.state.doc.childCount / 2);
  let pos = 0;
  for (let i = 0; i < middle; i++) pos += writer.state.doc.child(i).nodeSize;
  while (!writer.state.doc.resolve(pos).parent.isTextblock) pos++;
  for (let key = 0; key < count; key++) {
    const start = performance.now();
    writer.dispatch(writer.state.tr.insertText('x', pos + 1 + key));
    const written = performance.now();
    if (update) Y.applyUpdate(reader.ydoc, update, 'received');
    local.push(written - start);
    remote.push(performance.now() - written);
  }
  writer.destroy();
  reader.destroy();
  return { local: median(local), remote: median(remote) };
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { runs: { type: 'string', default: '20' }, keys: { type: 'string', default: '30' } },
  });
  const makers = {
    flow: (content: Uint8Array, id: number): Peer => {
      const replica = new Replica('r', id, schema, content);
      connect([replica]);
      deliverAll([replica]);
      return replica;
    },
    'y-prosemirror': (content: Uint8Array, id: number): Peer => new YProsemirrorPeer(id, content),
  };
  const contents = { flow: flowContent, 'y-prosemirror': yProsemirrorContent };
  const names = ['flow', 'y-prosemirror'] as const;
  console.log(`random script, 3 people, 120 edits, ${values.runs} runs`);
  for (const name of names) {
    const sum: Outcome = { words: 0, lost: 0, doubled: 0, invalid: 0, thrown: 0 };
    for (let seed = 1; seed <= Number(values.runs); seed++) {
      const outcome = converge(seed, (doc, id) => makers[name](contents[name](doc), id));
      for (const key of Object.keys(sum) as (keyof Outcome)[]) sum[key] += outcome[key];
    }
    console.log(`  ${name.padEnd(14)}${JSON.stringify(sum)}`);
  }
  // The first round warms up and is not told.
  for (const [round, blocks] of [100, 100, 1000, 3000, 10_000].entries()) {
    const doc = plan(blocks);
    const measured = names.map((name) => {
      const content = contents[name](doc);
      return {
        bytes: content.length,
        ...keys(() => makers[name](content, Math.floor(Math.random() * 1e9)), Number(values.keys)),
      };
    });
    if (round === 0) continue;
    const [flow, other] = measured as [(typeof measured)[0], (typeof measured)[0]];
    const line = (what: 'bytes' | 'local' | 'remote', digits: number) =>
      `${what} ${flow[what].toFixed(digits)} / ${other[what].toFixed(digits)} (${(flow[what] / other[what]).toFixed(2)})`;
    console.log(
      `${blocks} blocks, flow / y-prosemirror (ratio): ${line('bytes', 0)}, ${line('local', 2)} ms, ${line('remote', 2)} ms`,
    );
  }
}
