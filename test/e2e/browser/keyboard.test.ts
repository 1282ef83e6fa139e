import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createQuote, readQuote, useQuoteroom } from '../../support/browser-room.ts';
import { type Visitor, useBrowser } from '../../support/browser.ts';

/** No test of this file uses a mouse. */
const browser = useBrowser();
const server = useQuoteroom();
const rita: Visitor = { user: 'rita', role: 'sales_rep' };

/** More stops than any page has on the way to anything. */
const STOPS_MAX = 60;

test('a whole quote is made with the keyboard alone', async () => {
  const page = await browser.open(`${server().url}/quotes`, rita);
  const { keyboard } = page;
  await page.getByText('No quotes yet').waitFor();

  await keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New quote' });
  await expectFocus(dialog.getByRole('textbox', { name: 'Title' }));
  await keyboard.type('Conveyor, line 4');
  await keyboard.press('Tab');
  await expectFocus(dialog.getByRole('textbox', { name: 'Customer' }));
  await keyboard.type('Northwind');
  await keyboard.press('Tab');
  // As fast as people type: the list follows each letter.
  await keyboard.type('Swiss', { delay: 50 });
  await page.getByRole('option', { name: /CHF/ }).waitFor();
  await keyboard.press('Enter');
  await expect.poll(() => dialog.getByRole('combobox', { name: 'Currency' }).inputValue()).toContain('CHF');
  await tabTo(page, dialog.getByLabel('Valid until'));
  await keyboard.type('01312027');
  await keyboard.press('Enter');

  await page.waitForURL('**/q/*');
  const path = new URL(page.url()).pathname;
  const details = page.getByRole('region', { name: 'Details' });
  await tabTo(page, details.getByRole('textbox', { name: 'Contact' }));
  await keyboard.type('Ms Nowak');
  await keyboard.press('Tab');
  await tabTo(page, details.getByRole('textbox', { name: 'Payment terms' }));
  await keyboard.type('30 days net');

  await tabTo(page, page.getByRole('grid', { name: 'Lines of the quote' }));
  await keyboard.press('Home');
  await typeLine(page, ['ROL-80', 'Roller 80', '', '480', 'pcs', '12.50', '5']);
  await keyboard.press('Control+Enter');
  await keyboard.press('Home');
  await typeLine(page, ['BEL-12', 'Belt', '12 m, oiled', '2', 'pcs', '1800']);
  await expectTotal(page, '9,300.00 CHF');

  await keyboard.press('Control+k');
  await expectFocus(page.getByRole('combobox', { name: 'Find a command or a line' }));
  await keyboard.type('add a disc');
  await page.getByRole('option', { name: 'Add a discount' }).waitFor();
  await keyboard.press('Enter');
  const discounts = page.getByRole('region', { name: 'Discounts' });
  await expectFocus(discounts.getByRole('textbox', { name: 'Label' }));
  await keyboard.type('Spring');
  await keyboard.press('Tab');
  await tabTo(page, discounts.getByRole('textbox', { name: 'Value of Spring' }));
  await keyboard.type('10');
  await keyboard.press('Enter');
  await expectTotal(page, '8,370.00 CHF');

  await expect
    .poll(() => readQuote(server(), rita, path))
    .toMatchObject({
      fields: {
        title: 'Conveyor, line 4',
        customer: 'Northwind',
        currency: 'CHF',
        validUntil: '2027-01-31',
        contact: 'Ms Nowak',
        paymentTerms: '30 days net',
      },
      lineItems: [
        { sku: 'ROL-80', name: 'Roller 80', quantity: '480', unitPrice: '12.5', discountPercent: '5' },
        { sku: 'BEL-12', name: 'Belt', description: '12 m, oiled', quantity: '2', unitPrice: '1800' },
      ],
      discounts: [{ label: 'Spring', kind: 'percent', value: '10' }],
      totals: { total: '8370.00' },
    });
});

