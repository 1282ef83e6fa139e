import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalSignOf, readWrittenNumber } from '../../src/quote/written-number.ts';

describe('readWrittenNumber', () => {
  /** What is written, its reading with a decimal point and with a decimal comma, and the sign that it proves. */
  it.each<[string, string | null, string | null, string | null]>([
    ['12', '12', '12', null],
    ['0', '0', '0', null],
    ['-0', '0', '0', null],
    ['007', '7', '7', null],
    ['12.5', '12.5', null, '.'],
    ['12,5', null, '12.5', ','],
    ['.5', '0.5', null, '.'],
    ['0.125', '0.125', null, '.'],
    ['0,125', null, '0.125', ','],
    ['1,234', '1234', '1.234', 'either'],
    ['1.234', '1.234', '1234', 'either'],
    ['1.000', '1', '1000', 'either'],
    ['1234.567', '1234.567', null, '.'],
    ['1,234.50', '1234.5', null, '.'],
    ['1.234,50', null, '1234.5', ','],
    ['1,234,567', '1234567', null, '.'],
    ['1.234.567', null, '1234567', ','],
    ['12,34,567.8', '1234567.8', null, '.'],
    ['1 234,50', null, '1234.5', ','],
    ['1\u{a0}234\u{202f}567', '1234567', '1234567', null],
    ["1'234.50", '1234.5', null, '.'],
    ['1 234,567', null, '1234.567', ','],
    ['-5', '-5', '-5', null],
    ['\u{2212}5', '-5', '-5', null],
    ['+5', '5', '5', null],
    ['(5.00)', '-5', null, '.'],
    ['1.230000', '1.23', null, '.'],
  ])('%j is %j or %j', (text, point, comma, proves) => {
    const number = readWrittenNumber(text);
    expect(number?.readings).toEqual({ '.': point, ',': comma });
    expect(number && decimalSignOf(number)).toBe(proves);
  });

  it.each<[string, string, string | null, boolean]>([
    ['$1,200.00', '1200', '$', false],
    ['-$5', '-5', '$', false],
    ['$-5', '-5', '$', false],
    ['US$ 5', '5', 'US$', false],
    ['USD 1,200.00', '1200', 'USD', false],
    ['(EUR 5)', '-5', 'EUR', false],
    ['99.90 €', '99.9', '€', false],
    ['99.90 EUR', '99.9', 'EUR', false],
    ['15%', '15', null, true],
    ['12.5 %', '12.5', null, true],
  ])('%j is %s of %s', (text, value, currency, isPercent) => {
    expect(readWrittenNumber(text)).toMatchObject({ currency, isPercent, readings: { '.': value } });
  });

  it.each([
    '',
    ' ',
    '-',
    '.',
    ',',
    'n/a',
    '5 kg',
    '12a',
    '1e3',
    '1.2.3',
    '1,2,3',
    '1 2',
    '12 34',
    '--5',
    '(-5)',
    '1,234.567,8',
    '€',
    '%',
    '5.',
    '$€5',
    '١٢',
  ])('%j is no number', (text) => {
    expect(readWrittenNumber(text)).toBeNull();
  });

  it('reads every number that is written with a point and thousands', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 99 }), (whole, cents) => {
        const text = `${whole.toLocaleString('en-US')}.${String(cents).padStart(2, '0')}`;
        expect(Number(readWrittenNumber(text)?.readings['.'])).toBe(Number(text.replaceAll(',', '')));
      }),
    );
  });

  it('never throws, and reads only decimals', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0159.,-+()%$€ \u{a0}E'USD".split('')) }), (text) => {
        for (const reading of Object.values(readWrittenNumber(text)?.readings ?? {})) {
          if (reading !== null) expect(reading).toMatch(/^-?\d+(\.\d+)?$/);
        }
      }),
    );
  });
});
