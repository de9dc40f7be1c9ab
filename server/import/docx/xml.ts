/** Reads a part of a Word file as XML: a plain tree, with the prefixes that the standard (ECMA-376) uses, whichever the file does. */
import { DOMParser } from '@xmldom/xmldom';
import { CommonplanError } from '../../../shared/errors.ts';

/** Characters of one part. A plan of 50,000 words has a twentieth of this. */
const MAX_LENGTH = 64 * 1024 * 1024;
/** Of one part: a plan of 50,000 words has a fifth of them, and a tree of more takes too much memory. */
const MAX_ELEMENTS = 500_000;
/** Elements within elements: a table takes three, a text box fifteen. */
const MAX_DEPTH = 300;

export interface Xml {
  /** Such as `w:p`; what is in no namespace of the table below has no prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Xml[];
  /** Directly in this element. */
  readonly text: string;
}

/** In the transitional form that programs write, and in the strict one of ISO/IEC 29500. */
const PREFIXES: Readonly<Record<string, string>> = {
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main': 'w',
  'http://purl.oclc.org/ooxml/wordprocessingml/main': 'w',
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships': 'r',
  'http://purl.oclc.org/ooxml/officeDocument/relationships': 'r',
  'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing': 'wp',
  'http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing': 'wp',
  'http://schemas.openxmlformats.org/drawingml/2006/main': 'a',
  'http://purl.oclc.org/ooxml/drawingml/main': 'a',
  'http://schemas.openxmlformats.org/drawingml/2006/picture': 'pic',
  'http://purl.oclc.org/ooxml/drawingml/picture': 'pic',
  'http://schemas.openxmlformats.org/officeDocument/2006/math': 'm',
  'http://purl.oclc.org/ooxml/officeDocument/math': 'm',
  'http://schemas.openxmlformats.org/markup-compatibility/2006': 'mc',
  'http://schemas.microsoft.com/office/word/2010/wordml': 'w14',
  'http://schemas.microsoft.com/office/word/2010/wordprocessingShape': 'wps',
  'urn:schemas-microsoft-com:vml': 'v',
  'urn:schemas-microsoft-com:office:office': 'o',
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://schemas.openxmlformats.org/package/2006/metadata/core-properties': 'cp',
};

/** `part` is the part's name, for messages. Throws `invalid-document` for what is not XML, `too-large` for what is beyond the limits. */
export function parseXml(bytes: Uint8Array, part: string): Xml {
  if (bytes.length > MAX_LENGTH)
    throw new CommonplanError('too-large', `“${part}” in the file is too large to be read.`);
  const isUtf16 = bytes[0] === 0xff || bytes[0] === 0xfe;
  const source = new TextDecoder(isUtf16 ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8').decode(bytes);
  // No word processor writes one; it is where entities that grow without end are declared.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(source)) throw broken(part, 'It declares entities, which no word processor does.');
  checkElements(source, part);
  const fail = (message: string) => {
    throw broken(part, message.replace(/^\[xmldom \w+\]\s*/, '').replace(/\s*@#.*$/s, ''));
  };
  const parser = new DOMParser({ locator: undefined, errorHandler: { warning: fail, error: fail, fatalError: fail } });
  let root: Element | null;
  try {
    root = parser.parseFromString(source, 'text/xml')?.documentElement ?? null;
  } catch (cause) {
    throw cause instanceof CommonplanError ? cause : broken(part, 'It is no XML.', cause);
  }
  if (!root) throw broken(part, 'It is empty.');
  return convert(root);
}

/** Before parsing, because the parser's work grows with depth. */
function checkElements(source: string, part: string): void {
  let depth = 0;
  let count = 0;
  for (const [, closing, selfClosing] of source.matchAll(/<(\/)?[^\s<>!?/][^<>]*?(\/)?>/g)) {
    if (!closing) count++;
    if (count > MAX_ELEMENTS) {
      const most = MAX_ELEMENTS.toLocaleString('en');
      throw new CommonplanError(
        'too-large',
        `“${part}” in the file has more than the ${most} elements that can be read.`,
      );
    }
    depth += closing ? -1 : selfClosing ? 0 : 1;
    if (depth > MAX_DEPTH) throw broken(part, `It is nested deeper than the ${MAX_DEPTH} levels that can be read.`);
  }
}

function convert(element: Element): Xml {
  const attributes: Record<string, string> = {};
  for (let at = 0; at < element.attributes.length; at++) {
    const attribute = element.attributes[at]!;
    attributes[nameOf(attribute)] = attribute.value;
  }
  const children: Xml[] = [];
  let text = '';
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === 1) children.push(convert(node as Element));
    else if (node.nodeType === 3 || node.nodeType === 4) text += node.nodeValue ?? '';
  }
  return { name: nameOf(element), attributes, children, text };
}

function nameOf({ namespaceURI, localName, nodeName }: Element | Attr): string {
  const prefix = namespaceURI ? PREFIXES[namespaceURI] : undefined;
  return prefix ? `${prefix}:${localName}` : (localName ?? nodeName);
}

const broken = (part: string, why: string, cause?: unknown): CommonplanError =>
  new CommonplanError('invalid-document', `“${part}” in the file could not be read. ${why}`, { cause });

export const child = (node: Xml | undefined, name: string): Xml | undefined =>
  node?.children.find((each) => each.name === name);

/** The value (`w:val`) of a child that says one thing. */
export const saidBy = (node: Xml | undefined, name: string): string | undefined =>
  child(node, name)?.attributes['w:val'];

/** A child that says yes by being there, unless its value takes that back; undefined where it is not. */
export function flagOf(node: Xml | undefined, name: string): boolean | undefined {
  const found = child(node, name);
  return found ? !/^(?:0|false|off|none)$/.test(found.attributes['w:val'] ?? '') : undefined;
}

/** The element itself and all within it, in the order of the text. */
export function* descendants(node: Xml): Generator<Xml> {
  yield node;
  for (const each of node.children) yield* descendants(each);
}
