import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../src/client/connect-quote.ts';
import { verdictWords, withTitles } from '../../../src/web/cell/verdict-words.ts';

const dana = { id: 'dana', name: 'Dana', role: 'vp_sales' } as const;
const base = { revision: 7, at: 0 };
const words = (verdict: Verdict) => verdictWords(verdict, 'en-US');

describe('what a verdict says', () => {
  test('names who decided, what stands and what the reader wanted', () => {
    const cell = 'lineItems/l1/discountPercent';
    expect(
      words({
        ...base,
        kind: 'refused',
        cell,
        reason: 'authority_overridden',
        by: dana,
        kept: '12',
        offered: '15',
      }),
    ).toEqual({ happened: 'Dana (VP Sales) set Discount to 12 %.', mine: '15 %' });
    expect(words({ ...base, kind: 'overridden', cell, by: dana, kept: null, yours: '1234.5' })).toEqual({
      happened: 'Dana (VP Sales) emptied Discount.',
      mine: '1,234.5 %',
    });
  });

  test('gives the reason where no person decided', () => {
    const refused = { ...base, kind: 'refused', cell: 'lineItems/l1/sku', kept: 'A', offered: null } as const;
    expect(words({ ...refused, reason: 'locked', message: 'The quote is approved.' })).toEqual({
      happened: 'SKU was not changed: The quote is approved.',
      mine: null,
    });
  });

  test('speaks of rows as rows', () => {
    const removed = {
      ...base,
      kind: 'overridden',
      cell: 'lineItems/l1/removed',
      by: dana,
      yours: null,
    } as const;
    expect(words({ ...removed, kept: true }).happened).toBe('Dana (VP Sales) removed this row.');
    expect(words({ ...removed, kept: null }).happened).toBe('Dana (VP Sales) keeps this row.');
  });

  test('shows what was offered, whatever it was', () => {
    const cell = 'lineItems/l1/sku';
    const verdict = {
      ...base,
      kind: 'refused',
      cell,
      reason: 'invalid_value',
      kept: null,
      offered: { a: 1 },
    } as const;
    expect(words(verdict).mine).toBe('{"a":1}');
  });

  test('has no codes of roles', () => {
    expect(withTitles('sales_rep may set at most 10 here; vp_sales may set this.')).toBe(
      'Sales rep may set at most 10 here; VP Sales may set this',
    );
  });
});
