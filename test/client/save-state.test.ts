import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closureOf } from '../../src/client/closure.ts';
import {
  type Progress,
  type SaveEvent,
  type SaveState,
  advance,
  atStart,
  isSettled,
  saveStateOf,
} from '../../src/client/save-state.ts';

type Kind = SaveState['kind'];

const network = closureOf(1006, '');
const revoked = closureOf(4403, '');

const opened: SaveEvent = { kind: 'opened' };
const hello: SaveEvent = { kind: 'permitted', permission: 'editor' };
const edited: SaveEvent = { kind: 'edited' };
const update: SaveEvent = { kind: 'sent', frame: 'update' };
const step2: SaveEvent = { kind: 'sent', frame: 'step2' };
const synced: SaveEvent = { kind: 'synced' };
const lost: SaveEvent = { kind: 'lost', because: network };
const acked = (frames: number): SaveEvent => ({ kind: 'acked', frames });

const after = (...events: SaveEvent[]): Progress => events.reduce(advance, atStart);
const stateAfter = (...events: SaveEvent[]): SaveState => saveStateOf(after(...events));

/** One way into each state; `saving` is one update short of saved. */
const inState: Record<Kind | 'viewing', Progress> = {
  offline: atStart,
  saving: after(opened, hello, step2, acked(1), edited, update),
  saved: after(opened, hello, step2, acked(1)),
  readonly: after(opened, hello, { kind: 'closed', because: revoked }),
  viewing: after(opened, hello, step2, acked(1), { kind: 'permitted', permission: 'viewer' }),
};

const events: Record<SaveEvent['kind'], SaveEvent> = {
  opened,
  lost,
  closed: { kind: 'closed', because: revoked },
  retried: { kind: 'retried' },
  edited,
  sent: update,
  synced,
  acked: acked(2),
  permitted: hello,
};

const table: Record<keyof typeof inState, Record<SaveEvent['kind'], Kind>> = {
  offline: {
    opened: 'saving',
    lost: 'offline',
    closed: 'readonly',
    retried: 'offline',
    edited: 'offline',
    sent: 'offline',
    synced: 'offline',
    acked: 'offline',
    permitted: 'offline',
  },
  saving: {
    opened: 'saving',
    lost: 'offline',
    closed: 'readonly',
    retried: 'saving',
    edited: 'saving',
    sent: 'saving',
    synced: 'saving',
    acked: 'saved',
    permitted: 'saving',
  },
  saved: {
    opened: 'saving',
    lost: 'offline',
    closed: 'readonly',
    retried: 'saved',
    edited: 'saving',
    sent: 'saving',
    synced: 'saved',
    acked: 'saved',
    permitted: 'saved',
  },
  readonly: {
    opened: 'saving',
    lost: 'readonly',
    closed: 'readonly',
    retried: 'offline',
    edited: 'readonly',
    sent: 'readonly',
    synced: 'readonly',
    acked: 'readonly',
    permitted: 'readonly',
  },
  viewing: {
    opened: 'readonly',
    lost: 'offline',
    closed: 'readonly',
    retried: 'readonly',
    edited: 'readonly',
    sent: 'readonly',
    synced: 'readonly',
    acked: 'readonly',
    permitted: 'saved',
  },
};

describe('the whole table', () => {
  for (const [from, row] of Object.entries(table) as [
    keyof typeof table,
    Record<SaveEvent['kind'], Kind>,
  ][]) {
    for (const [event, to] of Object.entries(row) as [SaveEvent['kind'], Kind][]) {
      test(`${from}: ${event} -> ${to}`, () => {
        expect(saveStateOf(advance(inState[from], events[event])).kind).toBe(to);
      });
    }
  }
});

