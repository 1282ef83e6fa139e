import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCellText } from '../../../src/web/grid/clipboard/format-cell-text.ts';
import { readCellText } from '../../../src/web/grid/clipboard/read-cell-text.ts';

const read = (column: string, text: string, options = {}) => {
  const result = readCellText(column, text, { locale: 'en', ...options });
  return result.ok ? result.value : `! ${result.reason}`;
};

describe('numbers as people write them', () => {
  test.each([
    ['1.234,50', '1234.5'],
    ['1,234.50', '1234.5'],
    ['1 234,50', '1234.5'],
    ['1\u00a0234,50', '1234.5'],
    ["1'234.50", '1234.5'],
    ['€ 12.50', '12.5'],
    ['12,50 €', '12.5'],
    ['EUR 1.200,00', '1200'],
    ['(12.50)', '-12.5'],
    ['-3', '-3'],
    ['007', '7'],
  ])('%s is %s', (text, value) => expect(read('unitPrice', text)).toBe(value));

  test('12 % is a discount, and no price', () => {
    expect(read('discountPercent', '12 %')).toBe('12');
    expect(read('discountPercent', '12,5%')).toBe('12.5');
    expect(read('unitPrice', '12 %')).toMatch(/takes no percentage/);
  });

  test('what could be two numbers is read in the reader’s language, or as told', () => {
    expect(read('quantity', '1.234', { locale: 'en' })).toBe('1.234');
    expect(read('quantity', '1.234', { locale: 'de' })).toBe('1234');
    expect(read('quantity', '1.234', { locale: 'de', decimal: '.' })).toBe('1.234');
    expect(read('quantity', '1.5', { locale: 'de' })).toBe('1.5');
    expect(read('quantity', '1.5', { decimal: ',' })).toBe('1.5');
  });

  test('a price in another currency than the quote’s is turned down', () => {
    expect(read('unitPrice', '$12', { currency: 'EUR' })).toBe('! This is in $; the quote is in EUR.');
    expect(read('unitPrice', 'USD 12', { currency: 'EUR' })).toBe('! This is in USD; the quote is in EUR.');
    expect(read('unitPrice', '$12', { currency: 'CAD' })).toBe('12');
    expect(read('unitPrice', '12 €', { currency: 'EUR' })).toBe('12');
    expect(read('unitPrice', '12 €', { currency: '' })).toBe('12');
  });

  test('what does not fit is told in a sentence', () => {
    expect(read('quantity', 'many')).toBe('! "many" is not a number.');
    expect(read('discountPercent', '120')).toBe('! This column takes a percentage from 0 to 100.');
    expect(read('net', '5')).toMatch(/^! This column is no column/);
  });
});

describe('other columns', () => {
  test('yes and no', () => {
    for (const text of ['yes', 'TRUE', 'x', '1', 'Ja']) expect(read('optional', text)).toBe(true);
    for (const text of ['no', 'FALSE', '0', '']) expect(read('optional', text)).toBe(null);
    expect(read('optional', 'perhaps')).toMatch(/takes yes or no/);
  });

  test('text is trimmed, kept as it is, and empty text empties', () => {
    expect(read('name', '  Seat\nred ')).toBe('Seat\nred');
    expect(read('sku', '0012')).toBe('0012');
    expect(read('name', '<img onerror=alert(1)>')).toBe('<img onerror=alert(1)>');
    for (const column of ['name', 'quantity', 'optional', 'x_delivery'])
      expect(read(column, ' \t')).toBe(null);
  });
});

test('a cell’s text is read back, in every language', () => {
  const decimal = fc
    .tuple(fc.integer({ min: -99_999, max: 999_999 }), fc.integer({ min: 1, max: 999_999 }))
    .map(([whole, part]) => `${whole}.${part}`.replace(/0+$/, ''));
  fc.assert(
    fc.property(decimal, fc.constantFrom('en', 'de', 'fr', 'de-CH', 'en-IN', 'sv'), (value, locale) => {
      const text = formatCellText('unitPrice', value, locale);
      expect(readCellText('unitPrice', text, { locale })).toEqual({ ok: true, value });
    }),
  );
});
