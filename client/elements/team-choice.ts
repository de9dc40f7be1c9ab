/** Whose plan a new one will be: a field that shows only to those who are in a team that they may make plans in. */
import { html, nothing } from 'lit';
import { may } from '../../shared/roles.ts';
import type { Team } from '../../shared/teams-api.ts';

/** Teams that plans can be made in, or brought into, by whoever looks. */
export const teamsToWriteIn = (teams: readonly Team[]): readonly Team[] =>
  teams.filter(({ role, archivedAt }) => may(role, 'write') && archivedAt === null);

/** `chosen` is a team's id, or '' for a plan of one's own. `id` is that of the field, once per page. */
export function teamChoice(id: string, teams: readonly Team[], chosen: string, choose: (teamId: string) => void) {
  const choices = teamsToWriteIn(teams);
  if (choices.length === 0) return nothing;
  return html`
    <div class="field">
      <label for=${id}>Whose plan is it?</label>
      <select class="select" id=${id} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
        <option value="" .selected=${chosen === ''}>My own</option>
        ${choices.map((team) => html`<option value=${team.id} .selected=${team.id === chosen}>${team.name}</option>`)}
      </select>
    </div>
  `;
}
