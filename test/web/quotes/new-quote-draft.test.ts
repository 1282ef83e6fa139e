import { expect, test } from 'vitest';
import { isCurrencyCode } from '../../../src/quote/currency.ts';
import { currencyGroups } from '../../../src/web/quotes/currencies.ts';
import { bodyOfDraft, checkDraft, problemsOfAnswer } from '../../../src/web/quotes/new-quote-draft.ts';

const draft = { title: ' Pumps ', customer: '', currency: 'EUR', validUntil: '' };

test('only what is filled in is said', () => {
  expect(bodyOfDraft(draft)).toEqual({ fields: { title: 'Pumps', currency: 'EUR' } });
});

test('a quote has a title and a currency', () => {
  expect(checkDraft(draft)).toEqual({});
  expect(Object.keys(checkDraft({ ...draft, title: ' ', currency: null }))).toEqual(['title', 'currency']);
});

test("the server's sentences stand at their fields", () => {
  const details = [
    { field: 'fields.validUntil', message: 'takes a day that exists' },
    { field: 'lineItems', message: 'has too many rows' },
  ];
  expect(problemsOfAnswer({ message: 'Not made.', details })).toEqual({
    validUntil: 'Takes a day that exists.',
    quote: 'Has too many rows.',
  });
  expect(problemsOfAnswer({ message: 'Not reached.', details: [] })).toEqual({ quote: 'Not reached.' });
});

test('each currency is offered once, with the frequent ones first and one that is unknown here', () => {
  const [frequent, all] = currencyGroups('XYZ');
  const codes = [...(frequent?.items ?? []), ...(all?.items ?? [])].map(({ value }) => value);
  expect(codes[0]).toBe('EUR');
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.every(isCurrencyCode)).toBe(true);
  expect(codes).toContain('XYZ');
});
