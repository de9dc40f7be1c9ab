/** Which change somebody points at in the sheet: with the mouse resting on it, by focus, or by a finger. */

export interface Pointed {
  readonly change: number;
  readonly anchor: HTMLElement;
  /** Focus holds it; a mouse that goes away lets it go. */
  readonly held: boolean;
}

/** A mouse on its way elsewhere is not pointing (ms). */
const REST = 250;
/** Time (ms) to move the mouse from the change into its card. */
const GRACE = 300;

/**
 * Listens in `sheet`, and in `card`, where the mouse or the focus may go without letting the change go (WCAG 2.2, 1.4.13). `point` is
 * called with null when nothing is pointed at any more.
 */
export class Pointing {
  readonly #sheet: HTMLElement;
  readonly #point: (pointed: Pointed | null) => void;
  readonly #card: () => HTMLElement | null;
  readonly #stop = new AbortController();
  #pointed: Pointed | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sheet: HTMLElement, card: () => HTMLElement | null, point: (pointed: Pointed | null) => void) {
    this.#sheet = sheet;
    this.#card = card;
    this.#point = point;
    const { signal } = this.#stop;
    sheet.addEventListener('pointerover', this.#over, { signal });
    sheet.addEventListener('pointerout', this.#out, { signal });
    sheet.addEventListener('focusin', this.#focus, { signal });
    document.addEventListener('focusin', this.#left, { signal });
    document.addEventListener('pointerdown', this.#pressed, { signal });
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  /** Lets go, e.g. on Escape. */
  release(): void {
    clearTimeout(this.#timer);
    this.#become(null);
  }

  /** Call when the mouse enters or leaves the card. */
  cardHovered(inside: boolean): void {
    clearTimeout(this.#timer);
    if (!inside && this.#pointed && !this.#pointed.held) this.#timer = setTimeout(() => this.#become(null), GRACE);
  }

  #become(pointed: Pointed | null): void {
    if (pointed?.anchor === this.#pointed?.anchor && pointed?.held === this.#pointed?.held) return;
    this.#pointed = pointed;
    this.#point(pointed);
  }

  readonly #over = (event: PointerEvent): void => {
    const anchor = changeAt(event.target);
    if (event.pointerType !== 'mouse' || !anchor || this.#pointed?.held) return;
    clearTimeout(this.#timer);
    if (anchor === this.#pointed?.anchor) return;
    this.#timer = setTimeout(() => this.#become(pointedAt(anchor, false)), REST);
  };

  readonly #out = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || this.#pointed?.held) return;
    clearTimeout(this.#timer);
    if (changeAt(event.relatedTarget) === this.#pointed?.anchor && this.#pointed) return;
    this.#timer = setTimeout(() => this.#become(null), GRACE);
  };

  readonly #focus = (event: FocusEvent): void => {
    const anchor = changeAt(event.target);
    clearTimeout(this.#timer);
    // A link or a button within a change is itself what is meant, and its change with it.
    if (anchor) this.#become(pointedAt(anchor, true));
  };

  readonly #left = (event: FocusEvent): void => {
    const target = event.target as Node;
    if (this.#pointed?.held && !changeAt(target) && !this.#card()?.contains(target)) this.release();
  };

  readonly #pressed = (event: PointerEvent): void => {
    const target = event.target as Node;
    if (this.#pointed && !this.#sheet.contains(target) && !this.#card()?.contains(target)) this.release();
    else if (this.#pointed && this.#sheet.contains(target) && !changeAt(target)) this.release();
  };
}

function changeAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-change]') : null;
}

function pointedAt(anchor: HTMLElement, held: boolean): Pointed {
  return { change: Number(anchor.dataset.change), anchor, held };
}