describe('counting', () => {
  test('counts edits made without a connection', () => {
    expect(stateAfter(edited, edited)).toEqual({ kind: 'offline', unsent: 2, because: null });
  });

  test('is not saved before its own step 2 is settled', () => {
    expect(stateAfter(opened, hello)).toEqual({ kind: 'saving', pending: 0 });
    expect(stateAfter(opened, hello, synced, step2)).toEqual({ kind: 'saving', pending: 0 });
    expect(stateAfter(opened, hello, synced, step2, acked(1))).toEqual({ kind: 'saved', confirmed: true });
  });

  test('a step 2 carries all that was made before it', () => {
    const carried = [edited, edited, opened, hello, edited, update, step2];
    expect(stateAfter(...carried)).toEqual({ kind: 'saving', pending: 3 });
    expect(stateAfter(...carried, acked(1))).toEqual({ kind: 'saving', pending: 2 });
    expect(stateAfter(...carried, acked(2))).toEqual({ kind: 'saved', confirmed: true });
  });

  test('an edit counts once, before and in its frame', () => {
    expect(stateAfter(opened, hello, step2, acked(1), edited)).toEqual({ kind: 'saving', pending: 1 });
    expect(stateAfter(opened, hello, step2, acked(1), edited, update)).toEqual({
      kind: 'saving',
      pending: 1,
    });
  });

  test('what was not settled when the line was lost is unsent, until the next step 2 is', () => {
    const cut = [opened, hello, step2, edited, update, edited, update, acked(2), lost];
    expect(stateAfter(...cut)).toEqual({ kind: 'offline', unsent: 1, because: network });
    expect(stateAfter(...cut, opened, step2)).toEqual({ kind: 'saving', pending: 1 });
    expect(stateAfter(...cut, opened, step2, acked(1))).toEqual({ kind: 'saved', confirmed: true });
  });

  test('frames are counted anew on each connection', () => {
    expect(stateAfter(opened, hello, step2, edited, update, acked(2), lost, opened, step2).kind).toBe(
      'saving',
    );
  });

  test('an acknowledgement of more than was sent settles no later frame', () => {
    expect(stateAfter(opened, hello, step2, acked(9), edited, update)).toEqual({
      kind: 'saving',
      pending: 1,
    });
  });

  test('closed for good tells how much exists here only', () => {
    expect(stateAfter(opened, hello, step2, edited, update, { kind: 'closed', because: revoked })).toEqual({
      kind: 'readonly',
      unsent: 1,
      because: { kind: 'closed', closure: revoked },
    });
  });
});

describe('a server without acknowledgements', () => {
  test('is trusted once both sides have exchanged their step 2', () => {
    expect(stateAfter(opened, step2).kind).toBe('saving');
    expect(stateAfter(opened, synced).kind).toBe('saving');
    expect(stateAfter(opened, step2, synced)).toEqual({ kind: 'saved', confirmed: false });
    expect(stateAfter(opened, step2, synced, edited, update)).toEqual({ kind: 'saved', confirmed: false });
    expect(stateAfter(opened, step2, synced, edited).kind).toBe('saving');
  });

  test('is counted from the first frame once it turns out to acknowledge', () => {
    expect(stateAfter(opened, step2, synced, edited, update, hello)).toEqual({ kind: 'saving', pending: 1 });
    expect(stateAfter(opened, step2, synced, edited, update, acked(2))).toEqual({
      kind: 'saved',
      confirmed: true,
    });
  });
});

/**
 * A model that keeps every edit by itself: where it is, and whether the server has it. The machine may be too careful,
 * never too hopeful.
 */
describe('against a model of single edits', () => {
  const action = fc.oneof(
    fc.constant('open' as const),
    fc.constant('lose' as const),
    fc.constant('edit' as const),
    fc.constant('ask' as const),
    fc.constant('settle' as const),
  );

  test('saved means that the server has every edit, and nothing is ever counted too low', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        let progress = after(hello);
        const feed = (event: SaveEvent): void => void (progress = advance(progress, event));
        let isOpen = false;
        let frames: number[][] = [];
        let settled = 0;
        let edits = 0;
        const held = new Set<number>();
        for (const step of actions) {
          if (step === 'open' && !isOpen) {
            isOpen = true;
            frames = [];
            settled = 0;
            feed(opened);
          } else if (step === 'lose' && isOpen) {
            isOpen = false;
            feed(lost);
          } else if (step === 'edit') {
            edits += 1;
            feed(edited);
            if (isOpen) {
              frames.push([edits]);
              feed(update);
            }
          } else if (step === 'ask' && isOpen) {
            frames.push(Array.from({ length: edits }, (_, index) => index + 1));
            feed(step2);
          } else if (step === 'settle' && isOpen && settled < frames.length) {
            for (const edit of frames[settled] ?? []) held.add(edit);
            settled += 1;
            feed(acked(settled));
          }
          const state = saveStateOf(progress);
          const missing = edits - held.size;
          if (state.kind === 'saved') expect(missing).toBe(0);
          if (state.kind === 'saving') expect(state.pending).toBeGreaterThanOrEqual(missing);
          if (state.kind === 'offline') expect(state.unsent).toBeGreaterThanOrEqual(missing);
        }
        // and at rest, after one more exchange, it is saved
        if (!isOpen) feed(opened);
        feed(step2);
        feed(acked(10_000));
        expect(isSettled(progress)).toBe(true);
      }),
    );
  });
});
