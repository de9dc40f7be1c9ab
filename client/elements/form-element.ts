/** What our forms have in common: they check what was filled in with the server's own schema, send it, and say what is wrong beside the field. */
import { html, nothing } from 'lit';
import { state } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { z } from 'zod';
import { explain } from '../api.ts';
import { icon } from '../icons.ts';
import { LightElement } from './light-element.ts';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'text' | 'email' | 'password';
  readonly autocomplete?: AutoFill;
  /** What stands in the field at first, and again when this changes; drawing anew never overwrites what was typed. */
  readonly value?: string;
  readonly maxlength?: number;
  readonly autofocus?: boolean;
  readonly placeholder?: string;
}

export abstract class FormElement extends LightElement {
  /** Messages by the name of their field. */
  @state() protected errors: Readonly<Record<string, string>> = {};
  /** Why the server refused, or could not be asked. */
  @state() protected failure = '';
  @state() protected busy = false;

  /**
   * Reads the form's fields, checks them with `schema`, and runs `send` with the result. What the schema refuses is shown beside its field,
   * the first of which gets the focus; what `send` throws is shown above the button. Does nothing while another sending is under way.
   */
  protected async submit<S extends z.ZodType>(
    event: Event,
    schema: S,
    send: (data: z.infer<S>) => Promise<void>,
  ): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const form = event.currentTarget as HTMLFormElement;
    const parsed = schema.safeParse(Object.fromEntries(new FormData(form)));
    this.failure = '';
    this.errors = parsed.success ? {} : messagesByField(parsed.error);
    if (!parsed.success) {
      await this.updateComplete;
      form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    this.busy = true;
    try {
      await send(parsed.data);
    } catch (error) {
      this.failure = explain(error);
    } finally {
      this.busy = false;
    }
  }

  protected field({
    name,
    label,
    hint,
    type = 'text',
    autocomplete,
    value,
    maxlength,
    autofocus = false,
    placeholder,
  }: Field) {
    const id = `${this.localName}-${name}`;
    const error = this.errors[name];
    const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
    return html`
      <div class="field">
        <label for=${id}>${label}</label>
        ${hint ? html`<span class="hint" id="${id}-hint">${hint}</span>` : nothing}
        <input
          class="input"
          id=${id}
          name=${name}
          type=${type}
          autocomplete=${autocomplete ?? 'off'}
          maxlength=${ifDefined(maxlength)}
          placeholder=${ifDefined(placeholder)}
          ?autofocus=${autofocus}
          .value=${value ?? nothing}
          aria-invalid=${error ? 'true' : 'false'}
          aria-describedby=${described || nothing}
        />
        ${error ? html`<span class="error" id="${id}-error">${error}</span>` : nothing}
      </div>
    `;
  }

  /** Stands above the button: what went wrong with the form as a whole. */
  protected failureNotice() {
    return failureNotice(this.failure);
  }

  protected submitButton(label: string) {
    return html`<button class="button primary" type="submit" aria-disabled=${this.busy ? 'true' : 'false'}>
      ${this.busy ? html`<span class="spinner"></span>` : nothing}${label}
    </button>`;
  }
}

/** An alert that is there before it has something to say, as screen readers need it, and takes no room until then. */
export function failureNotice(failure: string) {
  // Without white space inside, so that `:empty` holds.
  return html`<div role="alert">${failure ? html`<div class="notice danger">${icon('circleAlert')}<p>${failure}</p></div>` : nothing}</div>`;
}

function messagesByField(error: z.ZodError): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const issue of error.issues) messages[String(issue.path[0] ?? '')] ??= `${issue.message}.`;
  return messages;
}
