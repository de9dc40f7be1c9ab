/** What our elements have in common: they draw into the page itself, so that labels, autofill, focus and one set of styles reach everywhere. */
import { LitElement } from 'lit';

export class LightElement extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }
}
