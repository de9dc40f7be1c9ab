/** People's colours as classes: the server's policy refuses style attributes, which is how the editor would set them on text. */

/** More colours than this many are not people's but somebody's play. */
const MOST = 200;

const classes = new Map<string, string>();
let sheet: CSSStyleSheet | null = null;

/** The class that sets `--caret-color`, and `--on-caret-color` to what is readable on it (WCAG 2.2, 1.4.3). What is no colour is grey. */
export function caretColorClass(color: string): string {
  const known = classes.get(color);
  if (known) return known;
  if (classes.size >= MOST || !CSS.supports('color', color)) return color === 'gray' ? '' : caretColorClass('gray');
  if (!sheet) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(sheet);
  }
  const name = `caret-color-${classes.size}`;
  classes.set(color, name);
  const rule = sheet.cssRules[sheet.insertRule(`.${name} {}`)] as CSSStyleRule;
  rule.style.setProperty('--caret-color', color);
  rule.style.setProperty('--on-caret-color', isLight(color) ? '#14181a' : '#ffffff');
  return name;
}

/** Whether dark text is the more readable on it. */
function isLight(color: string): boolean {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return false;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  // Where white and near-black text have the same contrast.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.19;
}
