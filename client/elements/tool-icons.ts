/** The icons of the toolbar and of the plan page, bundled from Lucide. */
import type { TemplateResult } from 'lit';
import asteriskSvg from 'lucide-static/icons/asterisk.svg?raw';
import boldSvg from 'lucide-static/icons/bold.svg?raw';
import codeSvg from 'lucide-static/icons/code.svg?raw';
import downloadSvg from 'lucide-static/icons/download.svg?raw';
import externalLinkSvg from 'lucide-static/icons/external-link.svg?raw';
import highlighterSvg from 'lucide-static/icons/highlighter.svg?raw';
import imageSvg from 'lucide-static/icons/image.svg?raw';
import italicSvg from 'lucide-static/icons/italic.svg?raw';
import keyboardSvg from 'lucide-static/icons/keyboard.svg?raw';
import languagesSvg from 'lucide-static/icons/languages.svg?raw';
import linkSvg from 'lucide-static/icons/link.svg?raw';
import listSvg from 'lucide-static/icons/list.svg?raw';
import listIndentDecreaseSvg from 'lucide-static/icons/list-indent-decrease.svg?raw';
import listIndentIncreaseSvg from 'lucide-static/icons/list-indent-increase.svg?raw';
import listOrderedSvg from 'lucide-static/icons/list-ordered.svg?raw';
import listTodoSvg from 'lucide-static/icons/list-todo.svg?raw';
import minusSvg from 'lucide-static/icons/minus.svg?raw';
import redo2Svg from 'lucide-static/icons/redo-2.svg?raw';
import removeFormattingSvg from 'lucide-static/icons/remove-formatting.svg?raw';
import squareCodeSvg from 'lucide-static/icons/square-code.svg?raw';
import strikethroughSvg from 'lucide-static/icons/strikethrough.svg?raw';
import subscriptSvg from 'lucide-static/icons/subscript.svg?raw';
import superscriptSvg from 'lucide-static/icons/superscript.svg?raw';
import tableSvg from 'lucide-static/icons/table.svg?raw';
import tableOfContentsSvg from 'lucide-static/icons/table-of-contents.svg?raw';
import textQuoteSvg from 'lucide-static/icons/text-quote.svg?raw';
import underlineSvg from 'lucide-static/icons/underline.svg?raw';
import undo2Svg from 'lucide-static/icons/undo-2.svg?raw';
import unlinkSvg from 'lucide-static/icons/unlink.svg?raw';
import { drawIcon } from '../icons.ts';

const ICONS: Record<string, string> = {
  undo: undo2Svg,
  redo: redo2Svg,
  bold: boldSvg,
  italic: italicSvg,
  underline: underlineSvg,
  strike: strikethroughSvg,
  highlight: highlighterSvg,
  code: codeSvg,
  superscript: superscriptSvg,
  subscript: subscriptSvg,
  clear: removeFormattingSvg,
  bulletList: listSvg,
  orderedList: listOrderedSvg,
  taskList: listTodoSvg,
  outdent: listIndentDecreaseSvg,
  indent: listIndentIncreaseSvg,
  footnote: asteriskSvg,
  blockquote: textQuoteSvg,
  table: tableSvg,
  figure: imageSvg,
  codeBlock: squareCodeSvg,
  horizontalRule: minusSvg,
  link: linkSvg,
  language: languagesSvg,
  outline: tableOfContentsSvg,
  export: downloadSvg,
  keys: keyboardSvg,
  unlink: unlinkSvg,
  open: externalLinkSvg,
};

/** By the id of a tool; the icon is decoration, the button's label names it. */
export function toolIcon(id: string): TemplateResult | null {
  const svg = ICONS[id];
  return svg === undefined ? null : drawIcon(svg);
}
