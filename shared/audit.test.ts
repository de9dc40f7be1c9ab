/** Entries of the audit log read as sentences, also those that another version wrote. */
import { expect, test } from 'vitest';
import { AUDIT_ACTIONS, auditSentence } from './audit.ts';

const nameOf = (id: string): string => ({ u1: 'Ana', u2: 'Ben' })[id] ?? 'former member';

test('an entry names who did it, to whom, and what', () => {
  expect(
    auditSentence(
      { action: 'role-changed', actor: 'u1', detail: { user: 'u2', role: 'editor', before: 'viewer' } },
      nameOf,
    ),
  ).toBe('Ana made Ben an editor instead of a viewer.');
  expect(auditSentence({ action: 'link-redeemed', actor: 'u2', detail: { link: '', role: 'viewer' } }, nameOf)).toBe(
    'Ben came in by the link without a name and is a viewer.',
  );
  expect(
    auditSentence({ action: 'plan-exported', actor: 'u2', detail: { version: null, format: 'pdf' } }, nameOf),
  ).toBe('Ben exported the plan as pdf.');
});

test('nobody as the actor is the administrator of the server, and somebody who is gone a former member', () => {
  expect(auditSentence({ action: 'user-suspended', actor: null, detail: { user: 'u9' } }, nameOf)).toBe(
    'The server’s administrator suspended former member.',
  );
});

test('an act or a detail that this version does not know is named as it was stored, never a crash', () => {
  expect(auditSentence({ action: 'toString', actor: 'u1', detail: {} }, nameOf)).toBe('Ana: toString.');
  expect(auditSentence({ action: 'member-removed', actor: 'u1', detail: {} }, nameOf)).toBe(
    'Ana took access away from ….',
  );
});

test('every act is a sentence with somebody who did it', () => {
  for (const sentence of Object.values(AUDIT_ACTIONS)) expect(sentence).toMatch(/^\{actor\} .+\.$/);
});
