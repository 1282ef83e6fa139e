import type { Page } from 'playwright-core';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { cellOf, createQuote, expectSeen, useQuoteroom } from '../../support/browser-room.ts';
import { type Visitor, useBrowser } from '../../support/browser.ts';

/**
 * Everything that a person typed is shown as text, on every page and to everybody. Nothing of it runs: a script that did
 * would set `window.hasRun` or open a dialog, a picture would be asked for. The Content-Security-Policy is not what stops
 * it: its reports come to the console, and `browser` fails on those.
 */
const browser = useBrowser();
const server = useQuoteroom();

const ATTACK = [
  '<img src=/evil.png onerror="window.hasRun=1;alert(1)">',
  '<script>window.hasRun=1;alert(1)</script>',
  'javascript:window.hasRun=1//',
  '"><svg onload="window.hasRun=1;alert(1)">',
  `'><a href="javascript:window.hasRun=1">x</a>`,
].join(' ');
const attack = (place: string): string => `${place} ${ATTACK}`;

/** Names are short. */
const NAME = 'Mallory <img src=/evil.png onerror="window.hasRun=1">';
const mallory: Visitor = { user: 'mallory', role: 'deal_desk', name: NAME };
const alice: Visitor = { user: 'alice', role: 'sales_rep' };

const EVIL_QUOTE = {
  fields: {
    title: attack('title'),
    customer: attack('customer'),
    contact: attack('contact'),
    owner: attack('owner'),
    paymentTerms: attack('terms'),
    currency: 'EUR',
    x_delivery: attack('delivery'),
  },
  lineItems: [
    {
      id: 'evil',
      sku: attack('sku'),
      name: attack('name'),
      description: attack('description'),
      unit: attack('unit'),
      group: attack('group'),
      x_free: attack('free'),
      quantity: 2,
      unitPrice: 10,
    },
    { name: 'Belt', unitPrice: 5, group: 'Parts' },
  ],
  discounts: [
    { label: attack('discount'), kind: 'percent', value: 5 },
    { label: attack('line discount'), kind: 'percent', value: 1, appliesTo: 'evil' },
  ],
  notes: [
    { text: attack('note'), author: attack('author'), audience: 'customer' },
    { text: attack('internal'), author: 'Alice', audience: 'internal' },
  ],
};

let path: string;
beforeEach(async () => {
  path = await createQuote(server(), mallory, EVIL_QUOTE);
});

test('in the list of quotes', async () => {
  const host = await open(mallory, path);
  const page = await open(alice, '/quotes');
  const row = page.getByRole('row').filter({ hasText: 'title <img' }).first();
  for (const place of ['title', 'customer', 'owner']) await expectText(page, place);
  await expectSeen(page, NAME);
  await page.getByRole('searchbox').fill(ATTACK.slice(0, 150));
  await row.waitFor();
  await expectHarmless(page, host);
});

test('in the room: fields, lines, discounts, notes, activity, people, palette and what is told of others', async () => {
  const host = await open(mallory, path);
  const page = await open(alice, path);
  for (const place of ['customer', 'contact', 'owner', 'terms', 'delivery', 'discount', 'title'])
    await expect.poll(() => inputsOf(page)).toContain(attack(place));
  const grid = page.getByRole('grid', { name: 'Lines of the quote' });
  for (const place of ['sku', 'name', 'description', 'unit', 'group', 'free'])
    await grid.getByText(attack(place), { exact: true }).first().waitFor({ state: 'attached' });
  for (const place of ['note', 'author', 'internal'])
    await page
      .getByRole('region', { name: 'Notes' })
      .getByText(attack(place), { exact: true })
      .first()
      .waitFor();

  // A change of hers, told by name: on the cell, in the activity, and to whom it took something away.
  await (await cellOf(page, 'Belt', 'SKU')).click();
  await (await cellOf(host, 'Belt', 'Description')).click();
  await host.keyboard.type(attack('typed'));
  await host.keyboard.press('Enter');
  await expectText(page, 'typed');
  const panel = page.getByRole('complementary', { name: 'Side panel' });
  await panel.getByText(NAME).locator('visible=true').first().waitFor();
  await panel.getByRole('tab', { name: 'People' }).click();
  await panel.getByText(NAME, { exact: true }).first().waitFor();
  await page.getByRole('list', { name: 'People here' }).getByRole('button').first().hover();
  await page.getByRole('tooltip').getByText(NAME).waitFor();

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a command or a line' }).fill('name <img');
  const found = page.getByRole('listbox', { name: 'Commands and lines' }).getByRole('option');
  await found
    .filter({ hasText: attack('name') })
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  await expectHarmless(page, host);
});

