/** What the fields of the front matter and the states of a plan are called, on pages and in files. */
import type { FrontMatter } from './front-matter.ts';

export const FIELD_LABEL: Readonly<Record<keyof FrontMatter, string>> = {
  title: 'Title',
  subtitle: 'Subtitle',
  status: 'Status',
  place: 'Place',
  language: 'Language',
  licence: 'Licence',
  authors: 'Authors',
  summary: 'Summary',
  keywords: 'Keywords',
  stream: 'Stream',
};

export const STATUS_LABEL: Readonly<Record<FrontMatter['status'], string>> = {
  draft: 'Draft',
  'in-consultation': 'In consultation',
  proposed: 'Proposed',
  adopted: 'Adopted',
  archived: 'Archived',
};
