/** A drawn comparison that somebody goes through: its sheet, its map, what they point at, and the ways from change to change. */
import type { ComparisonAnswer } from '../../shared/api.ts';
import { listNames } from '../format.ts';
import { comparedNames, nameOf } from '../history/snapshot-words.ts';
import { ChangeMap } from './change-map.ts';
import { groupOf } from './describe.ts';
import { type Pointed, Pointing } from './pointing.ts';
import { bringIntoView, COVERED } from './scrolling.ts';
import { Sheet, type SheetView } from './sheet.ts';
import type { Survey } from './survey.ts';

/** Names that stand beside a change; the card has them all. */
const NAMES = 3;

/** A passage and its height in the window (px). */
export interface ReadingPlace {
  readonly pos: number;
  readonly top: number;
}

interface Places {
  /** Where the text is drawn. */
  readonly sheet: HTMLElement;
  readonly map: HTMLElement;
  /** The card of the change that is pointed at, where there is one. */
  readonly card: () => HTMLElement | null;
}

export class Reviewer {
  readonly answer: ComparisonAnswer;
  readonly #survey: Survey;
  readonly #places: Places;
  readonly #sheet: Sheet;
  #layout: SheetView['layout'];
  readonly #map: ChangeMap;
  readonly #pointing: Pointing;
  /** Told of the change that is pointed at; null: of none any more. */
  readonly #point: (pointed: Pointed | null) => void;
  #numbers: readonly number[] = [];
  #current: number | null = null;
  #resumed: HTMLElement | null = null;

