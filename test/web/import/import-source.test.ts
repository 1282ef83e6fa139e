import { expect, test } from 'vitest';
import { looksLikeTable, readSource } from '../../../src/web/import/import-source.ts';

const file = (name: string, text: string, size = text.length) => ({
  kind: 'file' as const,
  file: { name, size, text: () => Promise.resolve(text) },
});

test('a file gives its name as the title; JSON is known by its name or its first sign', async () => {
  expect(await readSource(file('Offer 7.csv', 'SKU'), 100)).toEqual({
    ok: true,
    value: { name: 'Offer 7.csv', title: 'Offer 7', text: 'SKU', isJson: false, noun: 'file' },
  });
  const json = await readSource({ kind: 'paste', text: ' {"lineItems": []}' }, 100);
  expect(json).toMatchObject({ ok: true, value: { title: '', isJson: true } });
});

test('a file that is too large is not read', async () => {
  const read = await readSource(
    {
      kind: 'file',
      file: { name: 'a.csv', size: 3 * 1024 * 1024, text: () => Promise.reject(new Error('read')) },
    },
    2 * 1024 * 1024,
  );
  expect(read).toEqual({
    ok: false,
    reason: 'a.csv has 3.0 MiB, and a quote takes at most 2.0 MiB. Split it into several quotes.',
  });
});

test('an Excel file is named as one, also under another name', async () => {
  for (const name of ['a.xlsx', 'a.csv']) {
    expect(await readSource(file(name, 'PK\u0003\u0004...'), 100)).toMatchObject({ ok: false });
  }
});

test('a table has several columns or lines; a word or a link is none', () => {
  expect(['SKU\tName', 'SKU\r\nA1', 'SKU,Name\nA1,Roller'].map(looksLikeTable)).toEqual([true, true, true]);
  expect(['word', 'https://example.com/a', ' \n ', 'word\n'].map(looksLikeTable)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
