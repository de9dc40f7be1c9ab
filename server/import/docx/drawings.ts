/** Finds in the drawings of a Word file what a plan can hold of them: pictures, the text of boxes, lines across the page. */
import { descendants, type Xml } from './xml.ts';

export interface Drawing {
  /** `w:txbxContent`: blocks. */
  readonly boxes: readonly Xml[];
  readonly pictures: readonly { readonly id: string | undefined; readonly alt: string }[];
  readonly isRule: boolean;
  /** What its maker, or the program, called it. */
  readonly name: string;
}

const FOUND = /^(?:w:txbxContent|a:blip|v:imagedata)$/;

/** `node` is a `w:drawing`, or what older programs write for one, `w:pict`. */
export function readDrawing(node: Xml): Drawing {
  const parts = [...descendants(node)];
  const said = parts.find(({ name }) => name === 'wp:docPr')?.attributes ?? {};
  const shape = parts.find(({ name }) => name === 'v:shape')?.attributes ?? {};
  const alt = said.descr || said.title || shape.alt || '';
  const found = topmost(node, FOUND);
  return {
    boxes: found.filter(({ name }) => name === 'w:txbxContent'),
    pictures: found
      .filter(({ name }) => name !== 'w:txbxContent')
      .map(({ attributes }) => ({
        id: attributes['r:embed'] ?? attributes['r:link'] ?? attributes['r:id'],
        alt: alt || attributes['o:title'] || '',
      })),
    isRule: found.length === 0 && parts.some(isRule),
    name: alt || said.name || '',
  };
}

/** Of the ways in which the same is said, the newest that this reader understands. */
export function understoodWay(alternatives: Xml): Xml | undefined {
  const ways = alternatives.children.filter(({ name }) => name === 'mc:Choice' || name === 'mc:Fallback');
  const isUnderstood = (way: Xml) => [...descendants(way)].some(({ name }) => FOUND.test(name) || name === 'w:t');
  return ways.find(isUnderstood) ?? ways[0];
}

/** Elements of these names that are in no other of them. */
function topmost(node: Xml, name: RegExp): Xml[] {
  return node.children.flatMap((each) => {
    if (name.test(each.name)) return [each];
    const inside = each.name === 'mc:AlternateContent' ? understoodWay(each) : each;
    return inside ? topmost(inside, name) : [];
  });
}

/** As Word draws a line across the page, or as LibreOffice draws what was one: a shape that is hardly high. */
const isRule = ({ name, attributes }: Xml): boolean =>
  /^(?:t|true|1)$/.test(attributes['o:hr'] ?? '') ||
  (name === 'wp:extent' && Number(attributes.cy) * 40 < Number(attributes.cx));
