import { expect, test } from 'vitest';
import type { VerificationJson } from '../../../../src/wire/history-schemas.ts';
import { verifiedWords } from '../../../../src/web/history/verified/verified-words.ts';

const AT = new Date(2026, 10, 21, 14, 32).getTime();

const sound: VerificationJson = {
  quote: 'q1',
  revision: 412,
  at: AT,
  entries: 412,
  problems: [],
  head: { n: 17, at: AT, keyId: 'quoteroom+6586acda', covers: 400 },
};

const wordsOf = (verification: VerificationJson, newest = verification.revision) =>
  verifiedWords(verification, { newest, now: AT, locale: 'en-GB' });

test('a sound log: up to where, when, and what is signed of it', () => {
  expect(wordsOf(sound)).toEqual({
    badge: 'Verified to entry 412',
    isSound: true,
    checked: '412 entries were checked at 14:32.',
    signed: 'Head 17, signed at 14:32 with the key quoteroom+6586acda, vouches for entries 1 to 400.',
    since: null,
  });
});

test('what came since, and a head that covers everything or just the first entry', () => {
  expect([wordsOf(sound, 413).since, wordsOf(sound, 415).since]).toEqual([
    '1 entry has come since.',
    '3 entries have come since.',
  ]);
  const signedTo = (covers: number): string =>
    wordsOf({ ...sound, head: { n: 1, at: AT, keyId: 'k', covers } }).signed;
  expect([signedTo(412), signedTo(1)]).toEqual([
    'Head 1, signed at 14:32 with the key k, vouches for all of them.',
    'Head 1, signed at 14:32 with the key k, vouches for entry 1.',
  ]);
  expect(wordsOf({ ...sound, head: null }).signed).toContain('No signed head covers this quote yet.');
});

test('problems are counted on the badge, and no head vouches for them', () => {
  const problems = [{ seq: 3, kind: 'hash', message: 'entry 3 was changed' }];
  const words = wordsOf({ ...sound, head: null, problems });
  expect([words.badge, words.isSound, words.signed]).toEqual([
    '1 problem found',
    false,
    'No signed head vouches for this log.',
  ]);
});
