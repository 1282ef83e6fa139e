import { unreachable } from '../../lib/assert.ts';
import { type Timeline, newestOf, nextChange } from './timeline.ts';

/**
 * Plays a quote's history, change by change.
 *
 *     paused --play--> playing --pause, moved by hand, or at the end--> paused
 *
 * A step is taken only when the point before it is in sight, so that playing never outruns the server.
 */
export interface Player {
  readonly kind: 'paused' | 'playing';
  readonly speed: Speed;
}

/** Changes a second. */
export const SPEEDS = [1, 3, 10, 30] as const;
export type Speed = (typeof SPEEDS)[number];

export type PlayerEvent =
  | { readonly kind: 'toggle' }
  | { readonly kind: 'moved' }
  | { readonly kind: 'speed'; readonly speed: Speed }
  | { readonly kind: 'tick'; readonly isInSight: boolean };

export const pausedPlayer: Player = { kind: 'paused', speed: 1 };

/** The player after this, and the point that it leads to, where it moves. */
export interface PlayerStep {
  readonly player: Player;
  readonly at: number;
}

export function afterEvent(
  player: Player,
  event: PlayerEvent,
  { timeline, at }: { readonly timeline: Timeline; readonly at: number },
): PlayerStep {
  switch (event.kind) {
    case 'toggle': {
      if (player.kind === 'playing') return { player: paused(player), at };
      // From the end there is nothing to play but all of it.
      const start = nextChange(timeline, at) === null ? Math.min(1, newestOf(timeline)) : at;
      return { player: { ...player, kind: 'playing' }, at: start };
    }
    case 'moved':
      return { player: paused(player), at };
    case 'speed':
      return { player: { ...player, speed: event.speed }, at };
    case 'tick':
      return player.kind === 'playing' && event.isInSight ? afterTick(player, timeline, at) : { player, at };
    default:
      return unreachable(event);
  }
}

function afterTick(player: Player, timeline: Timeline, at: number): PlayerStep {
  let now = at;
  for (let step = 0; step < paceOf(player.speed).changes; step++) now = nextChange(timeline, now) ?? now;
  return { player: nextChange(timeline, now) === null ? paused(player) : player, at: now };
}

const paused = (player: Player): Player =>
  player.kind === 'paused' ? player : { ...player, kind: 'paused' };

/** Eyes take no more than ten pictures a second; what is faster leaves some out. */
export const paceOf = (speed: Speed): { readonly everyMs: number; readonly changes: number } =>
  speed <= PICTURES_PER_SECOND_MAX
    ? { everyMs: Math.round(1_000 / speed), changes: 1 }
    : { everyMs: 1_000 / PICTURES_PER_SECOND_MAX, changes: Math.round(speed / PICTURES_PER_SECOND_MAX) };

const PICTURES_PER_SECOND_MAX = 10;
