/** `<cp-toasts>`: the messages that toasts.ts sends, at the lower edge, read out by screen readers. */
import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../icons.ts';
import { type Toast, type ToastEvent, toasts } from '../toasts.ts';
import { LightElement } from './light-element.ts';

/** Milliseconds a message stays; it waits while the pointer or the focus is on it. */
const STAY = 8_000;
/** With something to do in it: as long as it takes to get there by keyboard. */
const STAY_WITH_ACTION = 20_000;

interface Shown {
  readonly id: number;
  readonly toast: Toast;
}

@customElement('cp-toasts')
export class Toasts extends LightElement {
  @state() private shown: readonly Shown[] = [];
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #next = 1;
  readonly #show = (event: Event) => {
    const shown: Shown = { id: this.#next++, toast: (event as ToastEvent).toast };
    // Three fit on a phone; the oldest gives way.
    this.shown = [...this.shown, shown].slice(-3);
    this.#count(shown);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    toasts.addEventListener('toast', this.#show);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    toasts.removeEventListener('toast', this.#show);
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #count({ id, toast }: Shown): void {
    if (!toast.failed)
      this.#timers.set(
        id,
        setTimeout(() => this.#close(id), toast.action ? STAY_WITH_ACTION : STAY),
      );
  }

  #hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }

  #close(id: number): void {
    this.#hold(id);
    this.#timers.delete(id);
    this.shown = this.shown.filter((shown) => shown.id !== id);
  }

  #act(id: number, toast: Toast): void {
    this.#close(id);
    toast.action?.run();
  }

  override render() {
    return html`
      <div class="toasts" role="log" aria-live="polite" aria-label="Messages">
        ${repeat(
          this.shown,
          (shown) => shown.id,
          (shown) => html`
            <div
              class="toast"
              @pointerenter=${() => this.#hold(shown.id)}
              @pointerleave=${() => this.#count(shown)}
              @focusin=${() => this.#hold(shown.id)}
              @focusout=${() => this.#count(shown)}
            >
              ${shown.toast.failed ? icon('circleAlert') : null}
              <span>${shown.toast.text}</span>
              ${
                shown.toast.action &&
                html`<button class="button quiet small" @click=${() => this.#act(shown.id, shown.toast)}>
                  ${shown.toast.action.label}
                </button>`
              }
              <button class="button quiet small icon-only" aria-label="Close this message" @click=${() => this.#close(shown.id)}>
                ${icon('x')}
              </button>
            </div>
          `,
        )}
      </div>
    `;
  }
}
