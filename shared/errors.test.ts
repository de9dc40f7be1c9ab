import { describe, expect, it } from 'vitest';
import { CommonplanError, ERRORS, errorOfClose, isPermanentClose } from './errors.ts';

describe('errors', () => {
  it('[W10] close codes say by their band whether trying again can help', () => {
    expect(isPermanentClose(new CommonplanError('access-removed').close)).toBe(true);
    expect(isPermanentClose(new CommonplanError('page-too-old').close)).toBe(true);
    expect(isPermanentClose(new CommonplanError('storage-failed').close)).toBe(false);
    expect(isPermanentClose(new CommonplanError('restarting').close)).toBe(false);
    expect(isPermanentClose(1006)).toBe(false);
  });

  it("carries the table's status and message, or a better message", () => {
    expect(new CommonplanError('archived')).toMatchObject({
      status: 410,
      close: 4410,
      message: ERRORS.archived.message,
    });
    expect(new CommonplanError('not-found', 'No template "x"')).toMatchObject({
      status: 404,
      message: 'No template "x"',
    });
  });

  it('finds the code that a close code stands for', () => {
    expect(errorOfClose(4410)).toBe('archived');
    expect(errorOfClose(4426)).toBe('page-too-old');
    expect(errorOfClose(1006)).toBeUndefined();
  });

  it('every close code is one a server may send, and every message is a sentence', () => {
    for (const entry of Object.values(ERRORS)) {
      expect(entry.message).toMatch(/^[A-Z].*\.$/s);
      if ('close' in entry)
        expect(entry.close === 1011 || entry.close === 1012 || (entry.close >= 4400 && entry.close < 4600)).toBe(true);
    }
  });
});
