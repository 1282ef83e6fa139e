import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Visitor, useBrowser } from '../../support/browser.ts';
import { createQuote, readQuote, useQuoteroom } from '../../support/browser-room.ts';

/** The quote as the customer gets it: what is on it is what the API says, and nothing that was written for ourselves. */
const browser = useBrowser();
const server = useQuoteroom();
const dana: Visitor = { user: 'dana', role: 'deal_desk' };

const ROLLERS = {
  fields: {
    title: 'Conveyor, line 4',
    customer: 'Northwind',
    currency: 'EUR',
    validUntil: '2027-01-31',
    paymentTerms: '30 days net',
  },
  lineItems: [
    {
      id: 'roller',
      sku: 'ROL-80',
      name: 'Roller 80',
      quantity: 480,
      unit: 'pcs',
      unitPrice: '12.50',
      group: 'Parts',
    },
    {
      id: 'belt',
      name: 'Belt',
      description: '12 m, oiled',
      quantity: 2,
      unitPrice: 1800,
      discountPercent: 7.5,
      group: 'Parts',
    },
    { id: 'spare', name: 'Spare motor', quantity: 1, unitPrice: 990, optional: true, group: 'Parts' },
    {
      id: 'mount',
      name: 'Mounting',
      quantity: 3,
      unit: 'days',
      unitPrice: '640',
      group: 'Work',
      x_margin: 'thin',
    },
  ],
  discounts: [
    { label: 'Spring', kind: 'percent', value: 5 },
    { label: 'Old customer', kind: 'amount', value: 120, appliesTo: 'belt' },
  ],
  notes: [
    { text: 'Delivered in week 14.', audience: 'customer', author: 'Dana' },
    { text: 'They would take 20 % too.', audience: 'internal', author: 'Dana' },
    { text: 'For whom nobody said.', author: 'Dana' },
  ],
};

test('the paper has the lines by group, the sums of the API and the notes for the customer', async () => {
  const path = await createQuote(server(), dana, ROLLERS);
  const { totals } = await readQuote(server(), dana, path);
  const page = await browser.open(`${server().url}${path}/print`, dana);
  const paper = page.getByRole('article');
  await paper.getByRole('heading', { name: 'Conveyor, line 4' }).waitFor();

  const rows = await textsOf(paper.getByRole('row'));
  expect(rows.map((row) => row.find((text) => /[A-Za-z]/.test(text)))).toEqual([
    'No.',
    'Parts',
    expect.stringContaining('Roller 80'),
    expect.stringContaining('Belt'),
    expect.stringContaining('Spare motor'),
    'Work',
    expect.stringContaining('Mounting'),
  ]);
  const netOf = (line: string) => totals.lines.find(({ id: one }) => one === line)?.net;
  const amounts = rows.slice(1).map((row) => plain(row.at(-1)));
  const parts = Number(netOf('roller')) + Number(netOf('belt'));
  expect(amounts).toEqual(
    [parts, netOf('roller'), netOf('belt'), netOf('spare'), netOf('mount'), netOf('mount')].map(Number),
  );

  const sums = paper.getByRole('region', { name: 'Totals' });
  const texts = await sums.locator('dd').allInnerTexts();
  expect(texts.map(plain)).toEqual(
    [
      totals.subtotal,
      ...totals.discounts.map(({ amount }) => `-${amount}`),
      totals.total,
      netOf('spare'),
    ].map(Number),
  );
  expect(await sums.locator('dt').allInnerTexts()).toEqual([
    'Subtotal',
    'Spring',
    'Total',
    'Optional lines, not in the total',
  ]);

  for (const shown of [
    'Northwind',
    '30 days net',
    'January 31, 2027',
    '12 m, oiled',
    'Delivered in week 14.',
  ])
    expect(await paper.getByText(shown).count(), shown).toBe(1);
  const all = await page.locator('body').innerText();
  for (const ours of ['They would take', 'nobody said', 'thin']) expect(all).not.toContain(ours);
});

test('a printer gets no buttons', async () => {
  const path = await createQuote(server(), dana, ROLLERS);
  const page = await browser.open(`${server().url}${path}/print`, dana);
  const printing = page.getByRole('button', { name: 'Print' });
  const back = page.getByRole('link', { name: 'Back' });
  await printing.waitFor();
  expect(await back.isVisible()).toBe(true);

  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('article').isVisible()).toBe(true);
  expect(await printing.isVisible()).toBe(false);
  expect(await back.isVisible()).toBe(false);
});

test('300 lines make several pages', async () => {
  const lineItems = Array.from({ length: 300 }, (_, at) => ({
    sku: `SKU-${at}`,
    name: `Part ${at}`,
    quantity: at + 1,
    unitPrice: 10,
  }));
  const path = await createQuote(server(), dana, {
    fields: { title: 'Many parts', currency: 'USD' },
    lineItems,
  });
  const page = await browser.open(`${server().url}${path}/print`, dana);
  await page.getByRole('article').getByText('Part 299').waitFor();

  const pdf = await page.pdf({ format: 'A4' });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThanOrEqual(5);
  expect(pages).toBeLessThanOrEqual(30);
});

/** The cells of each row. */
async function textsOf(rows: Locator): Promise<string[][]> {
  return rows.evaluateAll((found) =>
    found.map((row) => [...row.querySelectorAll<HTMLElement>('td, th')].map((cell) => cell.innerText)),
  );
}

/** `€1,234.50` is 1234.5. */
const plain = (text: string | undefined): number => Number(text?.replaceAll(/[^\d.-]/g, ''));