test('steps are taken back and done again, in a cell, in the grid and anywhere else', async () => {
  const page = await openRollers();
  const { keyboard } = page;
  await tabTo(page, page.getByRole('grid', { name: 'Lines of the quote' }));
  await toColumn(page, 'Quantity');
  await keyboard.type('20');
  await keyboard.press('Enter');
  await expectTotal(page, '2,100.00 EUR');
  await keyboard.press('Control+z');
  await expectTotal(page, '1,100.00 EUR');
  await keyboard.press('Control+y');
  await expectTotal(page, '2,100.00 EUR');

  // What is only typed is given up by Escape, and is no step.
  await keyboard.press('Control+Home');
  await toColumn(page, 'Quantity');
  await keyboard.type('99');
  await keyboard.press('Escape');
  await expectTotal(page, '2,100.00 EUR');

  await tabTo(page, page.getByRole('button', { name: 'Add note' }));
  await keyboard.press('Control+z');
  await expectTotal(page, '1,100.00 EUR');
  await keyboard.press('Control+Shift+z');
  await expectTotal(page, '2,100.00 EUR');
});

test('Ctrl+K leads to a line, ? shows the keys, Escape closes both', async () => {
  const page = await openRollers();
  const { keyboard } = page;
  await keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find a command or a line' });
  await expectFocus(palette.getByRole('combobox'));
  await keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });

  await keyboard.press('Control+k');
  await expectFocus(palette.getByRole('combobox'));
  await keyboard.type('b-12');
  await palette.getByRole('option', { name: /Belt/ }).waitFor();
  await keyboard.press('Enter');
  await expectFocus(page.getByRole('grid', { name: 'Lines of the quote' }));
  await expect
    .poll(() => page.getByRole('gridcell', { selected: true }).allInnerTexts())
    .toEqual([expect.stringContaining('Belt')]);

  await keyboard.press('?');
  // In the grid it is text, as any other sign.
  await expectFocus(page.getByRole('grid').getByRole('textbox', { name: 'Name' }));
  await keyboard.press('Escape');
  await tabTo(page, page.getByRole('button', { name: 'Add note' }));
  await keyboard.press('?');
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await shortcuts.getByText('Select whole lines').waitFor();
  await keyboard.press('Escape');
  await shortcuts.waitFor({ state: 'detached' });
});

test('in the list of quotes the arrows choose, Enter opens, / searches', async () => {
  const path = await createQuote(server(), rita, {
    fields: { title: 'Found by its customer', customer: 'Zypresse' },
  });
  const page = await browser.open(`${server().url}/quotes`, rita);
  const { keyboard } = page;
  await page.getByRole('link', { name: 'Found by its customer' }).waitFor();
  await keyboard.press('/');
  await expectFocus(page.getByRole('searchbox', { name: 'Search quotes' }));
  await keyboard.type('zypr');
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  await keyboard.press('ArrowDown');
  await page.getByRole('row', { selected: true }).waitFor();
  await keyboard.press('Enter');
  await page.waitForURL(`**${path}`);
});

async function openRollers(): Promise<Page> {
  const page = await browser.open(server().url + (await createQuote(server(), rita)), rita);
  await expectTotal(page, '1,100.00 EUR');
  return page;
}

/** Types the cells of a line one after the other; an empty one is passed, but not at the end. */
async function typeLine(page: Page, texts: readonly string[]): Promise<void> {
  for (const [at, text] of texts.entries()) {
    if (at > 0) await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
}

/** Moves the cursor right until it is below this title. */
async function toColumn(page: Page, title: string): Promise<void> {
  const index = await page.getByRole('columnheader', { name: title }).getAttribute('aria-colindex');
  for (let moves = 0; moves < STOPS_MAX; moves += 1) {
    const cursor = page.getByRole('gridcell', { selected: true });
    if ((await cursor.getAttribute('aria-colindex')) === index) return;
    await page.keyboard.press('ArrowRight');
  }
  throw new Error(`the cursor does not reach the column ${title}`);
}

/** Goes on with Tab until this has the focus. */
async function tabTo(page: Page, to: Locator): Promise<void> {
  await to.waitFor();
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    if (await isFocused(to)) return;
    // In the grid Tab goes from cell to cell; after Escape it leaves.
    if (await isInGrid(page)) await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
  }
  throw new Error(`the focus does not reach ${String(to)}`);
}

const isFocused = (element: Locator): Promise<boolean> =>
  element.evaluate((found) => found === document.activeElement);

const isInGrid = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Lines of the quote');

async function expectFocus(element: Locator): Promise<void> {
  await expect
    .poll(() => isFocused(element), { message: `${String(element)} has the focus`, timeout: 10_000 })
    .toBe(true);
}

async function expectTotal(page: Page, total: string): Promise<void> {
  const shown = page.getByRole('contentinfo', { name: 'Totals' }).locator('dd').last();
  await expect.poll(() => shown.innerText(), { timeout: 10_000 }).toBe(total);
}
