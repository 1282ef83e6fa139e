import { expect, test } from 'vitest';
import type { SaveState } from '../../../../src/client/connect-quote.ts';
import { feedNotice } from '../../../../src/web/room/panel/feed-notice.ts';
import type { FeedState } from '../../../../src/web/room/panel/feed.ts';

const loading: FeedState = { entries: [], hasEarlier: false, isLoading: true, problem: null };
const read: FeedState = { ...loading, isLoading: false };
const failed: FeedState = { ...read, problem: 'The server cannot be reached.' };

const saved: SaveState = { kind: 'saved', confirmed: true };
const notConnected: SaveState = { kind: 'offline', unsent: 0, because: null };
const cutOff: SaveState = {
  ...notConnected,
  because: {
    kind: 'network',
    code: 1006,
    final: false,
    detail: '',
    message: 'The server cannot be reached.',
  },
};

test('without a connection it says so, also where nothing was read yet', () => {
  expect(feedNotice(loading, cutOff, true)).toBe('offline');
  expect(feedNotice(loading, notConnected, false)).toBe('offline');
  expect(feedNotice(failed, notConnected, true)).toBe('offline');
});

test('before the first attempt to connect, and while the log is read, it waits', () => {
  expect(feedNotice(loading, notConnected, true)).toBe('waiting');
  expect(feedNotice(loading, saved, true)).toBe('waiting');
});

test('what was read stays without a word, and a problem with the log is told', () => {
  expect(feedNotice(read, cutOff, true)).toBeNull();
  expect(feedNotice(failed, saved, true)).toBe('problem');
});
