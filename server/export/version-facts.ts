/** What every export says about itself: which version it is, of when, under which licence, with which hashes. */
import type { Exportable } from './exportable.ts';
import { cleanLine } from './phrasing.ts';
import { dateOf } from './redline-facts.ts';

/** In the order to show them; what is not known is left out. */
export function versionFacts({ version, frontMatter }: Exportable): { label: string; value: string }[] {
  const { number, label, seq, time, hash, contentHash, contributors, url } = version;
  const name = cleanLine(label);
  const facts = [
    {
      label: 'Version',
      value: number === null ? `Live draft as of update ${seq}` : `Snapshot ${number}${name ? `, “${name}”` : ''}`,
    },
    { label: 'Date', value: dateOf(time) },
    { label: 'Licence', value: cleanLine(frontMatter.licence) },
    { label: 'Written by', value: contributors.map(cleanLine).filter(Boolean).join(', ') },
    { label: 'Address', value: url ?? '' },
    { label: 'SHA-256 of the text', value: contentHash },
    { label: 'SHA-256 of the entry', value: hash ?? '' },
  ];
  return facts.filter(({ value }) => value !== '');
}
