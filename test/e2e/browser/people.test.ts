import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  WAIT,
  cellOf,
  createQuote,
  expectCell,
  expectPill,
  expectSeen,
  goTo,
  useQuoteroom,
  writeCell,
} from '../../support/browser-room.ts';
import { type Visitor, tokenOf, useBrowser } from '../../support/browser.ts';

/** What a person may do in a quote, and that a change of it takes effect in the page that is open. */
const ROB: Visitor = { user: 'rob', role: 'sales_rep' };
const VERA: Visitor = { user: 'vera', role: 'vp_sales' };
const VIEW_ONLY = 'You can only view this quote.';

const browser = useBrowser();
const server = useQuoteroom();

test('a viewer sees everything, can change nothing, and is told so', async () => {
  const path = await createQuote(server(), ROB, {
    fields: { title: 'Conveyor line 4', customer: 'Nordwerk', currency: 'EUR' },
    lineItems: [{ name: 'Roller', quantity: 10, unitPrice: '100.00' }],
    discounts: [{ label: 'Spring', kind: 'percent', value: 5 }],
    notes: [{ text: 'Deliver before noon', audience: 'customer' }],
  });
  await give(path, VERA, 'viewer');
  const rob = await openRoom(path, ROB);
  const vera = await browser.open(server().url + path, VERA);
  await expectPill(vera, 'View only');

  await expectCell(vera, 'Roller', 'Quantity', '10');
  await vera.getByText('Deliver before noon').waitFor(WAIT);
  await vera.getByRole('contentinfo', { name: 'Totals' }).getByText('950.00 EUR').waitFor(WAIT);
  expect(await vera.getByRole('textbox', { name: 'Customer' }).inputValue()).toBe('Nordwerk');
  await writeCell(rob, 'Roller', 'Quantity', '20');
  await expectCell(vera, 'Roller', 'Quantity', '20');

  await goTo(vera, 'Roller', 'Quantity');
  await vera.keyboard.type('5');
  await expectSeen(vera, VIEW_ONLY);
  for (const key of ['Delete', 'Enter', 'Control+d', 'Control+Backspace', 'Alt+ArrowUp'])
    await vera.keyboard.press(key);
  expect(await vera.getByRole('grid').getByRole('textbox').count()).toBe(0);
  for (const name of ['Add line', 'Add field', 'Add discount', 'Add note', 'Undo'])
    await expectUse(name, { of: rob, notOf: vera });
  for (const input of await vera.getByRole('textbox').all()) {
    const isOfQuote = (await input.getAttribute('list')) === null;
    if (isOfQuote)
      expect(await input.isEditable(), (await input.getAttribute('aria-label')) ?? '').toBe(false);
  }
  await vera.getByRole('button', { name: 'Status: Draft' }).click();
  const inReview = vera.getByRole('menuitem', { name: /^In review/ });
  expect(await inReview.getAttribute('aria-disabled')).toBe('true');
  await inReview.getByText(VIEW_ONLY).waitFor(WAIT);
  await inReview.click({ force: true });
  await vera.keyboard.press('Escape');
  await vera.getByRole('button', { name: 'Status: Draft' }).waitFor(WAIT);

  // Nothing that she tried is on either screen.
  await writeCell(rob, 'Roller', 'Unit price', '90');
  for (const page of [rob, vera]) {
    await expectCell(page, 'Roller', 'Unit price', '90.00');
    await expectCell(page, 'Roller', 'Quantity', '20');
    expect(await page.getByRole('grid').locator('[data-line]').count()).toBe(1);
  }
});

test('the host makes an editor a viewer and an editor again, and the open page follows', async () => {
  const path = await createQuote(server(), ROB);
  const rob = await openRoom(path, ROB);
  const vera = await openRoom(path, VERA);
  const isSamePage = await markPage(vera);

  await rob.getByRole('tab', { name: 'People' }).click();
  await rob.getByRole('combobox', { name: 'Add a person' }).fill('vera');
  await rob.getByRole('combobox', { name: 'Permission to give' }).selectOption('Viewer');
  await goTo(vera, 'Roller', 'Quantity');
  await vera.keyboard.type('7');
  await rob.getByRole('button', { name: 'Add', exact: true }).click();

  await expectPill(vera, 'View only');
  const cell = await cellOf(vera, 'Roller', 'Quantity');
  await expect.poll(() => cell.getAttribute('aria-readonly'), WAIT).toBe('true');
  // What she had begun to type is not lost: it waits to be copied, or for the permission to come back.
  await vera.keyboard.press('Enter');
  await expectSeen(vera, VIEW_ONLY);
  expect(await vera.getByRole('textbox', { name: 'Quantity' }).inputValue()).toBe('7');

  await rob.getByRole('combobox', { name: 'Permission of Vera' }).selectOption('Editor');
  await expectPill(vera, 'Saved');
  await vera.keyboard.press('Enter');
  for (const page of [rob, vera]) await expectCell(page, 'Roller', 'Quantity', '7');
  expect(await isSamePage()).toBe(true);
});

