/** Which paper is in the printers where this browser is. */

/** Unicode CLDR 48, supplemental/measurementData.xml, paperSize US-Letter. */
const LETTER = new Set(['BZ', 'CA', 'CL', 'CO', 'CR', 'GT', 'MX', 'NI', 'PA', 'PH', 'PR', 'SV', 'US', 'VE']);

/** `language` is a BCP 47 tag; one without a country tells nothing. */
export function paperOf(language: string): 'a4' | 'letter' {
  const { region = '' } = new Intl.Locale(language);
  return LETTER.has(region) ? 'letter' : 'a4';
}
