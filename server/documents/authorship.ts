/** Which Yjs items a plan's document is made of: with the history of those items (history.ts) it says who wrote what. */
import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { type Block, firstItem, readBlocks } from '../../shared/document/blocks.ts';
import { contentRoots, tagOfAttribute } from '../../shared/document/format.ts';
import { isLeafBlock } from '../../shared/document/leaf.ts';
import { renderDocument } from '../../shared/document/render.ts';
import { TEXT_FIELDS, VALUE_FIELDS } from '../../shared/schema/front-matter-map.ts';
import { schema } from '../../shared/schema/schema.ts';
import type { ItemRange } from './item-map.ts';

/** Items shown one after the other, each at one ProseMirror position: `from`, `from` + 1 ... */
export interface Run extends ItemRange {
  readonly from: number;
  /** Characters; otherwise one marker or embed, at the position where its node opens (or where a sign stands for it). */
  readonly text: boolean;
}

/** Map entries that make the node which opens at `at` what it is: kind, containers, attributes. */
export interface Shape extends ItemRange {
  readonly at: number;
}

/** Switches a mark on or off from `at` on, up to the next one with the same key. */
export interface Format {
  readonly at: number;
  readonly client: number;
  readonly clock: number;
  readonly key: string;
  readonly on: boolean;
}

/** A field of the front matter. */
export interface FieldItems {
  readonly field: string;
  /** The map entry that holds its value. */
  readonly entry: ItemRange;
  /** The characters of a text field, in order. */
  readonly text: readonly ItemRange[];
}

/** What the view alone has (padding of tables, the paragraph of an empty plan) is made of nothing. */
export interface Authorship {
  /** By `from`. */
  readonly runs: readonly Run[];
  /** By `at`. */
  readonly shapes: readonly Shape[];
  /** By `at`. */
  readonly formats: readonly Format[];
  readonly fields: readonly FieldItems[];
}

/** The content as readContent of shared/document/ydoc.ts reads it, and what it is made of. Writes nothing. */
export function readWithAuthorship(ydoc: Y.Doc): { doc: Node; authorship: Authorship } {
  const { ytext, yattrs } = contentRoots(ydoc);
  const blocks = readBlocks(ytext);
  const { doc, fillers } = renderDocument(schema, blocks, (key) => yattrs.get(key));
  const { places, containers } = placeUnits(doc, fillers, blocks);
  const items = placeItems(ytext, places, doc.content.size);
  const shapes = [...items.shapes, ...containerShapes(yattrs, containers)].sort((a, b) => a.at - b.at);
  return { doc, authorship: { runs: items.runs, shapes, formats: items.formats, fields: readFields(ydoc) } };
}

/** Where so many units of the Y.Text, one after the other, are shown; null for the marker of a container without children. */
interface UnitPlace {
  readonly pos: number | null;
  count: number;
  readonly text: boolean;
}

/** Places of all units, in the order of the flow, and the position of every container by its tag. */
function placeUnits(
  doc: Node,
  fillers: ReadonlySet<Node>,
  blocks: readonly Block[],
): { places: UnitPlace[]; containers: Map<string, number> } {
  const places: UnitPlace[] = [];
  const containers = new Map<string, number>();
  let next = 0;
  const place = (pos: number | null, count: number, text: boolean) => {
    const last = places.at(-1);
    const goesOn = last && text && last.text && last.pos !== null && last.pos + last.count === pos;
    if (goesOn) last.count += count;
    else places.push({ pos, count, text });
  };
  const placeInline = (parent: Node, start: number) =>
    parent.forEach((node, offset) => {
      const pos = start + offset;
      place(pos, node.isText ? node.nodeSize : 1, node.isText);
      if (!node.isText && !node.isLeaf) placeInline(node, pos + 1);
    });
  const visit = (node: Node, pos: number, ancestors: readonly number[]) => {
    if (!isLeafBlock(node.type)) {
      const around = [...ancestors, pos];
      node.forEach((child, offset) => void visit(child, pos + 1 + offset, around));
      return;
    }
    if (fillers.has(node)) return;
    while (blocks[next] && !blocks[next]!.node) place(null, blocks[next++]!.length, false);
    const block = blocks[next++];
    if (!block) return;
    block.chain.forEach(({ tag }, depth) => {
      const opens = ancestors[depth];
      if (tag !== null && opens !== undefined && !containers.has(tag)) containers.set(tag, opens);
    });
    if (block.marker) place(pos, 1, false);
    placeInline(node, pos + 1);
  };
  doc.forEach((node, offset) => void visit(node, offset, []));
  for (; next < blocks.length; next++) place(null, blocks[next]!.length, false);
  return { places, containers };
}

