/** The paper of a country. */
import { expect, test } from 'vitest';
import { paperOf } from './paper.ts';

test('letter paper where it is usual, A4 elsewhere and where the country is not known', () => {
  expect(['en-US', 'es-419', 'es-MX', 'fr-CA', 'en', 'en-GB', 'zh-Hant-TW', 'es-EC'].map(paperOf)).toEqual(
    'letter a4 letter letter a4 a4 a4 a4'.split(' '),
  );
});
