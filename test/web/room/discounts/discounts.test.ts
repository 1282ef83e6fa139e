import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceQuote } from '../../../../src/quote/pricing.ts';
import type { Snapshot } from '../../../../src/quote/snapshot.ts';
import { discountText } from '../../../../src/web/room/discounts/discount-text.ts';
import { afterDrop, afterMove } from '../../../../src/web/room/discounts/move-places.ts';
import { takenOff } from '../../../../src/web/room/discounts/taken-off.ts';

describe('what a discount takes off', () => {
  const snapshot: Snapshot = {
    fields: { currency: 'EUR' },
    lineItems: [
      { id: 'l1', cells: { unitPrice: '100' } },
      { id: 'l2', cells: { unitPrice: '50' } },
    ],
    discounts: [
      { id: 'a', cells: { kind: 'percent', value: '10', appliesTo: 'l1' } },
      { id: 'b', cells: { kind: 'percent', value: '10', appliesTo: 'l1' } },
      { id: 'c', cells: { kind: 'amount', value: '500' } },
      { id: 'd', cells: { kind: 'amount', value: '5', appliesTo: 'gone' } },
    ],
    notes: [],
  };
  const taken = takenOff(snapshot, priceQuote(snapshot));

  it('is taken of what the ones before it left, on a line', () => {
    expect(taken.get('a')).toBe('10.00');
    expect(taken.get('b')).toBe('9.00');
  });

  it('is never more than there is', () => expect(taken.get('c')).toBe('131.00'));

  it('is unknown where the line is not on the quote', () => expect(taken.get('d')).toBeNull());
});

const moveAfter = (rows: readonly string[], id: string, after: string | null): string[] => {
  const others = rows.filter((row) => row !== id);
  return others.toSpliced(after === null ? 0 : others.indexOf(after) + 1, 0, id);
};

describe('moving', () => {
  const ids = ['a', 'b', 'c'];

  it('by one place', () => {
    expect(afterMove(ids, 'b', -1)).toBeNull();
    expect(afterMove(ids, 'c', -1)).toBe('a');
    expect(afterMove(ids, 'a', 1)).toBe('b');
    expect(afterMove(ids, 'a', -1)).toBeUndefined();
    expect(afterMove(ids, 'c', 1)).toBeUndefined();
  });

  it('onto another takes its place', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2 }),
        fc.nat(),
        fc.nat(),
        (rows, a, b) => {
          const from = rows[a % rows.length] ?? '';
          const onto = rows[b % rows.length] ?? '';
          const after = afterDrop(rows, from, onto);
          const moved = after === undefined ? rows : moveAfter(rows, from, after);
          expect(moved.indexOf(from)).toBe(rows.indexOf(onto));
        },
      ),
    );
  });
});

describe('writing a value', () => {
  it('reads numbers as they are written at home', () => {
    expect(discountText('percent', 'EUR', 'de').read('12,5 %')).toEqual({ ok: true, value: '12.5' });
    expect(discountText('amount', 'EUR', 'en').read('1,234.50')).toEqual({ ok: true, value: '1234.5' });
    expect(discountText('amount', 'EUR', 'de').show('250.5')).toBe('250,5');
  });

  it('says in a sentence what it does not take', () => {
    expect(discountText('percent', 'EUR', 'en').read('a lot')).toMatchObject({ ok: false });
    expect(discountText('amount', 'EUR', 'en').read('12 USD')).toMatchObject({ ok: false });
  });
});
