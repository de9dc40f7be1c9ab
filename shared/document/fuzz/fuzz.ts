/** The fuzz: several replicas edit one plan at random, with random delays, and nothing may be lost, doubled, invalid or unequal. */
import type { Node, Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { schema } from '../../schema/schema.ts';
import { readContent, writeContent } from '../ydoc.ts';
import { EDITS, mannerOf, wordText } from './edits.ts';
import { countWords, Ledger } from './ledger.ts';
import { Random, RandomContent } from './random.ts';
import { connect, deliverAll, Replica } from './replica.ts';
import { TableGrowth } from './tables.ts';

export interface FuzzOptions {
  seed: number;
  replicas: number;
  edits: number;
  /** Of each replica: the schema of its editor; the plan's own where there is none. */
  schemas?: readonly Schema[];
  /** Compare the incremental view with a full rendering after every edit and delivery. */
  oracle: boolean;
  /** Names of edits that may happen; all when absent. */
  only?: readonly string[];
  trace?: (line: string) => void;
  /** Sees each replica right after it edited. */
  edited?: (replica: Replica) => void;
}

export interface FuzzResult {
  words: number;
  lost: string[];
  doubled: string[];
  problems: string[];
}

/** The first place where two documents differ. */
function difference(a: Node, b: Node): string {
  const at = a.content.findDiffStart(b.content) ?? 0;
  const around = (doc: Node) => `${doc.resolve(at).node(Math.min(1, doc.resolve(at).depth))}`.slice(0, 1500);
  const json = (doc: Node) => JSON.stringify(doc.nodeAt(at)?.toJSON() ?? null).slice(0, 200);
  return `${at}\n  ${around(a)}\n  ${json(a)}\n  ${around(b)}\n  ${json(b)}`;
}

/** One run. Reproducible: the same options give the same run. */
export function fuzz(options: FuzzOptions): FuzzResult {
  const random = new Random(options.seed);
  const problems: string[] = [];
  const ledger = new Ledger();
  let serial = 0;
  const start = new Y.Doc();
  start.clientID = 1;
  writeContent(start, new RandomContent(schema, random, () => wordText(`s${serial++}`)).document(1 + random.below(5)));
  const content = Y.encodeStateAsUpdate(start);
  for (const word of countWords(readContent(start)).keys()) ledger.typed.add(word);
  // Client ids decide who wins between concurrent inserts: both orders occur.
  const ids = [...Array(options.replicas).keys()].map(
    (i) => 10 + ((i + random.below(options.replicas)) % options.replicas) * 7 + i,
  );
  const replicas = ids.map((id, i) => new Replica('abcdefgh'[i]!, id, options.schemas?.[i] ?? schema, content));
  connect(replicas);
  const growth = new TableGrowth(replicas[0]!.state.doc);
  const edits = EDITS.filter(([, name]) => !options.only || options.only.includes(name));
  const total = edits.reduce((sum, [weight]) => sum + weight, 0);
  const offline = new Map<Replica, number>();

  const report = (what: string) => problems.push(`seed ${options.seed}: ${what}`);
  const examine = (replica: Replica, when: string) => {
    if (replica.unasked > 0) report(`${replica.name} wrote without being asked, ${when}`);
    replica.unasked = 0;
    if (!replica.state.doc.eq(replica.binding.doc)) report(`${replica.name}'s editor is not its view, ${when}`);
    const grown = growth.judge(replica.binding.doc);
    if (grown) report(`${replica.name} shows ${grown}, ${when}`);
    const shown = replica.binding.doc;
    if (options.oracle && !replica.binding.check()) {
      report(`${replica.name}'s view drifted, ${when}: ${difference(shown, replica.binding.doc)}`);
    }
  };

  for (let step = 0; step < options.edits && problems.length === 0; step++) {
    const replica = random.pick(replicas);
    let chosen = random.below(total);
    const [, name, edit] = edits.find(([weight]) => {
      chosen -= weight;
      return chosen < 0;
    })!;
    const when = `edit ${step} (${name})`;
    try {
      const before = replica.state.doc;
      replica.intended = null;
      edit(replica, random, () => `${replica.name}${serial++}`);
      growth.note(before, replica.intended ?? replica.state.doc);
      const foreign = ledger.note(replica.name, countWords(before), countWords(replica.state.doc), mannerOf(edit));
      if (foreign.length > 0) report(`${name} took away ${foreign} of others, ${when}`);
      options.trace?.(`${step} ${replica.name} ${name}\n   ${replica.state.doc}`);
      options.edited?.(replica);
      examine(replica, when);
      if (random.chance(0.03)) offline.set(replica, step + random.below(25));
      for (const from of replicas) {
        for (const to of replicas) {
          if (from === to || !random.chance(0.3)) continue;
          if ((offline.get(from) ?? 0) > step || (offline.get(to) ?? 0) > step) continue;
          from.deliverTo(to, 1 + random.below(4));
          options.trace?.(`  -> ${to.name}\n   ${to.state.doc}`);
          examine(to, `receiving after ${when}`);
        }
      }
    } catch (error) {
      report(`${when}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  let lost: string[] = [];
  let doubled: string[] = [];
  try {
    deliverAll(replicas);
    for (const replica of replicas) {
      examine(replica, 'at the end');
      replica.state.doc.check();
    }
    const states = replicas.map(({ ydoc }) => readContent(ydoc));
    if (!states.every((doc) => doc.eq(states[0]!))) report('the replicas differ');
    replicas.forEach((replica, i) => {
      if (replica.state.schema === schema && !replica.state.doc.eq(states[i]!))
        report(`${replica.name} shows something else`);
    });
    ({ lost, doubled } = ledger.judge(countWords(states[0]!)));
  } catch (error) {
    report(`at the end: ${error instanceof Error ? error.stack : String(error)}`);
  }
  for (const replica of replicas) replica.destroy();
  return { words: ledger.typed.size, lost, doubled, problems };
}
