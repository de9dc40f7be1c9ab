/** The mails that accounts and sharing need, in plain words. Each says why it came and what to do if one did not ask for it. */
import { tokenUrl } from '../../shared/accounts-api.ts';
import type { Mail } from '../mail.ts';

const mail = (to: string, subject: string, paragraphs: readonly string[]): Mail => ({
  to,
  subject,
  text: `${paragraphs.join('\n\n')}\n`,
});

export const passwordMail = (to: string, origin: string, token: string): Mail =>
  mail(to, 'A new password for Commonplan', [
    `Somebody, probably you, asked for a new password for your account at ${origin}.`,
    `Choose it here within an hour:\n${tokenUrl(origin, 'reset-password', token)}`,
    'If you did not ask for it, ignore this mail: your password stays as it is.',
  ]);

export const addressMail = (to: string, origin: string, token: string): Mail =>
  mail(to, 'Confirm your e-mail address for Commonplan', [
    `Somebody, probably you, gave this address for an account at ${origin}.`,
    `Confirm within a day that it is yours:\n${tokenUrl(origin, 'confirm-email', token)}`,
    'If it was not you, ignore this mail.',
  ]);

export const addressChangedMail = (to: string, origin: string): Mail =>
  mail(to, 'Your Commonplan account has another e-mail address', [
    `The account at ${origin} that you signed in to with this address has another one from now on.`,
    'If it was not you who changed it, write to the administrator of that server.',
  ]);

export const passwordChangedMail = (to: string, origin: string): Mail =>
  mail(to, 'Your Commonplan password was changed', [
    `The password of your account at ${origin} was changed, and all other sessions have ended.`,
    `If it was not you, ask for a new password at once: ${origin}/forgotten-password`,
  ]);

export const invitationMail = (to: string, origin: string, token: string, invitedBy: string): Mail =>
  mail(to, 'You are invited to Commonplan', [
    `${invitedBy} invites you to ${origin}, where people write plans together.`,
    `Make your account here within a week:\n${tokenUrl(origin, 'invitation', token)}`,
    'If you do not know what this is about, ignore this mail.',
  ]);

/** `url` lets one person in. Titles and names are anybody's words: they stand in the text, never in the subject. */
export const sharingMail = (
  to: string,
  url: string,
  { kind, title, invitedBy }: { kind: 'plan' | 'team'; title: string; invitedBy: string },
): Mail =>
  mail(to, `You are invited to a ${kind} on Commonplan`, [
    `${invitedBy} invites you to the ${kind} “${title}”, where people write together.`.replace(/\s+/g, ' '),
    `Come in here within 30 days; the link is for you alone:\n${url}`,
    'If you do not know what this is about, ignore this mail.',
  ]);
