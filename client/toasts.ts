/** Short messages about what just happened: any part of the client sends one, `<cp-toasts>` shows them. */

export interface Toast {
  readonly text: string;
  /** Something went wrong: announced at once, and it stays until closed. */
  readonly failed?: boolean;
  /** One thing to do about it, e.g. undo. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export const toasts = new EventTarget();

export class ToastEvent extends Event {
  readonly toast: Toast;
  constructor(toast: Toast) {
    super('toast');
    this.toast = toast;
  }
}

export function showToast(toast: Toast): void {
  toasts.dispatchEvent(new ToastEvent(toast));
}
