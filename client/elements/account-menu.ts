/** `<cp-account-menu>`: who I am, light or dark, and the way to my account, in the corner of every page. */
import '@awesome.me/webawesome/dist/components/divider/divider.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import type WaDropdownItem from '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import type { WaSelectEvent } from '@awesome.me/webawesome/dist/events/select.js';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { User } from '../../shared/api.ts';
import { explain } from '../api.ts';
import { initials } from '../format.ts';
import { icon } from '../icons.ts';
import { router } from '../router.ts';
import { href } from '../routes.ts';
import { SessionController, session } from '../session.ts';
import { currentTheme, setTheme, type Theme } from '../theme.ts';
import { showToast } from '../toasts.ts';
import { LightElement } from './light-element.ts';

const THEME_CHOICES = [
  { theme: 'system', label: 'As the system', icon: 'monitor' },
  { theme: 'light', label: 'Light', icon: 'sun' },
  { theme: 'dark', label: 'Dark', icon: 'moon' },
] as const;

@customElement('cp-account-menu')
export class AccountMenu extends LightElement {
  @state() private theme: Theme = currentTheme();

  constructor() {
    super();
    new SessionController(this);
  }

  #choose(event: WaSelectEvent): void {
    const { value } = event.detail.item as WaDropdownItem;
    if (value === 'account') void router.go(href.account);
    if (value === 'admin') void router.go(href.admin('people'));
    if (value === 'sign-out') void this.#signOut();
    const choice = THEME_CHOICES.find(({ theme }) => theme === value);
    if (!choice) return;
    setTheme(choice.theme);
    this.theme = choice.theme;
  }

  /** A guest who signs out is gone for good, and words that are not saved are thrown away: there the account page asks first. */
  async #signOut(): Promise<void> {
    if (session.user?.isAnonymous) return void router.go(href.account);
    // The page is left before the session ends: a plan that is open gets to save first.
    if (!(await router.go(href.plans))) return;
    if ((await session.unsavedPlans()) > 0) return void router.go(href.account);
    try {
      await session.signOut();
    } catch (error) {
      showToast({ text: explain(error), failed: true });
    }
  }

  override render() {
    const user = session.user;
    return html`
      <wa-dropdown placement="bottom-end" distance="4" @wa-select=${this.#choose}>
        <button slot="trigger" class="button quiet account-trigger">
          ${user ? html`<span class="avatar" data-initials=${initials(user.name)}></span>` : icon('circleUser')}
          <span class="visually-hidden">${user ? 'Menu of' : 'Menu'}</span>
          ${user ? html`<span class="account-name">${user.name}</span>` : nothing} ${icon('chevronDown')}
        </button>
        ${user ? this.#userItems(user) : nothing}
        <h3 role="none" aria-hidden="true">Appearance</h3>
        ${THEME_CHOICES.map(
          (choice) => html`
            <wa-dropdown-item type="checkbox" value=${choice.theme} .checked=${choice.theme === this.theme}>
              <span slot="icon">${icon(choice.icon)}</span><span class="visually-hidden">Appearance: </span>${choice.label}
            </wa-dropdown-item>
          `,
        )}
      </wa-dropdown>
    `;
  }

  #userItems({ isAnonymous, administrator }: User) {
    const guest = isAnonymous === true;
    return html`
      <wa-dropdown-item value="account">
        <span slot="icon">${icon(guest ? 'userPlus' : 'circleUser')}</span>${guest ? 'Keep this as an account' : 'Your account'}
      </wa-dropdown-item>
      ${
        administrator
          ? html`<wa-dropdown-item value="admin"><span slot="icon">${icon('shield')}</span>Administration</wa-dropdown-item>`
          : nothing
      }
      <wa-dropdown-item value="sign-out"><span slot="icon">${icon('logOut')}</span>Sign out</wa-dropdown-item>
      <wa-divider></wa-divider>
    `;
  }
}
