import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeImageUrl, safeUrl } from './safe-url.ts';

describe('safeUrl', () => {
  it.each([
    'https://wiki.p2pfoundation.net/Main_Page',
    'http://example.org/a?b=c#d',
    'mailto:assembly@example.org',
    'tel:+3291234567',
    '#chapter-2',
    '/plans/1',
    'annex.md',
    './a:b',
    '?q=a:b',
  ])('[R12] lets %s pass', (url) => {
    expect(safeUrl(url)).toBe(url);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    '//evil.example/x',
    '/\\evil.example/x',
    'java script:alert(1)',
    '',
    '   ',
    null,
    42,
    ['https://example.org'],
    `https://example.org/${'a'.repeat(5000)}`,
  ])('[R12] refuses %j', (url) => {
    expect(safeUrl(url)).toBeNull();
  });

  it('[R12] never lets a browser see another scheme than the listed ones', () => {
    const scheme = fc.constantFrom('javascript', 'data', 'vbscript', 'https', 'x');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop them, so they are what hides a scheme
    const noise = fc.stringMatching(/^[\u0000-\u0020:/\\?#a-z&;]{0,12}$/);
    fc.assert(
      fc.property(noise, scheme, noise, (before, name, after) => {
        const url = safeUrl(`${before}${name}:${after}`);
        if (url === null) return;
        expect(['http:', 'https:', 'mailto:', 'tel:']).toContain(new URL(url, 'https://here.example').protocol);
      }),
      { numRuns: 5000 },
    );
  });

  it('is stable: what it returned once, it returns again', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const url = safeUrl(text);
        if (url !== null) expect(safeUrl(url)).toBe(url);
      }),
    );
  });
});

describe('safeImageUrl', () => {
  it('[R12] takes pictures on the web and those kept with a plan, and no other address', () => {
    const kept = `/api/plans/${'0123456789abcdef01234567'}/images/${'a'.repeat(64)}`;
    expect(safeImageUrl('https://example.org/a.png')).toBe('https://example.org/a.png');
    expect(safeImageUrl(kept)).toBe(kept);
    for (const other of [
      '/api/files/1',
      'a.png',
      '#a',
      `${kept}?x`,
      `${kept}/..`,
      ` ${kept}`,
      kept.toUpperCase(),
      `//elsewhere.example${kept}`,
      `/api/plans/../images/${'a'.repeat(64)}`,
      `/api/plans/a%2fb/images/${'a'.repeat(64)}`,
      'mailto:a@example.org',
      'data:image/png;base64,AAAA',
      'data:image/svg+xml,<svg onload="alert(1)"/>',
      'blob:https://example.org/1',
      ['https://example.org/a.png'],
      null,
    ]) {
      expect(safeImageUrl(other)).toBeNull();
    }
  });
});
