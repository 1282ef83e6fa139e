import { expect, it } from 'vitest';
import type { Verdict } from '../../../../src/client/connect-quote.ts';
import { markedWords } from '../../../../src/web/room/header/pill-words.ts';
import { skippedWords } from '../../../../src/web/room/header/skipped-words.ts';

const refused = (reason: 'authority_overridden' | 'not_permitted'): Verdict => ({
  kind: 'refused',
  revision: 1,
  at: 0,
  cell: 'fields/title',
  reason,
  kept: null,
  offered: 'x',
});

it('calls what a person decided overridden, and what the rules did refused', () => {
  expect(markedWords([refused('authority_overridden')])).toBe('1 change overridden');
  expect(markedWords([refused('authority_overridden'), refused('not_permitted')])).toBe(
    '2 changes overridden',
  );
  expect(markedWords([refused('not_permitted')])).toBe('1 change refused');
});

it('names what an undo left alone', () => {
  expect(skippedWords([])).toBeNull();
  expect(skippedWords(['Contact'])).toBe('Contact: left as it is, changed by someone since.');
  expect(skippedWords(['A', 'B', 'C'])).toBe('A, B and 1 more: left as they are, changed by someone since.');
});
