import type { Locator, Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import type { QuoteJson } from '../../../src/wire/http-schemas.ts';
import { type Visitor, useBrowser } from '../../support/browser.ts';
import { createQuote, readQuote, useQuoteroom } from '../../support/browser-room.ts';

/** Tables in and out of the grid by the system's clipboard and the keys for it, as spreadsheets write and read them. */
const browser = useBrowser();
const server = useQuoteroom();
const rita: Visitor = { user: 'rita', role: 'sales_rep' };
const vera: Visitor = { user: 'vera', role: 'vp_sales' };

const CLIPBOARD = { context: { permissions: ['clipboard-read', 'clipboard-write'] } };
const LINES = 200;

/** Every 40th has a discount that a sales rep may not give. */
const PARTS = Array.from({ length: LINES }, (_, at) => ({
  sku: `SKU-${String(at).padStart(3, '0')}`,
  name: at % 10 === 3 ? `Plate 3/4"\nsecond "side", ${at}` : `Part ${at}`,
  description: at % 7 === 0 ? 'with\ttab' : '',
  quantity: String(at + 1),
  unit: 'pcs',
  unitPrice: at % 2 === 0 ? '12.5' : '1200.75',
  discount: at % 40 === 7 ? '15' : '5',
}));
const TOO_HIGH = PARTS.filter(({ discount }) => discount === '15').length;

/** As Excel puts it on the clipboard: CRLF after each row, a cell with a line break or a tab in quotes, quotes doubled. */
const excel = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(quoted).join('\t')}\r\n`).join('');
const quoted = (text: string): string => (/["\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

let path: string;
beforeEach(async () => {
  path = await createQuote(server(), rita, { fields: { title: 'Parts', currency: 'USD' } });
});

test('200 rows of Excel come in for everybody; what was refused is told once; one undo takes all back', async () => {
  const [mine, theirs] = [await open(rita), await open(vera)];
  await enterGrid(mine);
  await paste(mine, excel(PARTS.map((part) => Object.values(part))));

  const summary = mine.getByRole('region', { name: 'Clipboard' });
  await summary.getByText(`Pasted ${LINES} lines.`).waitFor();
  expect(await summary.count()).toBe(1);
  expect(
    await summary
      .getByText(/left out/)
      .first()
      .innerText(),
  ).toBe(`${TOO_HIGH} values were left out.`);
  const leftOut = summary.getByRole('list', { name: 'Left out' }).getByRole('listitem');
  expect(await leftOut.count()).toBe(TOO_HIGH);
  expect(await leftOut.first().innerText()).toMatch(/Line 8, Discount[^]*15[^]*10/);
  // It was foreseen, so nothing is refused by the server.
  expect(await mine.getByText(/\d+ changes? refused/).count()).toBe(0);

  await expectLineCount(theirs, LINES);
  await enterGrid(theirs);
  const written = PARTS.map(({ discount, ...part }) => [
    ...Object.values(part),
    discount === '15' ? '' : discount,
  ]);
  expect(columnsOf(parse(await copyAll(theirs)), 7)).toEqual(written);
  await expect
    .poll(async () => (await readQuote(server(), rita, path)).lineItems.map(cellsOf))
    .toEqual(written);

  await mine.keyboard.press('Control+z');
  await expectLineCount(mine, 0);
  await expectLineCount(theirs, 0);
  await mine.keyboard.press('Control+Shift+z');
  await expectLineCount(theirs, LINES);
});

test('a range that was copied pastes back as it was', async () => {
  const lineItems = [
    {
      sku: 'A-1',
      name: 'Two\nlines',
      quantity: '1234.5',
      unitPrice: '0.05',
      discountPercent: '7.25',
      optional: true,
    },
    { sku: '=1+1', name: 'Say "yes"', description: 'a\tb', quantity: '-3', unit: 'm²', unitPrice: '1000000' },
    { sku: '', name: 'Spare', unitPrice: '12', optional: false },
    { sku: '007', name: '1,234.50', description: "'quoted", quantity: '2' },
  ];
  const from = await createQuote(server(), rita, { fields: { title: 'From', currency: 'USD' }, lineItems });
  const source = await open(rita, from);
  await expectLineCount(source, lineItems.length);
  await enterGrid(source);
  await copyAll(source);

  const target = await open(rita);
  await enterGrid(target);
  await target.bringToFront();
  await target.keyboard.press('Control+v');
  await expectLineCount(target, lineItems.length);
  const before = (await readQuote(server(), rita, from)).lineItems.map(cellsOf);
  await expect
    .poll(async () => (await readQuote(server(), rita, path)).lineItems.map(cellsOf))
    .toEqual(before);
});

test.each([
  { written: ['1.234,50', '7,5'], how: 'with decimal commas' },
  { written: ['1,234.50', '7.5'], how: 'with decimal points' },
])('numbers written $how are the same numbers', async ({ written }) => {
  const page = await open(rita);
  await enterGrid(page);
  await paste(
    page,
    excel([
      ['SKU', 'Name', 'Unit price', 'Discount'],
      ['P-1', 'Pump', ...written],
    ]),
  );
  await expectLineCount(page, 1);
  await expect
    .poll(async () => (await readQuote(server(), rita, path)).lineItems)
    .toEqual([
      expect.objectContaining({ sku: 'P-1', name: 'Pump', unitPrice: '1234.5', discountPercent: '7.5' }),
    ]);
});

test('a number that could be two is asked for', async () => {
  const page = await open(rita);
  await enterGrid(page);
  await paste(
    page,
    excel([
      ['SKU', 'Name', 'Unit price'],
      ['P-1', 'Pump', '1.234'],
    ]),
  );
  const question = page.getByRole('region', { name: 'Clipboard' });
  await question.getByText('Nothing is pasted yet.').waitFor();
  await question.getByRole('button', { name: '1,234 (thousands)' }).click();
  await expect
    .poll(async () => (await readQuote(server(), rita, path)).lineItems)
    .toEqual([expect.objectContaining({ unitPrice: '1234' })]);
});

async function open(visitor: Visitor, address = path): Promise<Page> {
  const page = await browser.open(server().url + address, visitor, CLIPBOARD);
  await gridOf(page).waitFor();
  return page;
}

const gridOf = (page: Page): Locator => page.getByRole('grid', { name: 'Lines of the quote' });

/** The cursor begins at the name; here at the first column. */
async function enterGrid(page: Page): Promise<void> {
  await gridOf(page).focus();
  await page.keyboard.press('Home');
}

async function paste(page: Page, text: string): Promise<void> {
  await page.bringToFront();
  await page.evaluate((given) => navigator.clipboard.writeText(given), text);
  await page.keyboard.press('Control+v');
}

/** What is on the clipboard after selecting and copying everything. */
async function copyAll(page: Page): Promise<string> {
  await page.bringToFront();
  await page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  const read = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(read).not.toBe('nothing yet');
  return read();
}

const expectLineCount = (page: Page, count: number): Promise<void> =>
  page
    .getByRole('contentinfo', { name: 'Totals' })
    .getByText(new RegExp(`^${count} lines?\\b`))
    .waitFor();

/** Rows and cells of a table on the clipboard, read as a spreadsheet reads it. */
function parse(text: string): string[][] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r?\n|$)/g)];
  const rows: string[][] = [[]];
  for (const [whole, inQuotes, bare = '', end = ''] of cells) {
    if (whole === '') break;
    rows.at(-1)?.push(inQuotes?.replaceAll('""', '"') ?? bare);
    if (end !== '\t' && end !== '') rows.push([]);
  }
  return rows.filter(({ length }) => length > 0);
}

/** Numbers as the API has them: `1,200.75` is shown for people. */
const columnsOf = (rows: readonly (readonly string[])[], count: number): string[][] =>
  rows.map((row) => row.slice(0, count).map((cell, at) => (at === 5 ? cell.replaceAll(',', '') : cell)));

const COLUMNS = ['sku', 'name', 'description', 'quantity', 'unit', 'unitPrice', 'discountPercent'];
const cellsOf = (line: QuoteJson['lineItems'][number]): unknown[] =>
  COLUMNS.map((column) => line[column] ?? '');
