/** Which formats a server makes, and what it does with those it cannot, with too many at once and with who gives up. */
import { expect, test } from 'vitest';
import { createExports } from './exports.ts';

const request = { planId: 'p1', snapshot: null, format: 'pdf', options: {}, origin: null } as const;
const refuse = (): Promise<never> => Promise.reject(new Error('asked for'));
const documents = {
  export: refuse,
  compare: refuse,
  pdfJob: () => Promise.resolve({ job: new Uint8Array([1]), title: 'A plan' }),
  redlineJob: () => Promise.resolve(new Uint8Array([2])),
};

test('a server without a compiler for its machine has no PDF, and says what it has', async () => {
  const exports = createExports({ documents, pdf: null });
  expect(exports.formats).not.toContain('pdf');
  expect(exports.formats).toContain('md');
  expect(exports.redlineFormats).toEqual(['html', 'docx', 'md']);
  const refused = { code: 'unknown-format', message: expect.stringContaining('md') };
  await expect(exports.write(request)).rejects.toMatchObject(refused);
  const redline = { planId: 'p1', from: 1, to: null, format: 'pdf', paper: 'a4' } as const;
  await expect(exports.redline(redline)).rejects.toMatchObject(refused);
});

test('who gives up is not waited for, and the signal reaches the process that makes the PDF', async () => {
  const giveUp = new AbortController();
  const { promise: reached, resolve } = Promise.withResolvers<AbortSignal | undefined>();
  const pdf = {
    write: (_job: Uint8Array, signal?: AbortSignal) => {
      resolve(signal);
      return new Promise<never>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const exports = createExports({ documents, pdf });
  const written = exports.write(request, giveUp.signal);
  expect(await reached).toBe(giveUp.signal);
  giveUp.abort(new Error('gave up'));
  await expect(written).rejects.toThrow('gave up');
});
