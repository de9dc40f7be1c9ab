/** The change map: the whole comparison as a narrow strip along the scroll bar, a stroke for each change, the window as a frame; a click goes there. */

import { element } from '../reading/elements.ts';
import type { Group } from './describe.ts';
import type { Mark } from './sheet.ts';

export interface MapSource {
  /** Top of the sheet and its height, in pixels of the page. */
  readonly extent: () => { readonly top: number; readonly height: number };
  readonly marks: () => readonly Mark[];
  readonly groupOf: (change: number) => Group;
}

/** Where on the strip's width a kind has its stroke, in shares: what kind it is shows without its colour too. */
const LANE: Record<Group, readonly [from: number, to: number]> = {
  removed: [0, 0.45],
  added: [0.55, 1],
  reworded: [0, 1],
  moved: [0.3, 0.7],
  regrouped: [0.3, 0.7],
  form: [0.3, 0.7],
};
const COLOR: Record<Group, string> = {
  removed: '--color-danger',
  added: '--color-good',
  reworded: '--color-accent',
  moved: '--color-warn',
  regrouped: '--color-warn',
  form: '--color-ink-quiet',
};
/** Height of a stroke in pixels. */
const STROKE = 3;

/**
 * Decoration for pointers: the keyboard has next and previous, and the list of changes. `host` is the strip, which CSS places; the map
 * draws itself anew when the sheet changes its height, the window its size or the theme its colours.
 */
export class ChangeMap {
  readonly #host: HTMLElement;
  readonly #source: MapSource;
  readonly #canvas = element('canvas');
  readonly #window = element('div', 'map-window');
  readonly #resize: ResizeObserver;
  readonly #theme: MutationObserver;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  #frame = 0;
  #stale = true;
  readonly #moved = (): void => this.#soon(false);
  readonly #redraw = (): void => this.#soon(true);

  constructor(host: HTMLElement, sheet: HTMLElement, source: MapSource) {
    this.#host = host;
    this.#source = source;
    host.setAttribute('aria-hidden', 'true');
    host.replaceChildren(this.#canvas, this.#window);
    host.addEventListener('pointerdown', this.#grab);
    window.addEventListener('scroll', this.#moved, { passive: true });
    this.#resize = new ResizeObserver(this.#redraw);
    this.#resize.observe(sheet);
    this.#resize.observe(host);
    this.#theme = new MutationObserver(this.#redraw);
    this.#theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.#dark.addEventListener('change', this.#redraw);
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#resize.disconnect();
    this.#theme.disconnect();
    this.#dark.removeEventListener('change', this.#redraw);
    window.removeEventListener('scroll', this.#moved);
    this.#host.removeEventListener('pointerdown', this.#grab);
    this.#host.replaceChildren();
  }

  /** Call when other changes are looked for: the height need not have changed. */
  refresh(): void {
    this.#soon(true);
  }

  #soon(stale: boolean): void {
    this.#stale ||= stale;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#stale) this.#draw();
      this.#stale = false;
      this.#showWindow();
    });
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    const scale = window.devicePixelRatio || 1;
    this.#canvas.width = width * scale;
    this.#canvas.height = height * scale;
    const context = this.#canvas.getContext('2d');
    const { height: total } = this.#source.extent();
    if (!context || total === 0) return;
    context.scale(scale, scale);
    const style = getComputedStyle(this.#host);
    const colors = new Map<string, string>();
    for (const { change, top } of this.#source.marks()) {
      const group = this.#source.groupOf(change);
      const [from, to] = LANE[group];
      const y = Math.round(Math.min(height - STROKE, (top / total) * height));
      context.fillStyle = resolved(style, COLOR[group], colors);
      context.fillRect(from * width, y, (to - from) * width, STROKE);
    }
  }

  #showWindow(): void {
    const { top, height } = this.#source.extent();
    const visible = Math.max(0, Math.min(1, (window.scrollY - top) / height));
    const share = Math.min(1 - visible, window.innerHeight / height);
    this.#window.style.setProperty('--from', `${visible * 100}%`);
    this.#window.style.setProperty('--share', `${Math.max(0, share) * 100}%`);
  }

  /** Pressing goes to that height; dragging takes the window along. */
  readonly #grab = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const to = ({ clientY }: PointerEvent): void => {
      const { top, height } = this.#source.extent();
      const box = this.#host.getBoundingClientRect();
      window.scrollTo(0, top + ((clientY - box.top) / box.height) * height - window.innerHeight / 2);
    };
    const release = new AbortController();
    const { signal } = release;
    this.#host.setPointerCapture(event.pointerId);
    this.#host.addEventListener('pointermove', to, { signal });
    for (const end of ['pointerup', 'pointercancel'])
      this.#host.addEventListener(end, () => release.abort(), { signal });
    to(event);
  };
}

/** The canvas knows no light-dark(): an element has to say what a colour is now. */
function resolved(style: CSSStyleDeclaration, name: string, known: Map<string, string>): string {
  const color = known.get(name);
  if (color) return color;
  const probe = element('span');
  probe.style.setProperty('color', style.getPropertyValue(name));
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  known.set(name, found);
  return found;
}
