import { describe, expect, it } from 'vitest';
import type { ConflictJson } from '../../../../src/wire/session-schemas.ts';
import {
  conflictLead,
  conflictSentence,
  isWaitingIn,
  offeredValues,
  settlesByItself,
  whoChooses,
  whoMayChoose,
} from '../../../../src/web/room/conflicts/conflict-words.ts';

const ada = { id: 'ada', name: 'Ada', role: 'sales_rep' } as const;
const ben = { id: 'ben', name: 'Ben', role: 'sales_rep' } as const;
const cy = { id: 'cy', name: 'Cy', role: 'sales_rep' } as const;
const dana = { id: 'dana', name: 'Dana', role: 'deal_desk' } as const;

const conflict = (more: Partial<ConflictJson> = {}): ConflictJson => ({
  n: 1,
  cell: 'fields/paymentTerms',
  since: 0,
  settlesAt: 15 * 60_000,
  kept: { by: ada, value: 'Net 30', revision: 2 },
  parked: [{ by: ben, value: 'Net 60', revision: 3, at: 0 }],
  mayChoose: true,
  ...more,
});

describe('a conflict in words', () => {
  it('names the values, who wrote them, and which is kept', () => {
    expect(conflictSentence(conflict(), null)).toBe('Two values: Net 30 (Ada) is kept, Net 60 (Ben) waits');
    expect(conflictSentence(conflict(), 'ben')).toBe('Two values: Net 30 (Ada) is kept, Net 60 (you) waits');
    const three = conflict({
      parked: [...conflict().parked, { by: cy, value: 'Net 45', revision: 4, at: 0 }],
    });
    expect(conflictSentence(three, null)).toBe(
      '3 values: Net 30 (Ada) is kept, Net 60 (Ben) and Net 45 (Cy) wait',
    );
  });

  it('shows no value that the reader is not told', () => {
    const hidden = conflict({ parked: [{ by: ben, revision: 3, at: 0 }], mayChoose: false });
    expect(conflictSentence(hidden, 'max')).toBe('Two values: Net 30 (Ada) is kept, a value (Ben) waits');
    expect(offeredValues(hidden, 'max').map(({ text }) => text)).toEqual(['Net 30', null]);
  });

  it('knows when each was written, of the kept one only where the server does', () => {
    const written = conflict({ parked: [{ by: ben, value: 'Net 60', revision: 7, at: 5 }] });
    expect(offeredValues(written, null).map(({ at }) => at)).toEqual([null, 5]);
    const told = { ...written, kept: { ...written.kept, at: 3 } };
    expect(offeredValues(told, null).map(({ at }) => at)).toEqual([3, 5]);
  });

  it('finds what of an entry waits still', () => {
    const isWaiting = isWaitingIn([conflict()]);
    expect(isWaiting(3, 'fields/paymentTerms')).toBe(true);
    expect(isWaiting(2, 'fields/paymentTerms')).toBe(false);
    expect(isWaiting(3, 'fields/title')).toBe(false);
  });

  it('keeps a long value to a line, and an empty one apart from one that is not told', () => {
    const [kept, parked] = offeredValues(
      conflict({
        kept: { by: ada, value: 'x'.repeat(500), revision: 2 },
        parked: [{ by: ben, value: null, revision: 3, at: 0 }],
      }),
      null,
    );
    expect(kept?.text).toHaveLength(61);
    expect(parked?.text).toBe('empty');
  });

  it('tells each reader where they stand', () => {
    expect(conflictLead(conflict(), 'ben')).toBe('Yours waits: Ada was first.');
    expect(conflictLead(conflict(), 'ada')).toBe('Yours is kept, until somebody chooses.');
    expect(conflictLead(conflict(), 'max')).toBe('Written without having seen each other.');
  });

  it.each([
    [0, 'max', 'If nobody chooses, Ben’s value is taken in 15 min.'],
    [14.5 * 60_000, 'ben', 'If nobody chooses, yours is taken in 1 min.'],
    [15 * 60_000, 'max', 'Nobody chose: Ben’s value is taken any moment.'],
    [-60 * 60_000, 'max', 'If nobody chooses, Ben’s value is taken in 75 min.'],
    [-3 * 24 * 60 * 60_000, 'max', 'If nobody chooses, Ben’s value is taken in 3 days.'],
  ])('at %i ms it says to %s: %s', (now, me, words) => {
    expect(settlesByItself(conflict(), me, now)).toBe(words);
  });

  it('says who may choose, and who does', () => {
    expect(whoMayChoose(conflict())).toBe('Editors from Sales rep up can choose.');
    expect(whoChooses([conflict()], 'max')).toBeNull();
    expect(whoChooses([conflict({ openedBy: dana })], 'max')).toBe('Dana is choosing');
    expect(whoChooses([conflict({ openedBy: dana })], 'dana')).toBe('You are choosing');
  });
});