test('on paper', async () => {
  const page = await open(alice, `${path}/print`);
  const shown = 'title customer contact owner terms sku name description unit group discount note';
  for (const place of shown.split(' ')) await expectText(page, place);
  await expectHarmless(page);
});

test('in a file to import', async () => {
  const page = await open(alice, '/quotes');
  const asked = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import' }).first().click();
  const cells = ['sku', 'name', 'description'].map((place) => `"${attack(place).replaceAll('"', '""')}"`);
  const csv = `SKU,Name,Description,Quantity,<b>x</b>\n${cells.join(',')},<img src=x>,<script>\n`;
  await (
    await asked
  ).setFiles({
    name: '<img src=x onerror=alert(1)>.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(csv),
  });
  const dialog = page.getByRole('dialog');
  for (const place of ['sku', 'name', 'description'])
    await dialog.getByText(attack(place)).first().waitFor({ state: 'attached' });
  await expectHarmless(page);
});

test('typed into a cell and a note, and pasted as HTML', async () => {
  const page = await open(alice, path, {
    permissions: ['clipboard-read', 'clipboard-write'],
    // The editor reads pasted HTML by DOMParser, in a document that nobody sees and where nothing runs. Chromium reports
    // the handlers that it finds there all the same.
    expectedErrors: [/^Executing inline event handler violates/, /^Applying inline style violates/],
  });
  await page.getByRole('region', { name: 'Notes' }).getByRole('button', { name: 'Add note' }).click();
  const note = page.getByRole('textbox', { name: 'Note by Alice' });
  await note.click();
  await page.keyboard.type(attack('by hand'));
  await page.keyboard.press('Enter');
  await copyAsHtml(
    page,
    `<p>pasted <b>bold</b> <i>words</i></p>${ATTACK}<style>p{display:none}</style><iframe src="javascript:top.hasRun=1"></iframe>`,
  );
  await page.keyboard.press('Control+v');
  await note.getByText('pasted bold words').waitFor();
  await note.getByText(attack('by hand')).waitFor();
  expect(await note.locator('img, script, svg, style, iframe, a').count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Notes' }).getByText(attack('by hand')).waitFor();

  await (await cellOf(page, 'Belt', 'SKU')).click();
  await copyAsHtml(page, `<table><tr><td>${ATTACK}</td></tr></table>`, attack('grid'));
  await page.keyboard.press('Control+v');
  await page.getByRole('grid').getByText(attack('grid'), { exact: true }).waitFor({ state: 'attached' });
  await expectHarmless(page);
});

async function open(
  visitor: Visitor,
  to: string,
  { permissions = [], expectedErrors = [] }: { permissions?: string[]; expectedErrors?: RegExp[] } = {},
): Promise<Page> {
  const page = await browser.open(server().url + to, visitor, {
    context: { viewport: { width: 1920, height: 1000 }, permissions },
    expectedErrors,
    prepare: async (one) => {
      const dangers: string[] = [];
      one.on('dialog', (dialog) => {
        dangers.push(dialog.message());
        void dialog.dismiss();
      });
      one.on('request', (request) => {
        if (/evil\.png|\/x$/.test(new URL(request.url()).pathname)) dangers.push(request.url());
      });
      await one.addInitScript(() => Object.assign(window, { hasRun: 0 }));
      onTestFinished(() => expect(dangers).toEqual([]));
    },
  });
  return page;
}

/** Nothing ran, and the page has no element of the attackers'. */
async function expectHarmless(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) {
    expect(await page.evaluate(() => (window as { hasRun?: number }).hasRun)).toBe(0);
    expect(await page.locator('[onload], [onerror], img[src*=evil], a[href^=javascript]').count()).toBe(0);
    expect(await page.locator('body script').count()).toBe(0);
  }
}

const expectText = (page: Page, place: string): Promise<void> => expectSeen(page, attack(place));

/** What stands in the inputs of the page. */
const inputsOf = (page: Page): Promise<string[]> =>
  page.locator('input').evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));

/** Puts HTML on the clipboard as a hostile page would: the clipboard's own API would clean it. */
const copyAsHtml = (page: Page, html: string, text = 'as text'): Promise<boolean> =>
  page.evaluate(
    (given) => {
      const write = (event: ClipboardEvent): void => {
        event.clipboardData?.setData('text/html', given.html);
        event.clipboardData?.setData('text/plain', given.text);
        event.preventDefault();
        event.stopImmediatePropagation();
      };
      window.addEventListener('copy', write, { capture: true, once: true });
      return document.execCommand('copy');
    },
    { html, text },
  );
