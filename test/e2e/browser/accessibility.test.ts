import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  cellOf,
  createQuote,
  expectPill,
  expectSeen,
  useQuoteroom,
  writeCell,
} from '../../support/browser-room.ts';
import { type Visitor, useBrowser } from '../../support/browser.ts';
import { layCable } from '../../support/cable.ts';

/** axe finds nothing against WCAG 2.2 AA, on every page in its main states, in both colour schemes. */
const browser = useBrowser();
const server = useQuoteroom();
const rita: Visitor = { user: 'rita', role: 'sales_rep' };
const vera: Visitor = { user: 'vera', role: 'vp_sales' };

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const QUOTE = {
  fields: { title: 'Conveyor, line 4', customer: 'Northwind', currency: 'EUR', x_delivery: 'Week 14' },
  lineItems: [
    { name: 'Roller', sku: 'R-80', quantity: 480, unitPrice: 12.5, group: 'Parts', discountPercent: 5 },
    { name: 'Belt', description: '12 m', unitPrice: 1800, group: 'Parts', optional: true },
    { name: 'Mounting', unitPrice: 640, unit: 'days', group: 'Work' },
  ],
  discounts: [{ label: 'Spring', kind: 'percent', value: 5 }],
  notes: [{ text: 'Delivered in week 14.', audience: 'customer', author: 'Rita' }],
};

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  async function open(path: string, visitor: Visitor = rita): Promise<Page> {
    return browser.open(server().url + path, visitor, {
      context: { colorScheme, reducedMotion: 'reduce' },
      // A page that is not there is asked for on purpose.
      expectedErrors: [/status of 404/],
    });
  }

  test('signing in, quotes, new quote and import', async () => {
    const page = await open('/quotes', { user: 'nobody', role: 'sales_rep' });
    await page.getByRole('heading', { name: 'Quotes', exact: true }).waitFor();
    await page.getByRole('searchbox').fill('no quote is called so');
    await expectSeen(page, 'Nothing found');
    await expectAccessible(page, 'no quotes found');

    await createQuote(server(), rita, QUOTE);
    await page.getByRole('searchbox').fill('');
    await expectSeen(page, 'Conveyor, line 4');
    await expectAccessible(page, 'quotes');
    await page.getByRole('button', { name: 'Any status' }).click();
    await page.getByRole('menuitemradio', { name: 'Draft' }).waitFor();
    await expectAccessible(page, 'menu of statuses');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'New quote' }).first().click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).waitFor();
    await expectAccessible(page, 'new quote');
    await page.getByRole('dialog').getByRole('combobox', { name: 'Currency' }).click();
    await page.getByRole('option', { name: /EUR/ }).waitFor();
    await expectAccessible(page, 'currencies');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Cancel' }).click();

    const asked = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import' }).first().click();
    const csv = 'SKU,Name,Quantity,Unit price\nR-80,Roller,many,1.234\nB-12,Belt,2,50\n';
    await (await asked).setFiles({ name: 'lines.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByRole('dialog').getByText('Belt').waitFor();
    await expectAccessible(page, 'import');
  });

  test('signed out, an address that leads nowhere, a quote that is not there', async () => {
    const page = await open('/nowhere');
    await expectSeen(page, 'There is nothing here');
    await expectAccessible(page, 'nothing here');
    await page.goto(`${server().url}/q/no-such-quote`);
    await page.getByRole('main').getByRole('heading').waitFor();
    await expectAccessible(page, 'no such quote');
    const context = await browser.browser().newContext({ colorScheme });
    const stranger = await context.newPage();
    await stranger.goto(`${server().url}/quotes`);
    await stranger.getByRole('main').getByRole('heading').waitFor();
    await expectAccessible(stranger, 'sign-in');
    await context.close();
  });

  test('the room, its panel, menus and dialogs', async () => {
    const path = await createQuote(server(), rita, QUOTE);
    const page = await open(path);
    const other = await open(path, vera);
    await page.getByRole('gridcell', { name: 'Roller', exact: true }).waitFor();
    await (await cellOf(other, 'Roller', 'Name')).click();
    await page.getByRole('list', { name: 'People here' }).getByRole('button').first().waitFor();
    await expectAccessible(page, 'room with activity');
    await page.getByRole('tab', { name: 'People' }).click();
    await expectSeen(page, 'Here now');
    await page.getByLabel('Permission of Rita').waitFor();
    await expectAccessible(page, 'people');

    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByRole('toolbar', { name: 'Formatting' }).waitFor();
    await page.keyboard.type('A note');
    await expectAccessible(page, 'a note that is written');
    await (await cellOf(page, 'Mounting', 'Name')).click();
    await page.keyboard.press('Enter');
    await expectAccessible(page, 'a cell that is edited');
    await page.keyboard.press('Escape');

    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await expectAccessible(page, 'menu of a line');
    await page.keyboard.press('Escape');
    for (const name of [/^Status:/, /^You:/]) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('menu').waitFor();
      await expectAccessible(page, `menu ${name.source}`);
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Add a line' }).waitFor();
    await expectAccessible(page, 'palette');
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: 'Add a line' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+/');
    await expectSeen(page, 'Select whole lines');
    await expectAccessible(page, 'shortcuts');
  });

  test('a change that was overridden, a paste with values left out, and the paper', async () => {
    const path = await createQuote(server(), rita, QUOTE);
    const other = await open(path, vera);
    await expectPill(other, 'Saved');
    const cable = await layCable(server().port);
    const page = await browser.open(cable.url + path, rita, {
      context: { colorScheme, reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'] },
    });
    await expectPill(page, 'Saved');
    cable.hold();
    await writeCell(other, 'Mounting', 'Quantity', '5');
    await writeCell(page, 'Mounting', 'Quantity', '7');
    cable.release();
    await expectSeen(page, /Vera \(VP Sales\) set Quantity to 5/);
    await expectAccessible(page, 'a change that was overridden');

    await (await cellOf(page, 'Roller', 'Discount')).click();
    await page.evaluate(() => navigator.clipboard.writeText('50'));
    await page.keyboard.press('Control+v');
    await page.getByRole('region', { name: 'Clipboard' }).getByText('1 value was left out.').waitFor();
    await expectAccessible(page, 'a paste with values left out');

    await page.goto(`${cable.url}${path}/print`);
    await page.getByRole('article').waitFor();
    await expectAccessible(page, 'paper');
  });
});

async function expectAccessible(page: Page, state: string): Promise<void> {
  // Legacy mode looks at the page from within, without a second page beside it.
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode(true).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${state}: ${id} (${help}) at ${target.join(' ')}: ${failureSummary}`,
    ),
  );
  expect.soft(found).toEqual([]);
}
