/** Downloads a comparison as a file to hand round, and says how it goes: a long plan takes a while. */
import type { RedlineFormat } from '../../shared/api.ts';
import { api, explain } from '../api.ts';
import { paperOf } from '../export/paper.ts';
import { saveFile } from '../export/save-file.ts';
import { showToast } from '../toasts.ts';

/** `to`: a snapshot's number, or `now`. */
export async function downloadRedline(planId: string, from: string, to: string, format: RedlineFormat): Promise<void> {
  if (format === 'pdf') showToast({ text: 'Making the PDF …' });
  try {
    const query = { from, to, paper: paperOf(navigator.language) };
    const { file, name, warnings } = await api.redlineFile(planId, format, query);
    const saved = name ?? `changes.${format}`;
    saveFile(file, saved);
    showToast({ text: [`“${saved}” is in your downloads.`, ...warnings].join(' ') });
  } catch (error) {
    showToast({ text: explain(error), failed: true });
  }
}
