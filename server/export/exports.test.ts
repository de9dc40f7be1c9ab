/** Which formats a server makes, and what it does with those it cannot, with too many at once and with who gives up. */
import { expect, test } from 'vitest';
import { createExports } from './exports.ts';
import { exportable } from './test-exportable.ts';

const request = { planId: 'p1', snapshot: null, format: 'pdf', options: {}, origin: null } as const;
const plan = exportable({ type: 'doc', content: [{ type: 'paragraph' }] }, {});

test('a server without a compiler for its machine has no PDF, and says what it has', async () => {
  const documents = { export: () => Promise.reject(new Error()), readExportable: () => Promise.resolve(plan) };
  const exports = createExports({ documents, pdf: null });
  expect(exports.formats).not.toContain('pdf');
  expect(exports.formats).toContain('md');
  const refused = exports.write(request);
  await expect(refused).rejects.toMatchObject({ code: 'unknown-format', message: expect.stringContaining('md') });
});

test('who gives up is not waited for, and the signal reaches the process that makes the PDF', async () => {
  const giveUp = new AbortController();
  const { promise: reached, resolve } = Promise.withResolvers<AbortSignal | undefined>();
  const pdf = {
    write: (_: unknown, { signal }: { signal?: AbortSignal } = {}) => {
      resolve(signal);
      return new Promise<never>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const documents = { export: () => Promise.reject(new Error()), readExportable: () => Promise.resolve(plan) };
  const exports = createExports({ documents, pdf });
  const written = exports.write(request, giveUp.signal);
  expect(await reached).toBe(giveUp.signal);
  giveUp.abort(new Error('gave up'));
  await expect(written).rejects.toThrow('gave up');
});
