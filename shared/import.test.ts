/** What a text that does not say its format is taken for. */
import { describe, expect, it } from 'vitest';
import { looksLikeMarkdown, looksLikeWikitext } from './import.ts';

describe('a text', () => {
  it.each([
    '# Land',
    'a **bold** word',
    '- a\n- b',
    '1. a\n2. b',
    'a [link](https://x.org)',
    '| a | b |\n|---|:-:|',
    '> a',
    '```\nx\n```',
    'a[^1]',
    '[a]: https://x.org',
  ])('that has %j is Markdown', (text) => {
    expect([looksLikeMarkdown(text), looksLikeWikitext(text)]).toEqual([true, false]);
  });

  it.each(['== Land ==', 'See [[Commons]].', '{| class="x"\n|}', 'a<ref>b</ref>'])(
    'that has %j is a wiki’s',
    (text) => {
      expect(looksLikeWikitext(text)).toBe(true);
    },
  );

  it.each([
    'Just a text.',
    '- one dash',
    '2 * 3 * 4',
    '#hashtag and #other',
    'a [remark] (here)',
    '---',
    'x ** y ** z',
    'https://x.org/a_b_c',
    'Dear all,\n\nsee you at 5.\n1. May is fine.',
  ])('such as %j is plain', (text) => {
    expect([looksLikeMarkdown(text), looksLikeWikitext(text)]).toEqual([false, false]);
  });

  it('that somebody made to be slow to read takes no longer for it', () => {
    // With a pattern that looks again from each bracket or dash, these take minutes.
    const parts = ['[', '[[a', '[^', '-', '|', '| -', '<ref', '=a b', '**a', '[](https:'];
    const takenFor = (looks: (text: string) => boolean) => parts.filter((part) => looks(part.repeat(200_000)));
    expect([takenFor(looksLikeWikitext), takenFor(looksLikeMarkdown)]).toEqual([[], ['**a', '[](https:']]);
  });
});
