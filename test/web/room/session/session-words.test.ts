import { expect, it } from 'vitest';
import type { SessionEvent } from '../../../../src/wire/messages.ts';
import { type ConflictJson, SESSION_STATES } from '../../../../src/wire/session-schemas.ts';
import { endQuestion, endedWords, sessionWords } from '../../../../src/web/room/session/session-words.ts';

const ada = { id: 'ada', name: 'Ada', role: 'sales_rep' } as const;
const dana = { id: 'dana', name: 'Dana', role: 'deal_desk' } as const;
const max = { id: 'max', name: 'Max', role: 'sales_manager' } as const;

const conflict = (n: number, openedBy?: ConflictJson['openedBy']): ConflictJson => ({
  n,
  cell: `lineItems/l${n}/quantity`,
  since: 0,
  settlesAt: 1,
  kept: { by: ada, value: '1', revision: 1 },
  parked: [{ by: ada, value: '2', revision: 2, at: 0 }],
  mayChoose: true,
  ...(openedBy !== undefined && { openedBy }),
});

it('has words for every state', () => {
  const facts = { people: 3, conflicts: [conflict(1)], me: 'max' };
  expect(Object.fromEntries(SESSION_STATES.map((state) => [state, sessionWords(state, facts)]))).toEqual({
    solo: '3 people here',
    collaborative: '3 people here',
    conflicting: '2 values to choose between',
    resolving: 'Somebody is choosing',
    resolved: 'Settled',
    closed: null,
  });
  expect(sessionWords('collaborative', { ...facts, people: 1 })).toBe('Only you');
  expect(sessionWords('conflicting', { ...facts, conflicts: [conflict(1), conflict(2)] })).toBe(
    '2 cells to choose in',
  );
});

it('names who is choosing, others first', () => {
  const choosing = (...conflicts: ConflictJson[]): string | null =>
    sessionWords('resolving', { people: 2, conflicts, me: 'max' });
  expect(choosing(conflict(1, dana))).toBe('Dana is choosing');
  expect(choosing(conflict(1, max))).toBe('You are choosing');
  expect(choosing(conflict(1, max), conflict(2, dana))).toBe('Dana is choosing');
  expect(choosing(conflict(1, ada), conflict(2, dana))).toBe('2 people are choosing');
});

it('says who ended the session, or that it ended by itself', () => {
  const closed: SessionEvent = { type: 'session', sessionId: 's1', state: 'closed' };
  const of = (more: Partial<SessionEvent>, me = 'max') =>
    Object.values(endedWords({ ...closed, ...more }, me));
  expect(of({ why: 'by_hand', by: dana })).toEqual(['This session was ended', 'Dana ended it for everyone.']);
  expect(of({ why: 'by_hand', by: max })[0]).toBe('You ended this session');
  expect(of({ why: 'inactive' })).toEqual([
    'This session has ended',
    'Nothing was done in it for a while, so it ended by itself.',
  ]);
  // A server that told nothing.
  expect(endedWords(null, 'max')).toEqual({ title: 'This session was ended', how: '' });
});

it('tells a host beforehand for whom the page closes, and what becomes of what waits', () => {
  expect(endQuestion({ others: [], conflicts: 0 })).toMatch(/^Nobody else is here/);
  expect(endQuestion({ others: ['Max'], conflicts: 0 })).toMatch(/^The page closes for Max and you\./);
  expect(endQuestion({ others: ['Max', 'Dana'], conflicts: 1 })).toMatch(
    /^The page closes for Max, Dana and you\..* The cell in which values wait takes the newest one\./,
  );
  expect(endQuestion({ others: ['Max', 'Dana', 'Ada'], conflicts: 2 })).toMatch(
    /^The page closes for Max, 2 others and you\..* The 2 cells in which values wait take the newest one\./,
  );
});
