import { expect, test } from 'vitest';
import { type Handshake, type HandshakeState, createHandshake } from '../../src/room/handshake.ts';

const held = new Map([[7, 1]]);
const later = new Map([[7, 2]]);
const frame = Uint8Array.of(0, 1, 0);

/** What can happen to a handshake. An answer contains revision 5. */
const events = {
  ask: (handshake: Handshake) => void handshake.putQuestion(held),
  offer: (handshake: Handshake) => handshake.offer(),
  answer(handshake: Handshake) {
    if (handshake.takeQuestion() !== null) handshake.putAnswer({ revision: 5, frame });
  },
  durable: (handshake: Handshake) => void handshake.takeAnswer(5),
};
type Event = keyof typeof events;

/** How each state is reached. */
const paths: Readonly<Record<HandshakeState, readonly Event[]>> = {
  opened: [],
  asked: ['ask'],
  offered: ['offer'],
  answering: ['ask', 'offer'],
  live: ['ask', 'offer', 'answer', 'durable'],
};

const table: Readonly<Record<HandshakeState, Readonly<Record<Event, HandshakeState>>>> = {
  opened: { ask: 'asked', offer: 'offered', answer: 'opened', durable: 'opened' },
  asked: { ask: 'asked', offer: 'answering', answer: 'asked', durable: 'asked' },
  offered: { ask: 'answering', offer: 'offered', answer: 'offered', durable: 'offered' },
  answering: { ask: 'answering', offer: 'answering', answer: 'answering', durable: 'answering' },
  live: { ask: 'live', offer: 'live', answer: 'live', durable: 'live' },
};

const states = Object.keys(table) as HandshakeState[];

test.each(states)('[R9] what follows on %s', (state) => {
  for (const event of Object.keys(events) as Event[]) {
    const handshake = createHandshake();
    for (const step of paths[state]) events[step](handshake);
    expect(handshake.state).toBe(state);
    events[event](handshake);
    expect([event, handshake.state]).toEqual([event, table[state][event]]);
  }
});

test('[R9] nothing is answered before both are here, and not before what the answer contains is durable', () => {
  const handshake = createHandshake();
  expect(handshake.putQuestion(held)).toBe(true);
  expect(handshake.takeQuestion()).toBeNull();
  handshake.offer();
  expect(handshake.takeQuestion()).toBe(held);
  handshake.putAnswer({ revision: 5, frame });
  expect(handshake.takeAnswer(4)).toBeNull();
  expect(handshake.state).toBe('answering');
  expect(handshake.takeAnswer(5)).toBe(frame);
  expect(handshake.state).toBe('live');
  expect(handshake.takeAnswer(5)).toBeNull();
});

test('[R11] who asks again while an answer is under way is answered once more after it, as it asked last', () => {
  const handshake = createHandshake();
  handshake.offer();
  handshake.putQuestion(held);
  expect(handshake.takeQuestion()).toBe(held);
  handshake.putAnswer({ revision: 5, frame });
  expect(handshake.putQuestion(new Map())).toBe(false);
  expect(handshake.putQuestion(later)).toBe(false);
  expect(handshake.takeQuestion()).toBeNull();
  handshake.takeAnswer(5);
  expect(handshake.takeQuestion()).toBe(later);
  expect(handshake.takeQuestion()).toBeNull();
});
