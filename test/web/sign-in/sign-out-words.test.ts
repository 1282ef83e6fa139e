import { expect, test } from 'vitest';
import { unsentSentences } from '../../../src/web/sign-in/sign-out-words.ts';

test('names each quote with how many changes would be lost', () => {
  expect(
    unsentSentences([
      { quoteId: 'a', title: 'Conveyor line 4', unsent: 2 },
      { quoteId: 'b', title: ' ', unsent: 1 },
    ]),
  ).toEqual(['2 changes in “Conveyor line 4” were not sent.', '1 change in an untitled quote was not sent.']);
});

test('counts what is more than a few', () => {
  const quotes = Array.from({ length: 7 }, (_, at) => ({ quoteId: `q${at}`, title: `Q${at}`, unsent: 1 }));
  expect(unsentSentences(quotes).at(-1)).toBe('And so in 2 other quotes.');
});
