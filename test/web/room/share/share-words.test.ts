import { describe, expect, test } from 'vitest';
import { shareAddress } from '../../../../src/web/room/share/share-address.ts';
import { endWords, usageWords, whoToAsk } from '../../../../src/web/room/share/share-words.ts';

const NOW = new Date(2027, 0, 15, 12, 0).getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('endWords', () => {
  test.each([
    [null, null, 'Works until revoked'],
    [NOW + 10_000, null, 'Runs out in 1 min'],
    [NOW + 90 * MINUTE, null, 'Runs out in 90 min'],
    [NOW + DAY - 5_000, null, 'Runs out in 24 h'],
    [NOW + 7 * DAY - 5_000, null, 'Runs out in 7 days'],
    [NOW, null, 'Ran out at 12:00 PM'],
    [NOW - 2 * DAY, null, 'Ran out on Jan 13, 12:00 PM'],
    [NOW + DAY, NOW - HOUR, 'Revoked at 11:00 AM'],
    [NOW - DAY, NOW - 2 * DAY, 'Revoked on Jan 13, 12:00 PM'],
  ])('%s, revoked %s: %s', (expiresAt, revokedAt, words) => {
    expect(endWords({ expiresAt, revokedAt, isByHost: true }, NOW, 'en-US').replaceAll('\u202F', ' ')).toBe(
      words,
    );
  });

  test('a link whose maker is no host any more has ended, unless it had before', () => {
    const wordsOf = (expiresAt: number | null, revokedAt: number | null): string =>
      endWords({ expiresAt, revokedAt, isByHost: false }, NOW, 'en-US');
    expect(wordsOf(null, null)).toBe('Ended: its maker is no host any more');
    expect(wordsOf(NOW + DAY, null)).toBe('Ended: its maker is no host any more');
    expect(wordsOf(NOW - 2 * DAY, null)).toMatch(/^Ran out/);
    expect(wordsOf(null, NOW - HOUR)).toMatch(/^Revoked/);
  });
});

test.each([
  [0, null, 'Not used yet'],
  [1, NOW - 5 * MINUTE, 'Used once, 5 min ago'],
  [3, NOW - 30 * HOUR, 'Used 3 times, last yesterday'],
])('%i uses: %s', (uses, lastUsedAt, words) => {
  expect(usageWords({ uses, lastUsedAt }, NOW)).toBe(words);
});

test.each([
  [[], 'To let somebody else in, ask an admin.'],
  [['Rita'], 'To let somebody else in, ask Rita, who hosts this quote.'],
  [['Rita', 'Ben'], 'To let somebody else in, ask Rita or Ben, who host this quote.'],
  [['Rita', 'Ben', 'Dana'], 'To let somebody else in, ask Rita, Ben or another host.'],
])('with the hosts %j: %s', (hosts, words) => {
  expect(whoToAsk(hosts)).toBe(words);
});

test('shares where the page is, without a token', () => {
  expect(shareAddress('https://quotes.example/q/acme?token=secret#x')).toBe('https://quotes.example/q/acme');
});
