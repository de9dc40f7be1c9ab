/** Authorship as bytes: columns of small numbers, which compress well and change little from one snapshot to the next. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Authorship, FieldItems, Format, Run, Shape } from './authorship.ts';
import type { ItemRange } from './item-map.ts';

const LAYOUT = 1;

/** Not compressed: who stores them compresses them. */
export function encodeAuthorship({ runs, shapes, formats, fields }: Authorship): Uint8Array {
  const columns = new ColumnWriter();
  columns.count(runs.length);
  let at = 0;
  for (const run of runs) {
    columns.places.push((run.from - at) * 2 + (run.text ? 1 : 0));
    columns.range(run);
    at = run.from + run.length;
  }
  columns.count(shapes.length);
  at = 0;
  for (const shape of shapes) {
    columns.places.push(shape.at - at);
    columns.range(shape);
    at = shape.at;
  }
  columns.count(formats.length);
  at = 0;
  for (const format of formats) {
    columns.places.push(format.at - at);
    columns.range({ ...format, length: 1 });
    columns.key(format.key, format.on);
    at = format.at;
  }
  columns.count(fields.length);
  for (const { field, entry, text } of fields) {
    columns.key(field, true);
    columns.range(entry);
    columns.count(text.length);
    for (const range of text) columns.range(range);
  }
  return columns.finish();
}

/** Throws on bytes that encodeAuthorship did not write. */
export function decodeAuthorship(data: Uint8Array): Authorship {
  const columns = new ColumnReader(data);
  let at = 0;
  const runs = columns.list((): Run => {
    const place = columns.places.next();
    const range = columns.range();
    const from = at + (place >> 1);
    at = from + range.length;
    return { from, text: (place & 1) === 1, ...range };
  });
  at = 0;
  const shapes = columns.list((): Shape => {
    at += columns.places.next();
    return { at, ...columns.range() };
  });
  at = 0;
  const formats = columns.list((): Format => {
    at += columns.places.next();
    const { client, clock } = columns.range();
    return { at, client, clock, ...columns.key() };
  });
  const fields = columns.list((): FieldItems => {
    const { key: field } = columns.key();
    return { field, entry: columns.range(), text: columns.list(() => columns.range()) };
  });
  return { runs, shapes, formats, fields };
}

/** Order of the columns in the bytes. */
const COLUMNS = ['counts', 'places', 'clients', 'clientIds', 'clocks', 'lengths', 'keys'] as const;
type Columns<Column> = Record<(typeof COLUMNS)[number], Column>;

class ColumnWriter {
  readonly places: number[] = [];
  readonly #counts: number[] = [];
  /** 0: one not yet seen, its id in the next column. n: the one that was last seen so many others ago, 1 being the last. */
  readonly #clients: number[] = [];
  readonly #clientIds: number[] = [];
  /** Signed: how far from where the client's last range ended. */
  readonly #clocks: number[] = [];
  readonly #lengths: number[] = [];
  readonly #keys: number[] = [];
  readonly #recent: number[] = [];
  readonly #ends = new Map<number, number>();
  readonly #keyNames = new Map<string, number>();

  count(count: number): void {
    this.#counts.push(count);
  }

  range({ client, clock, length }: ItemRange): void {
    const rank = this.#recent.indexOf(client);
    this.#clients.push(rank + 1);
    if (rank < 0) this.#clientIds.push(client);
    toFront(this.#recent, rank, client);
    this.#clocks.push(clock - (this.#ends.get(client) ?? 0));
    this.#lengths.push(length);
    this.#ends.set(client, clock + length);
  }

  key(key: string, on: boolean): void {
    const index = this.#keyNames.get(key) ?? this.#keyNames.size;
    this.#keyNames.set(key, index);
    this.#keys.push(index * 2 + (on ? 1 : 0));
  }

  finish(): Uint8Array {
    const encoder = encoding.createEncoder();
    encoding.writeUint8(encoder, LAYOUT);
    encoding.writeVarUint(encoder, this.#keyNames.size);
    for (const key of this.#keyNames.keys()) encoding.writeVarString(encoder, key);
    const columns: Columns<number[]> = {
      counts: this.#counts,
      places: this.places,
      clients: this.#clients,
      clientIds: this.#clientIds,
      clocks: this.#clocks,
      lengths: this.#lengths,
      keys: this.#keys,
    };
    for (const name of COLUMNS) {
      const column = encoding.createEncoder();
      for (const value of columns[name]) {
        if (name === 'clocks') encoding.writeVarInt(column, value);
        else encoding.writeVarUint(column, value);
      }
      encoding.writeVarUint8Array(encoder, encoding.toUint8Array(column));
    }
    return encoding.toUint8Array(encoder);
  }
}

/** Small numbers for those who wrote near each other, which stay what they are when others come in elsewhere. */
function toFront(recent: number[], rank: number, client: number): void {
  if (rank === 0) return;
  if (rank > 0) recent.splice(rank, 1);
  recent.unshift(client);
}

interface Column {
  next(): number;
}

class ColumnReader {
  readonly places: Column;
  readonly #columns: Columns<Column>;
  readonly #recent: number[] = [];
  readonly #ends = new Map<number, number>();
  readonly #keyNames: string[];

  constructor(data: Uint8Array) {
    const decoder = decoding.createDecoder(data);
    const layout = decoding.readUint8(decoder);
    if (layout !== LAYOUT) throw new Error(`Authorship has layout ${layout}, expected ${LAYOUT}.`);
    const keys = decoding.readVarUint(decoder);
    this.#keyNames = Array.from({ length: keys }, () => decoding.readVarString(decoder));
    const columns = COLUMNS.map((name): [string, Column] => {
      const column = decoding.createDecoder(decoding.readVarUint8Array(decoder));
      const read = name === 'clocks' ? decoding.readVarInt : decoding.readVarUint;
      return [name, { next: () => read(column) }];
    });
    this.#columns = Object.fromEntries(columns) as Columns<Column>;
    this.places = this.#columns.places;
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.#columns.counts.next() }, read);
  }

  range(): ItemRange {
    const rank = this.#columns.clients.next() - 1;
    const client = rank < 0 ? this.#columns.clientIds.next() : this.#recent[rank];
    if (client === undefined) throw new Error('Authorship names a client that it has not named before.');
    toFront(this.#recent, rank, client);
    const clock = (this.#ends.get(client) ?? 0) + this.#columns.clocks.next();
    const length = this.#columns.lengths.next();
    this.#ends.set(client, clock + length);
    return { client, clock, length };
  }

  key(): { key: string; on: boolean } {
    const value = this.#columns.keys.next();
    const key = this.#keyNames[value >> 1];
    if (key === undefined) throw new Error('Authorship names a key that is not in its list.');
    return { key, on: (value & 1) === 1 };
  }
}
