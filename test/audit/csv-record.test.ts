import { expect, test } from 'vitest';
import { type CsvField, csvRecord } from '../../src/audit/csv-record.ts';

const fieldOf = (field: CsvField): string => csvRecord([field]).slice(0, -2);

test.each([
  ['=1+1', `'=1+1`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['-2+3', `'-2+3`],
  ['\t=1', `"'\t'=1"`],
  ['bolts;=1+1', `"bolts;'=1+1"`],
  ['bolts";=1+1', `"bolts"";'=1+1"`],
  ['bolts\t+1+1;@x', `"bolts\t'+1+1;'@x"`],
  ['=a;=b', `"'=a;'=b"`],
  ['-5;-cmd', `"'-5;'-cmd"`],
])('%j can run nothing in a spreadsheet, whatever it parts fields by', (text, written) => {
  expect(fieldOf(text)).toBe(written);
});

test.each([
  ['-5', '-5'],
  ['-5.25', '-5.25'],
  [-5, '-5'],
  ['12', '12'],
  ['bolts;-5;x', '"bolts;-5;x"'],
  ['bolts; nuts', '"bolts; nuts"'],
  ['bolts\tnuts', '"bolts\tnuts"'],
  ['a-b', 'a-b'],
  ['', ''],
  [null, ''],
])('%j stays what it is', (field, written) => {
  expect(fieldOf(field)).toBe(written);
});
