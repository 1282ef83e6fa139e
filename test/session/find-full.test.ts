import { beforeEach, expect, test } from 'vitest';
import { SESSIONS_PER_USER_MAX } from '../../src/lib/limits.ts';
import { findFull, findUnstartable } from '../../src/session/find-full.ts';
import { createMemorySessionStore } from '../../src/session/memory-session-store.ts';
import type { Sessions } from '../../src/session/sessions.ts';
import { quoteId, userId } from '../support/build-entry.ts';
import { START, person, startSessions } from '../support/session-harness.ts';

const [ann, bob] = [userId('ann'), userId('bob')];
const limits = { sessionsMax: 100, participantsMax: 100 };
const quoteAt = (index: number) => quoteId(`q${index}`);

let sessions: Sessions;

beforeEach(async () => {
  ({ sessions } = await startSessions(createMemorySessionStore()));
  for (let index = 0; index < SESSIONS_PER_USER_MAX; index += 1) {
    const { id } = sessions.open(quoteAt(index), { by: ann, why: 'joined' }, START);
    sessions.joined(id, `c${index}`, person('ann'), START);
  }
});

const another = quoteAt(SESSIONS_PER_USER_MAX);
const TOO_MANY = '20 sessions have you in them, which is the limit; close one of your quotes';

test('[S32] a person in 20 sessions neither comes into another nor starts one, and others do', () => {
  expect(findFull(sessions, limits, another, ann)).toBe(TOO_MANY);
  expect(findUnstartable(sessions, limits, another, ann)).toBe(TOO_MANY);
  expect(findFull(sessions, limits, another, bob)).toBeNull();
  sessions.open(another, { by: bob, why: 'created' }, START);
  expect(findFull(sessions, limits, another, ann)).toBe(TOO_MANY);
});

test('[S32] whoever is in a session comes again, and who left one has room for another', () => {
  expect(findFull(sessions, limits, quoteAt(3), ann)).toBeNull();
  expect(findUnstartable(sessions, limits, quoteAt(3), ann)).toBeNull();
  sessions.left(sessions.idOf(quoteAt(3)) ?? '', 'c3', 1001, START);
  expect(findFull(sessions, limits, another, ann)).toBeNull();
});

test('[S32] the reason fits into a close frame', () => {
  expect(Buffer.byteLength(TOO_MANY)).toBeLessThanOrEqual(123);
});
