import { describe, expect, it } from 'vitest';
import { fail } from '../../../src/lib/result.ts';
import {
  type Draft,
  commitOf,
  isOvertaken,
  lastWriter,
  plainText,
} from '../../../src/web/cell/cell-draft.ts';
import type { ActivityEntry } from '../../../src/web/room/activity.ts';

const draft = (text: string, base: string | null): Draft => ({ text, base, problem: null });
const { read } = plainText;

describe('committing a draft', () => {
  it('writes what is new, without spaces around it', () => {
    expect(commitOf(draft(' 30 days ', '14 days'), '14 days', read, false)).toEqual({
      kind: 'write',
      value: '30 days',
    });
  });

  it('empties the cell', () => {
    expect(commitOf(draft('  ', 'x'), 'x', read, true)).toEqual({ kind: 'write', value: null });
  });

  it('writes nothing where the cell says so already', () => {
    expect(commitOf(draft('x', 'x'), 'x', read, false)).toEqual({ kind: 'nothing' });
    expect(commitOf(draft('', null), null, read, false)).toEqual({ kind: 'nothing' });
  });

  it('takes back what came meanwhile by Enter only, where nothing was changed', () => {
    expect(commitOf(draft('mine', 'mine'), 'theirs', read, true)).toEqual({ kind: 'nothing' });
    expect(commitOf(draft('mine', 'mine'), 'theirs', read, false)).toEqual({ kind: 'write', value: 'mine' });
  });

  it('keeps what cannot be read, and says why', () => {
    const outcome = commitOf(draft('?', null), null, () => fail('A number, please.'), true);
    expect(outcome).toEqual({ kind: 'unreadable', problem: 'A number, please.' });
  });
});

it('is overtaken by another value of somebody else, not by the same', () => {
  expect(isOvertaken(null, 'x', read)).toBe(false);
  expect(isOvertaken(draft('mine', 'was'), 'was', read)).toBe(false);
  expect(isOvertaken(draft('mine', 'was'), 'theirs', read)).toBe(true);
  expect(isOvertaken(draft('theirs', 'was'), 'theirs', read)).toBe(false);
});

it('names who wrote last, of those who were let', () => {
  const entry = (id: string, reason?: 'locked'): ActivityEntry => ({
    seq: 1,
    at: 0,
    user: { id, name: id.toUpperCase(), role: 'sales_rep' },
    origin: 'browser',
    writes: [
      { cell: 'fields/contact', operation: 'update', before: null, applied: 'x', ...(reason && { reason }) },
    ],
  });
  expect(lastWriter([entry('max', 'locked'), entry('dana')], 'fields/contact', 'rita')).toBe('DANA');
  expect(lastWriter([entry('rita')], 'fields/contact', 'rita')).toBeNull();
  expect(lastWriter([entry('dana')], 'fields/owner', 'rita')).toBeNull();
});
