import type { SaveState } from '../../../client/connect-quote.ts';

/**
 * What the pill says about whether one's work is safe: a pure state machine over the client's `SaveState`.
 *
 *   connecting --> settling --late--> saving --> saved        `saved` is entered by SaveState `saved` alone, which is
 *                      ^                          |           the server's durable acknowledgement.
 *                      +---------- edit ----------+
 *   any of them --lost--> reconnecting --late--> offline --> returning --> saved
 *
 * `settling` is the first moment of saving: the pill says nothing, neither "Saved", which is not true yet, nor
 * "Saving…", which would flicker at each edit. `late`: the state has lasted for its `LATE_MS`.
 */
export const PILL_STATES = [
  'connecting',
  'settling',
  'saving',
  'saved',
  'reconnecting',
  'offline',
  'returning',
  'view_only',
  'disconnected',
] as const;
export type PillState = (typeof PILL_STATES)[number];

/** `cut`: the browser says that there is no network. */
export type PillEvent = 'saving' | 'saved' | 'lost' | 'viewer' | 'closed' | 'late' | 'cut';

/** After which time, in ms, a state is told that it is `late`; null where it may last. */
export const LATE_MS: Readonly<Record<PillState, number | null>> = {
  connecting: 4_000,
  settling: 400,
  saving: null,
  saved: null,
  reconnecting: 2_000,
  offline: null,
  returning: 2_000,
  view_only: null,
  disconnected: null,
};

export function nextPill(state: PillState, event: PillEvent): PillState {
  switch (event) {
    case 'saved':
      return 'saved';
    case 'viewer':
      return 'view_only';
    case 'closed':
      return 'disconnected';
    case 'saving':
      return WHEN_SAVING[state];
    case 'lost':
      return WHEN_LOST[state];
    case 'late':
      return WHEN_LATE[state];
    case 'cut':
      return state === 'reconnecting' || state === 'connecting' ? 'offline' : state;
    default:
      return event satisfies never;
  }
}

const WHEN_SAVING: Readonly<Record<PillState, PillState>> = {
  connecting: 'settling',
  settling: 'settling',
  saving: 'saving',
  saved: 'settling',
  reconnecting: 'returning',
  offline: 'returning',
  returning: 'returning',
  view_only: 'settling',
  disconnected: 'returning',
};

const WHEN_LOST: Readonly<Record<PillState, PillState>> = {
  connecting: 'connecting',
  settling: 'reconnecting',
  saving: 'reconnecting',
  saved: 'reconnecting',
  reconnecting: 'reconnecting',
  offline: 'offline',
  returning: 'offline',
  view_only: 'reconnecting',
  disconnected: 'reconnecting',
};

const WHEN_LATE: Readonly<Record<PillState, PillState>> = {
  connecting: 'offline',
  settling: 'saving',
  saving: 'saving',
  saved: 'saved',
  reconnecting: 'offline',
  offline: 'offline',
  returning: 'saving',
  view_only: 'view_only',
  disconnected: 'disconnected',
};

/** What the client's state means to the pill. */
export function pillEventOf(state: SaveState): Exclude<PillEvent, 'late' | 'cut'> {
  if (state.kind === 'offline') return 'lost';
  if (state.kind === 'readonly') return state.because.kind === 'viewer' ? 'viewer' : 'closed';
  return state.kind;
}
