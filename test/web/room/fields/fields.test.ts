import { expect, it } from 'vitest';
import { parseCellValue } from '../../../../src/quote/columns.ts';
import { allCurrencies, findCurrencies } from '../../../../src/web/room/fields/currencies.ts';
import { fieldSummary } from '../../../../src/web/room/fields/field-summary.ts';
import { freeFieldOf } from '../../../../src/web/room/fields/free-field-name.ts';
import { columnTitle } from '../../../../src/quote/column-titles.ts';

it('finds a currency by its code first, then by its name', () => {
  const all = allCurrencies('en');
  expect(findCurrencies(all, 'ch')[0]?.code).toBe('CHF');
  expect(findCurrencies(all, 'swiss').map(({ code }) => code)).toEqual(['CHF']);
  expect(findCurrencies(all, '')).toBe(all);
  expect(findCurrencies(all, 'qqq')).toEqual([]);
});

it('lists each currency once, all of them such as the document takes', () => {
  const codes = allCurrencies('en').map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => !parseCellValue('fields/currency', code, 100).ok)).toEqual([]);
});

it('makes a field of a name, which reads like it again', () => {
  expect(freeFieldOf('Delivery time', [])).toEqual({ ok: true, value: 'x_delivery_time' });
  expect(columnTitle('fields', 'x_delivery_time')).toBe('Delivery time');
  expect(freeFieldOf('Größe', [])).toMatchObject({ ok: true });
  expect(freeFieldOf(' !', [])).toMatchObject({ ok: false });
  expect(freeFieldOf('delivery TIME', ['x_delivery_time'])).toMatchObject({ ok: false });
});

it('only makes fields that the document takes', () => {
  for (const name of ['Über 3 Zeilen', 'PO #', 'a-b', '7 days', 'x'.repeat(61)]) {
    const field = freeFieldOf(name, []);
    if (field.ok) expect(parseCellValue(`fields/${field.value}`, 'y', 100)).toMatchObject({ ok: true });
  }
});

it('puts the card into one line', () => {
  expect(
    fieldSummary(
      { customer: 'Acme', currency: 'EUR', validUntil: '2026-11-30', paymentTerms: '30 days net' },
      'en-GB',
    ),
  ).toBe('Acme · EUR · Valid until 30 Nov 2026 · 30 days net');
  expect(fieldSummary({})).toBe('No details yet');
});
