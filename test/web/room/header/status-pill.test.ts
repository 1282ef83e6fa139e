import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SaveState } from '../../../../src/client/connect-quote.ts';
import { pillWords } from '../../../../src/web/room/header/pill-words.ts';
import {
  LATE_MS,
  PILL_STATES,
  type PillEvent,
  type PillState,
  nextPill,
  pillEventOf,
} from '../../../../src/web/room/header/status-pill.ts';

/** All of it: the compiler refuses a hole. */
const table: Readonly<Record<PillState, Readonly<Record<PillEvent, PillState>>>> = {
  connecting: {
    saving: 'settling',
    saved: 'saved',
    lost: 'connecting',
    viewer: 'view_only',
    closed: 'disconnected',
    late: 'offline',
    cut: 'offline',
  },
  settling: {
    saving: 'settling',
    saved: 'saved',
    lost: 'reconnecting',
    viewer: 'view_only',
    closed: 'disconnected',
    late: 'saving',
    cut: 'settling',
  },
  saving: {
    saving: 'saving',
    saved: 'saved',
    lost: 'reconnecting',
    viewer: 'view_only',
    closed: 'disconnected',
    late: 'saving',
    cut: 'saving',
  },
  saved: {
    saving: 'settling',
    saved: 'saved',
    lost: 'reconnecting',
    viewer: 'view_only',
    closed: 'disconnected',
    late: 'saved',
    cut: 'saved',
  },
  reconnecting: {
    saving: 'returning',
    saved: 'saved',
    lost: 'reconnecting',
    viewer: 'view_only',
    closed: 'disconnected',
    late: 'offline',
    cut: 'offline',
  },
  offline: {
    saving: 'returning',
    saved: 'saved',
    lost: 'offline',
    viewer: 'view_only',
    closed: 'disconnected',
    late: 'offline',
    cut: 'offline',
  },
  returning: {
    saving: 'returning',
    saved: 'saved',
    lost: 'offline',
    viewer: 'view_only',
    closed: 'disconnected',
    late: 'saving',
    cut: 'returning',
  },
  view_only: {
    saving: 'settling',
    saved: 'saved',
    lost: 'reconnecting',
    viewer: 'view_only',
    closed: 'disconnected',
    late: 'view_only',
    cut: 'view_only',
  },
  disconnected: {
    saving: 'returning',
    saved: 'saved',
    lost: 'reconnecting',
    viewer: 'view_only',
    closed: 'disconnected',
    late: 'disconnected',
    cut: 'disconnected',
  },
};

const EVENTS = Object.keys(table.saved) as PillEvent[];

describe('status pill', () => {
  for (const state of PILL_STATES)
    it(`goes from ${state} where the table says`, () => {
      for (const event of EVENTS)
        expect([event, nextPill(state, event)]).toEqual([event, table[state][event]]);
    });

  it('is entered as saved by nothing but the acknowledgement, and left with the next edit', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS)), (events) => {
        let state: PillState = 'connecting';
        for (const event of events) {
          const before: PillState = state;
          state = nextPill(state, event);
          if (state === 'saved') expect(event === 'saved' || before === 'saved').toBe(true);
          if (event === 'saving') expect(state).not.toBe('saved');
        }
      }),
    );
  });

  it('says the same when told the same twice, as a rendering may do', () => {
    for (const state of PILL_STATES)
      for (const event of EVENTS.filter((one) => one !== 'late'))
        expect(nextPill(nextPill(state, event), event)).toBe(nextPill(state, event));
  });

  it('waits 400 ms before it speaks of saving', () => {
    expect(LATE_MS.settling).toBe(400);
    expect(pillWords('settling', { kind: 'saving', pending: 1 }).label).toBe('');
    expect(pillWords('saving', { kind: 'saving', pending: 1 }).label).toBe('Saving…');
  });

  it('says "Saved" in one state only', () => {
    const save: SaveState = { kind: 'saved', confirmed: true };
    expect(PILL_STATES.filter((state) => pillWords(state, save).label === 'Saved')).toEqual(['saved']);
  });

  it('counts what is kept here', () => {
    const offline = (unsent: number): SaveState => ({ kind: 'offline', unsent, because: null });
    expect(pillWords('offline', offline(3)).label).toBe('Offline, 3 changes kept on this device');
    expect(pillWords('offline', offline(1)).label).toBe('Offline, 1 change kept on this device');
    expect(pillWords('offline', offline(0)).label).toBe('Offline');
  });

  it('tells a viewer from a closed connection', () => {
    const viewer: SaveState = { kind: 'readonly', unsent: 0, because: { kind: 'viewer' } };
    expect(pillEventOf(viewer)).toBe('viewer');
    expect(pillWords('view_only', viewer).label).toBe('View only');
  });
});
