import { describe, expect, test } from 'vitest';
import { type SaveState } from '../../../src/client/connect-quote.ts';
import { closureOf } from '../../../src/client/closure.ts';
import { closeCodes } from '../../../src/wire/close-codes.ts';
import { roomViewOf, sentenceOf } from '../../../src/web/pages/room-view.ts';

const offline = (code: number | null): SaveState => ({
  kind: 'offline',
  unsent: 0,
  because: code === null ? null : closureOf(code, ''),
});
const closed = (code: number, unsent = 0): SaveState => ({
  kind: 'readonly',
  unsent,
  because: { kind: 'closed', closure: closureOf(code, 'words of the server') },
});

const NETWORK = 1006;

describe('with a quote to show', () => {
  const filled = { isFilled: true, wasIn: true };
  test.each([
    ['offline', offline(NETWORK)],
    ['full', offline(closeCodes.full)],
    ['a viewer', { kind: 'readonly', unsent: 0, because: { kind: 'viewer' } } as const],
    ['a sign-in that has run out', closed(closeCodes.unauthenticated)],
  ])('%s: the room stays', (_name, state) => {
    expect(roomViewOf(state, filled)).toEqual({ kind: 'room' });
  });

  test.each([
    [closeCodes.forbidden, { kind: 'forbidden', isRemoval: true, detail: 'words of the server' }],
    [closeCodes.noSuchQuote, { kind: 'no_such_quote', unsent: 3 }],
    [closeCodes.sessionEnded, { kind: 'session_ended' }],
    [closeCodes.malformed, { kind: 'stuck', detail: 'words of the server', unsent: 3 }],
    [4499, { kind: 'refused' }],
  ])('%i takes its place', (code, view) => {
    expect(roomViewOf(closed(code, 3), filled)).toMatchObject(view);
  });
});

describe('with nothing to show', () => {
  const empty = { isFilled: false, wasIn: false };
  test.each([
    ['before the first attempt', offline(null), 'loading'],
    ['while the server sends', { kind: 'saving', pending: 0 } as const, 'loading'],
    ['the server does not answer', offline(NETWORK), 'unreachable'],
    ['there is no room', offline(closeCodes.full), 'full'],
    ['the sign-in has run out', closed(closeCodes.unauthenticated), 'loading'],
    ['no access', closed(closeCodes.forbidden), 'forbidden'],
  ])('%s', (_name, state, kind) => {
    expect(roomViewOf(state, empty).kind).toBe(kind);
  });
});

test("the server's words become a sentence", () => {
  expect(sentenceOf('you may only view this quote; ask a host')).toBe(
    'You may only view this quote; ask a host.',
  );
  expect(sentenceOf('')).toBe('');
});
