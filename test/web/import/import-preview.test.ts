import { expect, test } from 'vitest';
import type { Role } from '../../../src/authority/role.ts';
import { defaultLimits } from '../../../src/lib/limits.ts';
import { bodyOfImport, findOversizeBody, formBlocks, formOf } from '../../../src/web/import/import-body.ts';
import { previewImport, totalsOf } from '../../../src/web/import/import-preview.ts';
import { type ImportChoices, NO_CHOICES } from '../../../src/web/import/import-questions.ts';
import { markKey } from '../../../src/web/import/marks.ts';
import { readImport } from '../../../src/web/import/read-import.ts';
import { NOTHING_SAID, serverWordOf } from '../../../src/web/import/server-word.ts';

const HEADER = 'SKU,Product Name,Quantity,Unit Price,Discount %,Delivery time,Total';

function preview(
  text: string,
  more: {
    readonly choices?: Partial<ImportChoices>;
    readonly role?: Role;
    readonly server?: typeof NOTHING_SAID;
  } = {},
) {
  const choices = { ...NO_CHOICES, ...more.choices };
  const source = {
    name: 'lines.csv',
    title: 'lines',
    text,
    isJson: text.startsWith('{'),
    noun: 'file' as const,
  };
  const reading = readImport(source, choices.decimal, defaultLimits);
  return previewImport(reading, {
    choices,
    role: more.role ?? 'sales_rep',
    server: more.server ?? NOTHING_SAID,
  });
}

const priced = (text: string, choices?: Partial<ImportChoices>) => {
  const { quote } = preview(text, { choices: choices ?? {} });
  return quote === null ? null : totalsOf(quote, 'EUR').total;
};

test('says what each column becomes, and shows the lines as they stand', () => {
  const { reading, blocked } = preview(`${HEADER}\nA1,Roller,2,12.50,5,4 weeks,25`);
  expect(reading.table?.columns.map(({ meaning }) => meaning)).toEqual([
    'SKU',
    'Name',
    'Quantity',
    'Unit price',
    'Discount',
    'Own column',
    'Left out',
  ]);
  expect(reading.table?.rows).toEqual([
    { line: 2, cells: ['A1', 'Roller', '2', '12.50', '5', '4 weeks', '25'] },
  ]);
  expect(blocked).toBeNull();
});

test('asks what 1.234 means, and prices it as answered', () => {
  const text = `${HEADER}\nA1,Roller,2,1.234,,,`;
  const asked = preview(text);
  expect(asked.blocked).toBe('Say what \u{201c}1.234\u{201d} means.');
  expect(asked.questions[0]?.answers.map(({ label }) => label)).toEqual(['It is 1.234', 'It is 1,234']);
  expect(priced(text, { decimal: '.' })).toBe('2.47');
  expect(priced(text, { decimal: ',' })).toBe('2468.00');
  expect(preview(text, { choices: { decimal: ',' } }).blocked).toBeNull();
});

test('asks nothing where one number proves the decimal sign', () => {
  expect(preview(`${HEADER}\nA1,Roller,2,1.234,,,\nA2,Belt,1,"12,5",,,`).questions).toEqual([]);
});

test('a missing price has to be confirmed', () => {
  const text = 'SKU,Quantity\nA1,2';
  expect(preview(text).questions[0]?.text).toBe(
    'No column was recognized as the price, so each line costs 0.',
  );
  expect(preview(text).blocked).not.toBeNull();
  expect(preview(text, { choices: { missing: 'fine' } }).blocked).toBeNull();
});

test('marks a bad value in its cell, and makes no quote', () => {
  const { marks, quote, blocked, problems } = preview(`${HEADER}\nA1,Roller,many,1.50,,,\nA2,Belt,1,2.50,,,`);
  expect(marks.get(markKey(0, 2))).toMatchObject({ kind: 'bad' });
  expect(problems[0]).toMatchObject({ place: 'Line 2, Quantity', row: 0, column: 2 });
  expect(quote).toBeNull();
  expect(blocked).not.toBeNull();
});

