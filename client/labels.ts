/** The words that the interface uses for values of the data: roles, streams, statuses, languages. */
import type { Role } from '../shared/roles.ts';
import type { FrontMatter } from '../shared/schema/front-matter.ts';
import { languageName } from '../shared/schema/language-name.ts';

export const ROLE_LABEL: Record<Role, string> = {
  owner: 'Owner',
  editor: 'Editor',
  commenter: 'Commenter',
  viewer: 'Viewer',
};

/** Completes "This person …". */
export const ROLE_MEANING: Record<Role, string> = {
  owner: 'can write, share and archive',
  editor: 'can read and write',
  commenter: 'can read and comment',
  viewer: 'can read',
};

export type Stream = NonNullable<FrontMatter['stream']>;

export const STREAM_LABEL: Record<Stream, string> = {
  'cultures-politics': 'P2P cultures and politics',
  'open-coops': 'Open coops and livelihoods',
  'circular-economy': 'Open source circular economy',
};

/** Offered where a language is chosen: the official languages of the EU, and others of the network. Any BCP 47 tag is valid. */
const LANGUAGES =
  'ar bg bn ca cs da de el en eo es et eu fa fi fr ga gl he hi hr hu id it ja ko lt lv mt nb nl pl pt pt-BR ro ru sk sl sq sr sv sw tr uk ur vi zh'.split(
    ' ',
  );

/** Choices for a language field, by name; `current` is among them even where it is a rarer one. */
export function languageChoices(current?: string): { tag: string; name: string }[] {
  const tags = current && !LANGUAGES.includes(current) ? [current, ...LANGUAGES] : LANGUAGES;
  return tags.map((tag) => ({ tag, name: languageName(tag) })).sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** The person's own language where it is among the choices, otherwise English. */
export function ownLanguage(): string {
  const tags = navigator.languages.flatMap((tag) => [tag, tag.split('-')[0] ?? tag]);
  return tags.find((tag) => LANGUAGES.includes(tag)) ?? 'en';
}