function placeItems(
  ytext: Y.Text,
  places: readonly UnitPlace[],
  end: number,
): { runs: Run[]; shapes: Shape[]; formats: Format[] } {
  const runs: Run[] = [];
  const shapes: Shape[] = [];
  const formats: Format[] = [];
  let at = 0;
  let used = 0;
  /** The position of the next unit that is shown. */
  const position = (): number => {
    const shown = places[at]?.pos;
    if (shown !== null && shown !== undefined) return shown + used;
    for (let i = at + 1; i < places.length; i++) if (places[i]!.pos !== null) return places[i]!.pos!;
    return end;
  };
  for (let item = firstItem(ytext); item !== null; item = item.right) {
    if (item.deleted) continue;
    const { client, clock } = item.id;
    if (item.content instanceof Y.ContentFormat) {
      const { key, value } = item.content as unknown as { key: string; value: unknown };
      formats.push({ at: position(), client, clock, key, on: value !== null && value !== undefined });
      continue;
    }
    if (!item.countable) continue;
    for (let done = 0; done < item.length; ) {
      const place = places[at];
      if (!place) return { runs, shapes, formats };
      const length = Math.min(item.length - done, place.count - used);
      const range = { client, clock: clock + done, length };
      if (place.pos === null) shapes.push({ at: position(), ...range });
      else
        pushRun(runs, {
          from: place.pos + used,
          text: place.text && item.content instanceof Y.ContentString,
          ...range,
        });
      if (item.content instanceof Y.ContentType) pushEntries(shapes, position(), item.content.type);
      done += length;
      used += length;
      if (used === place.count) {
        at++;
        used = 0;
      }
    }
  }
  return { runs, shapes, formats };
}

function pushRun(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  const goesOn =
    last?.text &&
    run.text &&
    last.client === run.client &&
    last.clock + last.length === run.clock &&
    last.from + last.length === run.from;
  if (goesOn) runs[runs.length - 1] = { ...last, length: last.length + run.length };
  else runs.push(run);
}

function pushEntries(shapes: Shape[], at: number, type: Y.AbstractType<unknown>): void {
  const entries = [...type._map.values()].filter((entry) => !entry.deleted).map(({ id }) => id);
  entries.sort((a, b) => a.client - b.client || a.clock - b.clock);
  let last: { at: number; client: number; clock: number; length: number } | null = null;
  for (const { client, clock } of entries) {
    if (last && last.client === client && last.clock + last.length === clock) last.length++;
    else {
      last = { at, client, clock, length: 1 };
      shapes.push(last);
    }
  }
}

function containerShapes(yattrs: Y.Map<unknown>, containers: ReadonlyMap<string, number>): Shape[] {
  const shapes: Shape[] = [];
  for (const [key, entry] of yattrs._map) {
    const at = containers.get(tagOfAttribute(key));
    if (!entry.deleted && at !== undefined)
      shapes.push({ at, client: entry.id.client, clock: entry.id.clock, length: 1 });
  }
  return shapes;
}

function readFields(ydoc: Y.Doc): FieldItems[] {
  const map = ydoc.getMap('frontMatter');
  return [...TEXT_FIELDS, ...VALUE_FIELDS].flatMap((field) => {
    const entry = map._map.get(field);
    if (!entry || entry.deleted) return [];
    const { client, clock } = entry.id;
    const text: ItemRange[] = [];
    if (entry.content instanceof Y.ContentType && entry.content.type instanceof Y.Text) {
      for (let item = firstItem(entry.content.type); item !== null; item = item.right) {
        if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
        const last = text.at(-1);
        if (last?.client === item.id.client && last.clock + last.length === item.id.clock) {
          text[text.length - 1] = { ...last, length: last.length + item.length };
        } else text.push({ client: item.id.client, clock: item.id.clock, length: item.length });
      }
    }
    return [{ field, entry: { client, clock, length: 1 }, text }];
  });
}