test('who is removed is told at once, and nothing of the quote stays on their device', async () => {
  const path = await createQuote(server(), ROB);
  await give(path, VERA, 'editor');
  const rob = await openRoom(path, ROB);
  const vera = await openRoom(path, VERA);
  await writeCell(vera, 'Roller', 'Quantity', '7');
  await expectCell(rob, 'Roller', 'Quantity', '7');
  expect(await databasesOf(vera)).toHaveLength(1);

  await rob.getByRole('tab', { name: 'People' }).click();
  await rob.getByRole('combobox', { name: 'Permission of Vera' }).selectOption('No access');
  await rob.getByText('Remove Vera from this quote? The page closes for them at once.').waitFor(WAIT);
  await rob.getByRole('button', { name: 'Remove', exact: true }).click();

  await vera.getByRole('heading', { name: 'You are no longer in this quote' }).waitFor(WAIT);
  expect(await vera.getByText('Roller').count()).toBe(0);
  await expect.poll(() => databasesOf(vera), WAIT).toEqual([]);
  await vera.reload();
  await vera.getByRole('heading', { name: 'You have no access to this quote' }).waitFor(WAIT);
  expect(await databasesOf(vera)).toEqual([]);
});

test('a newer token with a higher role counts at once in the page that is open', async () => {
  const path = await createQuote(server(), VERA);
  const vera = await openRoom(path, VERA);
  const rob = await openRoom(path, { ...ROB, tokenAgeMs: 60_000 });
  const isSamePage = await markPage(rob);
  await writeCell(rob, 'Roller', 'Discount', '15');
  await expectSeen(rob, 'Discounts over 10 % need a sales manager.');
  await rob.keyboard.press('Escape');

  // The company's sign-in hands over the new one in another tab.
  const another = await rob.context().newPage();
  await another.goto(`${server().url}/quotes?token=${await tokenOf({ ...ROB, role: 'sales_manager' })}`);
  await rob.getByRole('button', { name: 'You: Rob, Sales manager' }).waitFor(WAIT);
  await expectPill(rob, 'Saved');
  await writeCell(rob, 'Roller', 'Discount', '15');
  for (const page of [rob, vera]) await expectCell(page, 'Roller', 'Discount', '15 %');
  await vera.getByRole('button', { name: /^Rob, Sales manager/ }).waitFor(WAIT);
  expect(await isSamePage()).toBe(true);
});

async function openRoom(path: string, visitor: Visitor): Promise<Page> {
  const page = await browser.open(server().url + path, visitor);
  await expectPill(page, 'Saved');
  return page;
}

/** As Rob, who made the quote. */
async function give(path: string, { user }: Visitor, permission: 'editor' | 'viewer'): Promise<void> {
  const answer = await fetch(`${server().url}/api/quotes/${path.replace('/q/', '')}/people/${user}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await tokenOf(ROB)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ permission }),
  });
  expect(answer.status).toBe(200);
}

/** Whom a button of that name is there for, and can be pressed by. */
async function expectUse(name: string, { of, notOf }: { of: Page; notOf: Page }): Promise<void> {
  const isUsable = async (page: Page): Promise<boolean> => {
    const button = page.getByRole('button', { name }).first();
    return (await button.count()) > 0 && button.isEnabled();
  };
  expect({ name, of: await isUsable(of), notOf: await isUsable(notOf) }).toEqual({
    name,
    of: true,
    notOf: false,
  });
}

/** Leaves a mark in the page that a reload would take away; the result tells whether it is still there. */
async function markPage(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    document.documentElement.dataset['marked'] = 'yes';
  });
  return () => page.evaluate(() => document.documentElement.dataset['marked'] === 'yes');
}

/** Quotes that are kept in this browser. */
const databasesOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () =>
    (await indexedDB.databases())
      .map(({ name = '' }) => name)
      .filter((name) => name.startsWith('quoteroom:')),
  );
