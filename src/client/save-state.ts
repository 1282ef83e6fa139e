import type { Permission } from '../authority/role.ts';
import { unreachable } from '../lib/assert.ts';
import type { Closure } from './closure.ts';
import type { CountedFrame } from './frame-counter.ts';

/**
 * Is my work safe? A pure state machine: events in, one state out.
 *
 *               opened                    all frames settled
 *   offline ------------------> saving ----------------------> saved
 *      ^  ^                       |  ^                           |
 *      |  |         lost          |  |       edited, sent        |
 *      |  +-----------------------+  +---------------------------+
 *      |  +------------------------------------------------------+  lost
 *      |
 *      | retried                    closed (final), from anywhere;
 *   readonly <------------------    `viewer` while connected without the right to edit
 *
 * What it rests on:
 * - An edit is either in no frame of this connection (`unsent`), or in an update frame, or in a sync step 2, which carries
 *   everything the server lacks. Frames are numbered from 1 on each connection; `ack.frames` settles the first so many.
 * - Nothing is saved before a sync step 2 of this connection is settled: only that one proves that earlier edits arrived,
 *   also those of a former life of the page.
 * - A lost connection turns what was not settled back into `unsent`; the next step 2 carries it again.
 * - A server that never says hello sends no acknowledgements. There, once synced, sent counts as saved (`confirmed: false`).
 */
export type SaveState =
  /** No connection; edits are kept here and sent later. `because` tells why, where the server or network did. */
  | { readonly kind: 'offline'; readonly unsent: number; readonly because: Closure | null }
  /** Edits are on their way. 0 `pending`: none known, but what this side has is still being compared. */
  | { readonly kind: 'saving'; readonly pending: number }
  /** The server holds everything, durably or refused. Not `confirmed`: it was sent, but this server acknowledges nothing. */
  | { readonly kind: 'saved'; readonly confirmed: boolean }
  /** A viewer, or closed for good: then `unsent` edits exist in this client only. */
  | {
      readonly kind: 'readonly';
      readonly unsent: number;
      readonly because: { readonly kind: 'viewer' } | { readonly kind: 'closed'; readonly closure: Closure };
    };

export type SaveEvent =
  | { readonly kind: 'opened' }
  /** The connection is gone, or an attempt failed; another attempt follows. */
  | { readonly kind: 'lost'; readonly because: Closure | null }
  /** No further attempt follows. */
  | { readonly kind: 'closed'; readonly because: Closure }
  /** Somebody asked for another attempt after `closed`. */
  | { readonly kind: 'retried' }
  /** The document changed here; comes before the frame that carries it. */
  | { readonly kind: 'edited' }
  | { readonly kind: 'sent'; readonly frame: CountedFrame }
  /** A sync step 2 of the server's arrived. */
  | { readonly kind: 'synced' }
  | { readonly kind: 'acked'; readonly frames: number }
  /** The server said hello, or that the permission changed. */
  | { readonly kind: 'permitted'; readonly permission: Permission };

/** What the machine remembers. */
export interface Progress {
  readonly link: 'down' | 'up' | 'shut';
  readonly because: Closure | null;
  readonly viewer: boolean;
  /** The server was heard to speak our events, so acknowledgements will come. */
  readonly acknowledges: boolean;
  readonly synced: boolean;
  /** Edits in no frame of this connection. */
  readonly unsent: number;
  /** Counted frames of this connection, and how many of them are settled. */
  readonly sent: number;
  readonly settled: number;
  /** The newest sync step 2 of this connection: its number, and how many edits it (or an earlier one in flight) carries. */
  readonly step2: { readonly frame: number; readonly edits: number } | null;
}

export const atStart: Progress = {
  link: 'down',
  because: null,
  viewer: false,
  acknowledges: false,
  synced: false,
  unsent: 0,
  sent: 0,
  settled: 0,
  step2: null,
};

export function advance(progress: Progress, event: SaveEvent): Progress {
  switch (event.kind) {
    case 'opened':
      return { ...withoutConnection(progress), link: 'up', because: null };
    case 'lost':
      return progress.link === 'shut'
        ? progress
        : { ...withoutConnection(progress), link: 'down', because: event.because };
    case 'closed':
      return { ...withoutConnection(progress), link: 'shut', because: event.because };
    case 'retried':
      return progress.link === 'shut' ? { ...progress, link: 'down', because: null } : progress;
    case 'edited':
      return { ...progress, unsent: progress.unsent + 1 };
    case 'sent':
      return progress.link === 'up' ? withSent(progress, event.frame) : progress;
    case 'synced':
      return progress.link === 'up' ? { ...progress, synced: true } : progress;
    case 'acked':
      return progress.link === 'up' ? withSettled(progress, event.frames) : progress;
    case 'permitted':
      return { ...progress, acknowledges: true, viewer: event.permission === 'viewer' };
    default:
      return unreachable(event);
  }
}

export function saveStateOf(progress: Progress): SaveState {
  const unsent = pendingOf(progress);
  if (progress.link === 'shut' && progress.because !== null) {
    return { kind: 'readonly', unsent, because: { kind: 'closed', closure: progress.because } };
  }
  if (progress.link !== 'up') return { kind: 'offline', unsent, because: progress.because };
  if (progress.viewer) return { kind: 'readonly', unsent, because: { kind: 'viewer' } };
  if (isSettled(progress)) return { kind: 'saved', confirmed: progress.acknowledges };
  return { kind: 'saving', pending: unsent };
}

/** Whether the server has everything that was made here, refused or not. */
export function isSettled(progress: Progress): boolean {
  if (progress.link !== 'up' || progress.step2 === null || progress.unsent > 0) return false;
  return isTrusted(progress) || progress.settled >= progress.sent;
}

/** Edits that the server is not known to have: exact, but for one too many per further step 2 in flight. */
function pendingOf(progress: Progress): number {
  if (isTrusted(progress)) return progress.unsent;
  const inFlight = progress.sent - progress.settled;
  const { step2 } = progress;
  return step2 !== null && step2.frame > progress.settled
    ? progress.unsent + inFlight - 1 + step2.edits
    : progress.unsent + inFlight;
}

/** A server without acknowledgements: after its step 2, and ours, what is sent is taken as saved. */
const isTrusted = (progress: Progress): boolean => !progress.acknowledges && progress.synced;

function withoutConnection(progress: Progress): Progress {
  return { ...progress, unsent: pendingOf(progress), synced: false, sent: 0, settled: 0, step2: null };
}

function withSent(progress: Progress, frame: CountedFrame): Progress {
  const sent = progress.sent + 1;
  if (frame === 'update') return { ...progress, sent, unsent: Math.max(0, progress.unsent - 1) };
  const { step2 } = progress;
  const stillCarried = step2 !== null && step2.frame > progress.settled ? step2.edits : 0;
  return { ...progress, sent, unsent: 0, step2: { frame: sent, edits: stillCarried + progress.unsent } };
}

function withSettled(progress: Progress, frames: number): Progress {
  const settled = Math.max(progress.settled, Math.min(frames, progress.sent));
  return { ...progress, acknowledges: true, settled };
}