test('marks what the role may not set, and leaves it out if so chosen', () => {
  const text = `${HEADER}\nA1,Roller,1,100.00,15,,\nA2,Belt,1,100.00,5,,`;
  const asked = preview(text);
  expect(asked.marks.get(markKey(0, 4))).toEqual({
    kind: 'refused',
    message: 'your role may set at most 10 here; it takes Sales manager or higher',
  });
  expect(asked.blocked).toBe('Say what to do with the value that your role may not set.');
  expect(preview(text, { role: 'sales_manager' }).blocked).toBeNull();
  expect(priced(text, { refused: 'leave_out' })).toBe('195.00');
  expect(priced(text, { refused: 'offer' })).toBe('180.00');
});

test("the server's refusals stand at their lines, and can only be left out", () => {
  const server = serverWordOf({
    message: 'Refused.',
    details: [
      { field: 'lineItems[1].unitPrice', reason: 'not_permitted', message: 'not permitted to sales_rep' },
      { field: 'lineItems[0].quantity', reason: 'invalid_value', message: 'takes another value' },
    ],
  });
  const { problems, questions } = preview(`${HEADER}\nA1,Roller,1,1.50,,,\nA2,Belt,1,2.50,,,`, { server });
  expect(problems.map(({ place, kind }) => [place, kind])).toEqual([
    ['Line 2, Quantity', 'bad'],
    ['Line 3, Unit Price', 'refused'],
  ]);
  expect(questions[0]?.answers.map(({ value }) => value)).toEqual(['leave_out']);
});

test('too many lines are told before anything is sent', () => {
  const { problems, reading } = preview(`${HEADER}\n${'A1,Roller,1,1.50,,,\n'.repeat(2_001)}`);
  expect(problems[0]?.message).toBe('the file has 2001 lines; a quote takes at most 2000');
  expect(reading.table).toBeNull();
});

test('a quote as JSON is made again, with a new id and what was filled in', () => {
  const json = {
    id: 'q-1',
    fields: { title: 'Pumps', currency: 'CHF', paymentTerms: '30 days' },
    lineItems: [{ id: 'l1', name: 'Pump', quantity: '2', unitPrice: '10', x_color: 'red' }],
    discounts: [{ id: 'd1', kind: 'amount', value: '5', appliesTo: 'l1' }],
    notes: [{ id: 'n1', text: 'Hello' }],
  };
  const { quote, reading } = preview(JSON.stringify(json));
  if (quote === null) throw new Error('the JSON is one');
  expect(reading.table?.columns.map(({ meaning }) => meaning)).toEqual([
    'Name',
    'Quantity',
    'Unit price',
    'Own column',
  ]);
  const form = formOf(quote, 'file');
  expect(form).toEqual({ title: 'Pumps', customer: '', currency: 'CHF' });
  expect(totalsOf(quote, form.currency).total).toBe('15.00');
  const body = bodyOfImport(quote, { ...form, title: ' Pumps again ' });
  expect(body).toEqual({
    fields: { ...json.fields, title: 'Pumps again', customer: null },
    lineItems: json.lineItems,
    discounts: json.discounts,
    notes: json.notes,
  });
  expect(findOversizeBody(body, 10)).toContain('Split it');
  expect(findOversizeBody(body, defaultLimits.httpBodyBytes)).toBeNull();
});

test('a currency and a title have to be there', () => {
  const { quote } = preview(`${HEADER}\nA1,Roller,1,1.50,,,`);
  const form = formOf(quote ?? { fields: {} }, 'lines');
  expect(formBlocks(form, 'table')).toBe('Choose a currency: the table names none.');
  expect(formBlocks(form, 'file')).toBe('Choose a currency: the file names none.');
  expect(formBlocks({ ...form, currency: 'EUR' }, 'file')).toBeNull();
  expect(formBlocks({ ...form, currency: 'EUR', title: ' ' }, 'file')).toBe('Give the quote a title.');
});
