/** Now and then, when nobody types, checks that the editor shows what the plan holds. */
import { Plugin } from '@tiptap/pm/state';
import type { FlowBinding } from '../../shared/document/binding.ts';

/** A check renders the whole plan (tens of milliseconds for a long one), so it happens seldom (ms). */
const EVERY = 60_000;

/** `onDrift` hears once that there was a difference, or that an update failed; by then the editor has been put right. */
export function driftCheck(binding: FlowBinding, onDrift: () => void): Plugin {
  return new Plugin({
    view(view) {
      let checked = binding.doc;
      let reported = false;
      const check = (): void => {
        if (view.isDestroyed || view.composing || checked === binding.doc || view.state.doc !== binding.doc) return;
        const same = binding.check();
        checked = binding.doc;
        if (same || reported) return;
        reported = true;
        onDrift();
      };
      const timer = setInterval(() => {
        if (document.hidden) return;
        // Safari has no idle callbacks.
        if ('requestIdleCallback' in window) requestIdleCallback(check);
        else check();
      }, EVERY);
      return { destroy: () => clearInterval(timer) };
    },
  });
}
