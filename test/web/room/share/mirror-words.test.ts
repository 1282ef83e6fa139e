import { expect, test } from 'vitest';
import { isOfInterest, mirrorWords } from '../../../../src/web/room/share/mirror-words.ts';
import type { MirrorJson } from '../../../../src/wire/slack-schemas.ts';

const NOW = new Date(2027, 0, 15, 12, 0).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const mirror = (state: MirrorJson['state'], why: string | null = null, ago = 5 * MINUTE): MirrorJson => ({
  channel: 'deals',
  state,
  why,
  since: NOW - ago,
});

test.each([
  [mirror('live'), 'live'],
  [
    mirror('paused', 'Slack refuses the channel: is_archived'),
    'paused: Slack refuses the channel: is_archived. It is tried again every 15 minutes.',
  ],
  [mirror('paused'), 'paused. It is tried again every 15 minutes.'],
  [mirror('ending'), 'ending'],
  [mirror('ended'), 'ended 5 min ago'],
  [mirror('ended', 'its session is over'), 'ended 5 min ago: its session is over'],
])('%j: %s', (shown, words) => {
  expect(mirrorWords(shown, NOW, 'en-US')).toBe(words);
});

test.each([
  [mirror('live', null, 30 * DAY), true],
  [mirror('paused', 'x', 30 * DAY), true],
  [mirror('ending', null, 30 * DAY), true],
  [mirror('ended', null, DAY - 1), true],
  [mirror('ended', null, DAY), false],
])('%j is of interest: %s', (shown, isShown) => {
  expect(isOfInterest(shown, NOW)).toBe(isShown);
});
