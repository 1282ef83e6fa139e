import { expect, test } from 'vitest';
import { type SessionView, describeSessionChanges } from '../../src/cli/session-view.ts';
import type { SessionEvent } from '../../src/wire/messages.ts';

const session = (change: Partial<SessionEvent> = {}): SessionEvent => ({
  type: 'session',
  sessionId: 's1',
  state: 'solo',
  ...change,
});
const view = (change: Partial<SessionView> = {}): SessionView => ({
  session: session(),
  people: [],
  conflicts: [],
  connection: 'live',
  ...change,
});
const ENDS_AT = Date.UTC(2026, 2, 1, 12);

test('a warning says when it ends and how to keep it open, once; and that it stays open', () => {
  const warned = view({ session: session({ endsAt: ENDS_AT }) });
  expect(describeSessionChanges(view(), warned)).toEqual([
    'warning: it ends at 2026-03-01 12:00:00 UTC unless something is done: "quoteroom session keep-open s1"',
  ]);
  expect(describeSessionChanges(warned, warned)).toEqual([]);
  expect(describeSessionChanges(warned, view())).toEqual(['it stays open: something was done']);
});

test('the end is told once, with who ended it and why', () => {
  const state = 'closed';
  const ended = view({ session: session({ state, why: 'inactive' }) });
  expect(describeSessionChanges(view(), ended)).toEqual(['the session was ended (inactive)']);
  const shut = { ...ended, connection: 'This session was ended.' };
  expect(describeSessionChanges(ended, shut)).toEqual([]);
});

test('away from the server nobody has gone', () => {
  const before = view({ people: ['Ann (admin)'] });
  const offline = view({ connection: 'connecting' });
  expect(describeSessionChanges(before, offline)).toEqual(['connecting']);
  expect(describeSessionChanges({ ...offline, people: before.people }, before)).toEqual(['live']);
  expect(describeSessionChanges(before, view())).toEqual(['Ann (admin) left, or is away']);
});

test('what people called themselves cannot move the cursor', () => {
  const [line] = describeSessionChanges(null, view({ people: ['\u001B[2JAnn (admin)'] }));
  expect(line).toBe('\u{fffd}[2JAnn (admin) is here');
});