  constructor(
    places: Places,
    answer: ComparisonAnswer,
    survey: Survey,
    view: SheetView,
    point: (pointed: Pointed | null) => void,
  ) {
    const { blocks, sections, changes, people } = answer;
    this.answer = answer;
    this.#survey = survey;
    this.#places = places;
    this.#point = point;
    this.#numbers = [...view.matters];
    this.#layout = view.layout;
    const authors = (change: number): string => {
      const names = new Set((changes[change]?.by ?? []).map(({ userId }) => nameOf(people, userId)));
      return listNames([...names].slice(0, NAMES));
    };
    const names = comparedNames(answer.from.snapshot?.number ?? 0, answer.to.snapshot?.number ?? 'now');
    this.#sheet = new Sheet(places.sheet, { blocks, sections, survey, authors, names }, view);
    this.#map = new ChangeMap(places.map, places.sheet, {
      extent: () => {
        const { top, height } = places.sheet.getBoundingClientRect();
        return { top: top + window.scrollY, height };
      },
      marks: () => this.#sheet.marks(),
      groupOf: (number) => {
        const change = changes[number];
        return change ? groupOf(change) : 'form';
      },
    });
    this.#pointing = new Pointing(places.sheet, places.card, (pointed) => this.#pointedAt(pointed));
    places.sheet.addEventListener('click', this.#clicked);
  }

  destroy(): void {
    this.#places.sheet.removeEventListener('click', this.#clicked);
    this.#pointing.destroy();
    this.#map.destroy();
    this.#sheet.destroy();
  }

  show(view: SheetView): void {
    this.#numbers = [...view.matters];
    this.release();
    const row = view.layout === this.#layout ? null : this.#rowRead(() => true);
    const top = row === null ? undefined : this.#sheet.row(row)?.getBoundingClientRect().top;
    this.#layout = view.layout;
    this.#sheet.show(view);
    const again = row === null ? null : this.#sheet.row(row);
    if (again && top !== undefined) window.scrollBy(0, again.getBoundingClientRect().top - top);
    this.#map.refresh();
  }

  /** Nothing is pointed at any more. */
  release(): void {
    this.#pointing.release();
  }

  cardHovered(inside: boolean): void {
    this.#pointing.cardHovered(inside);
  }

  /** Goes to the next or the previous change: from the last one gone to while it can be seen, otherwise from where the reader is. */
  step(by: 1 | -1): void {
    const numbers = this.#numbers;
    if (numbers.length === 0) return;
    const here = this.#current === null ? -1 : numbers.indexOf(this.#current);
    const next = here >= 0 && this.#isInSight(this.#current) ? here + by : this.#fromWindow(by);
    const target = numbers[(next + numbers.length) % numbers.length];
    if (target !== undefined) this.go(target);
  }

  /** Brings the change into view and gives it the focus, unfolded and drawn if it was not. `kind`: one end of a move. */
  go(change: number, kind?: 'departed' | 'arrived'): void {
    const found = this.#sheet.find(change, kind);
    if (!found) return;
    this.#current = change;
    bringIntoView(found);
    found.focus({ preventScroll: true });
    history.replaceState(history.state, '', `#change-${change + 1}`);
  }

  /** What is read now, by its position in the older document: the one thing that another comparison with it has too. */
  place(): ReadingPlace | null {
    const row = this.#rowRead((index) => this.#isOld(index));
    const top = row === null ? undefined : this.#sheet.row(row)?.getBoundingClientRect().top;
    return row === null || top === undefined ? null : { pos: this.#survey.rows[row]?.before.from ?? 0, top };
  }

  /** The row of the change gone to last while it can be seen, otherwise the first that the reader sees. */
  #rowRead(accepts: (row: number) => boolean): number | null {
    const current = this.#isInSight(this.#current) ? this.#survey.facts[this.#current ?? -1]?.rows[0] : undefined;
    return current ?? this.#sheet.rowBelow(COVERED, accepts);
  }

  /** Shows the same passage at the same height as it was in the comparison before. */
  resume({ pos, top }: ReadingPlace): void {
    const row = this.#survey.rows.findLastIndex(({ before }, index) => before.from <= pos && this.#isOld(index));
    const el = this.#sheet.row(row);
    if (!el) return;
    window.scrollBy(0, el.getBoundingClientRect().top - top);
    el.tabIndex = -1;
    this.#resumed = el;
    this.refocus();
  }

  /** Gives the focus, where it was lost with a dialog or with the text before, to the change gone to last or to what was resumed. */
  refocus(): void {
    if (document.activeElement !== document.body) return;
    const change = this.#current === null ? null : this.#sheet.find(this.#current);
    (change ?? this.#resumed)?.focus({ preventScroll: true });
  }

  #isOld(row: number): boolean {
    const before = this.#survey.rows[row]?.before;
    return before !== undefined && before.from < before.to;
  }

  /** Index, among those looked for, of the next or the previous change seen from the upper part of the window. */
  #fromWindow(by: 1 | -1): number {
    const numbers = this.#numbers;
    const sought = new Set(numbers);
    const row = this.#sheet.rowBelow(
      window.innerHeight / 4,
      (index) => this.#survey.rows[index]?.changes.some((change) => sought.has(change)) ?? false,
    );
    const below = row === null ? -1 : numbers.findIndex((change) => (this.#survey.facts[change]?.rows[0] ?? 0) >= row);
    const next = below < 0 ? numbers.length : below;
    return by > 0 ? next : next - 1;
  }

  #isInSight(change: number | null): boolean {
    const box = this.#places.sheet.querySelector(`[data-change="${change}"]`)?.getBoundingClientRect();
    return Boolean(box && box.bottom > 0 && box.top < window.innerHeight);
  }

  #pointedAt(pointed: Pointed | null): void {
    if (pointed?.held && this.#numbers.includes(pointed.change)) this.#current = pointed.change;
    this.#point(pointed);
  }

  /** The buttons within the text: to the other end of a move, from a note back to its place. */
  readonly #clicked = (event: Event): void => {
    const target = event.target as Element;
    const jump = target.closest<HTMLElement>('[data-jump]');
    if (jump) this.go(Number(jump.dataset.jump), jump.dataset.to === 'arrived' ? 'arrived' : 'departed');
    const back = target.closest<HTMLElement>('[data-to-row]');
    const row = back ? this.#sheet.row(Number(back.dataset.toRow)) : null;
    if (!row) return;
    bringIntoView(row);
    row.querySelector<HTMLElement>('.note-reference a')?.focus({ preventScroll: true });
  };
}
