/** Scrolling to a place in a text whose heights are still guesses. */

/** Whatever is fixed above the text covers this much of the window (px); CSS says the same by `scroll-margin`. */
export const COVERED = 170;

/** Brings an element to the middle of the window, its beginning where it does not fit. Once more when what lies between has been laid out. */
export function bringIntoView(el: HTMLElement, again = 2): void {
  const block = el.getBoundingClientRect().height > (window.innerHeight - COVERED) * 0.7 ? 'start' : 'center';
  el.scrollIntoView({ block, behavior: 'instant' });
  if (again === 0) return;
  requestAnimationFrame(() => {
    const { top } = el.getBoundingClientRect();
    if (top < COVERED || top > window.innerHeight * 0.8) bringIntoView(el, again - 1);
  });
}
