import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REFUSAL_REASONS } from '../../src/authority/verdict.ts';
import { ROLES } from '../../src/authority/role.ts';
import { type LostEdits, addLost, parseLost } from '../../src/slack/lost-edits.ts';
import type { LostEdit } from '../../src/slack/notices.ts';

const lost = (cell: string, offered: LostEdit['offered'] = '15'): LostEdit => ({
  ...{ cell, what: cell, offered, kept: '12', reason: 'authority_overridden' },
  by: { name: 'Dana', role: 'vp_sales' },
});

const none: LostEdits = { tells: false, edits: [] };

const told = (...edits: readonly LostEdit[]): LostEdits => ({ tells: true, edits });

describe('edits that lost, until they are told', () => {
  it('are each there once, the newest of a cell last', () => {
    const all = addLost(
      addLost(none, told(lost('fields/title', 'A'), lost('fields/owner'))),
      told(lost('fields/title', 'B')),
    );
    expect(all.edits.map(({ cell, offered }) => [cell, offered])).toEqual([
      ['fields/owner', '15'],
      ['fields/title', 'B'],
    ]);
  });

  it('are each there once also where they came together', () => {
    const all = addLost(none, told(lost('fields/title', 'A'), lost('fields/title', 'B')));
    expect(all.edits.map(({ offered }) => offered)).toEqual(['B']);
  });

  it('are told to their author where any of them was not answered already', () => {
    const answered: LostEdits = { tells: false, edits: [lost('fields/title')] };
    expect(addLost(none, answered).tells).toBe(false);
    expect(addLost(answered, told(lost('fields/owner'))).tells).toBe(true);
    expect(addLost(told(lost('fields/owner')), answered).tells).toBe(true);
  });

  it('are no more than anybody reads, the newest ones', () => {
    const edits = Array.from({ length: 2_000 }, (_, index) => lost(`lineItems/l${index}/name`));
    const kept = addLost(none, told(...edits)).edits;
    expect(kept).toHaveLength(200);
    expect(kept.at(-1)?.cell).toBe('lineItems/l1999/name');
  });

  it('keep only the beginning of a long text', () => {
    const [edit] = addLost(none, told(lost('fields/title', 'x'.repeat(8_000)))).edits;
    expect(edit?.offered).toMatch(/^x{199}…$/);
  });

  it('come back from their JSON as they were', () => {
    const text = fc.string({ maxLength: 20 });
    const value = fc.oneof(text, fc.boolean(), fc.constant(null));
    const edit: fc.Arbitrary<LostEdit> = fc.record({
      ...{ cell: text, what: text, kept: value, offered: value },
      by: fc.record({ name: text, role: fc.constantFrom(...ROLES) }),
      reason: fc.constantFrom(...REFUSAL_REASONS),
    });
    fc.assert(
      fc.property(fc.boolean(), fc.array(edit), (tells, edits) => {
        const all = addLost(none, { tells, edits });
        expect(parseLost(JSON.stringify(all))).toEqual(all);
      }),
    );
  });

  it('are refused where they are something else', () => {
    expect(() => parseLost('{"tells":true,"edits":[{"cell":"fields/title"}]}')).toThrow();
  });
});
