import { expect, test } from 'vitest';
import {
  type Player,
  type PlayerEvent,
  SPEEDS,
  afterEvent,
  paceOf,
  pausedPlayer,
} from '../../../src/web/history/player.ts';
import { timelineOf } from './build-timeline.ts';

const timeline = timelineOf('drRdr');
const playing: Player = { kind: 'playing', speed: 1 };
const tick: PlayerEvent = { kind: 'tick', isInSight: true };

/** Each state at the beginning, in the middle and at the end, after each event: the state and the point it leads to. */
const TABLE: Record<Player['kind'], Record<'toggle' | 'moved' | 'speed' | 'tick', readonly string[]>> = {
  paused: {
    toggle: ['playing 1', 'playing 2', 'playing 1'],
    moved: ['paused 1', 'paused 2', 'paused 5'],
    speed: ['paused 1', 'paused 2', 'paused 5'],
    tick: ['paused 1', 'paused 2', 'paused 5'],
  },
  playing: {
    toggle: ['paused 1', 'paused 2', 'paused 5'],
    moved: ['paused 1', 'paused 2', 'paused 5'],
    speed: ['playing 1', 'playing 2', 'playing 5'],
    tick: ['playing 2', 'playing 4', 'paused 5'],
  },
};

const EVENTS = {
  toggle: { kind: 'toggle' },
  moved: { kind: 'moved' },
  speed: { kind: 'speed', speed: 3 },
  tick,
} as const satisfies Record<string, PlayerEvent>;

test.each(['paused', 'playing'] as const)('%s', (kind) => {
  for (const [name, expected] of Object.entries(TABLE[kind])) {
    const event = EVENTS[name as keyof typeof EVENTS];
    const steps = [1, 2, 5].map((at) => afterEvent({ kind, speed: 1 }, event, { timeline, at }));
    expect(
      steps.map(({ player, at }) => `${player.kind} ${at}`),
      name,
    ).toEqual(expected);
  }
});

test('a step waits until the point before it is in sight', () => {
  const step = afterEvent(playing, { kind: 'tick', isInSight: false }, { timeline, at: 1 });
  expect(step).toEqual({ player: playing, at: 1 });
});

test('it stops with the step to the last change', () => {
  const { player, at } = afterEvent(playing, tick, { timeline, at: 4 });
  expect([player.kind, at]).toEqual(['paused', 5]);
});

test('a fast one leaves changes out instead of showing more than ten a second', () => {
  const { at } = afterEvent({ kind: 'playing', speed: 30 }, tick, { timeline: timelineOf('dddddd'), at: 1 });
  expect(at).toBe(4);
  for (const speed of SPEEDS) {
    const { everyMs, changes } = paceOf(speed);
    expect(everyMs).toBeGreaterThanOrEqual(100);
    expect(changes / everyMs).toBeCloseTo(speed / 1_000);
  }
});

test('a quote with one entry has nothing to play', () => {
  const step = afterEvent(pausedPlayer, { kind: 'toggle' }, { timeline: timelineOf('d'), at: 1 });
  expect(afterEvent(step.player, tick, { timeline: timelineOf('d'), at: 1 }).player.kind).toBe('paused');
});
