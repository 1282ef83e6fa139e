import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  cellOf,
  createQuote,
  expectCell,
  expectPill,
  expectSeen,
  goTo,
  useQuoteroom,
  WAIT,
  writeCell,
} from '../../support/browser-room.ts';
import { type Visitor, useBrowser } from '../../support/browser.ts';
import { type Cable, layCable } from '../../support/cable.ts';

/** People of different roles in one quote, each in a browser of their own. */
const ROB: Visitor = { user: 'rob', role: 'sales_rep' };
const MIA: Visitor = { user: 'mia', role: 'sales_manager' };
const VERA: Visitor = { user: 'vera', role: 'vp_sales' };

const browser = useBrowser();
const server = useQuoteroom();

/** Opens the quote for somebody, with a cable of their own. */
async function join(path: string, visitor: Visitor): Promise<{ page: Page; cable: Cable }> {
  const cable = await layCable(server().port);
  const page = await browser.open(cable.url + path, visitor);
  await expectPill(page, 'Saved');
  return { page, cable };
}

test('three people see each other, and where each of them is', async () => {
  const path = await createQuote(server(), ROB);
  const { page: rob } = await join(path, ROB);
  const { page: mia } = await join(path, MIA);
  const { page: vera } = await join(path, VERA);

  const othersOf = (page: Page) =>
    page.getByRole('list', { name: 'People here' }).getByRole('button').count();
  for (const page of [rob, mia, vera]) await expect.poll(() => othersOf(page), WAIT).toBe(2);

  await goTo(vera, 'Roller', 'Quantity');
  await goTo(mia, 'Roller', 'Quantity');
  for (const name of ['Vera, VP Sales', 'Mia, Sales manager'])
    await rob.getByRole('button', { name: `${name}, at Quantity of Roller` }).waitFor(WAIT);
  // Name and border of both, at the cell itself.
  const cell = await cellOf(rob, 'Roller', 'Quantity');
  for (const name of ['Vera', 'Mia']) await cell.getByText(name, { exact: true }).waitFor(WAIT);
  expect(await cell.locator('[data-others]').evaluate((frame) => getComputedStyle(frame).boxShadow)).toMatch(
    /^rgb\(.*\) .* inset, rgb\(.*\) .* inset$/,
  );

  await vera.keyboard.type('7');
  await rob.getByRole('button', { name: 'Vera, VP Sales, editing Quantity of Roller' }).waitFor(WAIT);

  await vera.close();
  await expect.poll(() => othersOf(rob), WAIT).toBe(1);
  await expect.poll(() => cell.getByText('Vera').count(), WAIT).toBe(0);
});

test('of concurrent edits of one cell the highest role wins on all screens, and the losers are told', async () => {
  const path = await createQuote(server(), ROB);
  const [rob, mia, vera] = [await join(path, ROB), await join(path, MIA), await join(path, VERA)];

  for (const { cable } of [rob, mia]) cable.hold();
  await writeCell(rob.page, 'Roller', 'Discount', '8');
  await writeCell(mia.page, 'Roller', 'Discount', '11');
  await writeCell(vera.page, 'Roller', 'Discount', '12');
  await expectPill(vera.page, 'Saved');
  await expectCell(rob.page, 'Roller', 'Discount', '8 %');
  await expectPill(rob.page, 'Saving…');
  for (const { cable } of [rob, mia]) cable.release();

  for (const { page } of [rob, mia, vera]) await expectCell(page, 'Roller', 'Discount', '12 %');
  await expectSeen(rob.page, 'Vera (VP Sales) set Discount to 12 %. Yours: 8 %.');
  await expectSeen(mia.page, 'Vera (VP Sales) set Discount to 12 %. Yours: 11 %.');
  for (const { page } of [rob, mia]) {
    await expectPill(page, 'Saved');
    await page.getByRole('button', { name: '1 change overridden' }).waitFor(WAIT);
    expect(await isAmber(page, 'Roller', 'Discount')).toBe(true);
  }
  expect(await isAmber(vera.page, 'Roller', 'Discount')).toBe(false);
  expect(await vera.page.getByText('Yours:').count()).toBe(0);

  await rob.page.getByRole('button', { name: 'Dismiss', exact: true }).click();
  await expect.poll(() => isAmber(rob.page, 'Roller', 'Discount'), WAIT).toBe(false);
  expect(await rob.page.getByRole('button', { name: /overridden/ }).count()).toBe(0);
});

test('who was first is told that a higher role, who had not seen it, decided otherwise', async () => {
  const path = await createQuote(server(), ROB);
  const [rob, vera] = [await join(path, ROB), await join(path, VERA)];

  vera.cable.hold();
  await writeCell(vera.page, 'Roller', 'Quantity', '20');
  await writeCell(rob.page, 'Roller', 'Quantity', '15');
  await expectPill(rob.page, 'Saved');
  vera.cable.release();

  await expectSeen(rob.page, 'Vera (VP Sales) set Quantity to 20. Yours: 15.');
  for (const { page } of [rob, vera]) await expectCell(page, 'Roller', 'Quantity', '20');
  expect(await isAmber(rob.page, 'Roller', 'Quantity')).toBe(true);
  await rob.page.getByRole('button', { name: '1 change overridden' }).waitFor(WAIT);
  expect(await vera.page.getByText('Yours:').count()).toBe(0);
});

test('a limit of the role is said before anything is sent, and the draft stays', async () => {
  const path = await createQuote(server(), ROB);
  const { page: rob } = await join(path, ROB);
  const { page: vera } = await join(path, VERA);

  await writeCell(rob, 'Roller', 'Discount', '15');
  await expectSeen(rob, 'Discounts over 10 % need a sales manager.');
  const draft = rob.getByRole('textbox', { name: 'Discount' });
  expect(await draft.inputValue()).toBe('15');
  await draft.fill('9');
  await rob.keyboard.press('Enter');

  for (const page of [rob, vera]) await expectCell(page, 'Roller', 'Discount', '9 %');
  // The 15 never left: nothing was refused.
  expect(await rob.getByRole('button', { name: /refused/ }).count()).toBe(0);
  expect(await vera.getByText('15 %').count()).toBe(0);
});

test('a cell that a higher role is editing is held by name, until they are done', async () => {
  const path = await createQuote(server(), ROB);
  const { page: rob } = await join(path, ROB);
  const { page: vera } = await join(path, VERA);

  await goTo(vera, 'Roller', 'Quantity');
  await vera.keyboard.type('2');
  const cell = await cellOf(rob, 'Roller', 'Quantity');
  await expect.poll(() => cell.getAttribute('aria-readonly'), WAIT).toBe('true');
  await cell.click();
  await rob.keyboard.type('3');
  await expectSeen(rob, 'Vera (VP Sales) is editing this cell.');
  expect(await rob.getByRole('textbox', { name: 'Quantity' }).count()).toBe(0);

  await vera.keyboard.press('Escape');
  await expect.poll(() => cell.getAttribute('aria-readonly'), WAIT).toBe(null);
  await writeCell(rob, 'Roller', 'Quantity', '3');
  for (const page of [rob, vera]) await expectCell(page, 'Roller', 'Quantity', '3');
});

test('while one types, what somebody else writes into the cell is shown beside it', async () => {
  const path = await createQuote(server(), ROB);
  const { page: rob } = await join(path, ROB);
  const { page: vera } = await join(path, VERA);

  await goTo(rob, 'Roller', 'Quantity');
  await rob.keyboard.type('15');
  await writeCell(vera, 'Roller', 'Quantity', '20');
  await expectSeen(rob, 'Changed to 20 by Vera. Enter keeps yours, Esc takes theirs.');
  expect(await rob.getByRole('textbox', { name: 'Quantity' }).inputValue()).toBe('15');
  await rob.keyboard.press('Escape');
  await expectCell(rob, 'Roller', 'Quantity', '20');
});

test("undo takes back one's own edits only, and leaves what others have changed since", async () => {
  const path = await createQuote(server(), ROB);
  const { page: rob } = await join(path, ROB);
  const { page: vera } = await join(path, VERA);

  await writeCell(rob, 'Roller', 'Quantity', '11');
  await writeCell(rob, 'Belt', 'Quantity', '3');
  await expectCell(vera, 'Belt', 'Quantity', '3');
  await writeCell(vera, 'Roller', 'Unit price', '90');
  await writeCell(vera, 'Belt', 'Quantity', '4');
  for (const page of [rob, vera]) await expectCell(page, 'Belt', 'Quantity', '4');

  const undo = rob.getByRole('button', { name: 'Undo', exact: true });
  await undo.click();
  await expectSeen(rob, /Quantity of Belt: left as it is, changed by someone since\./);
  await undo.click();
  for (const page of [rob, vera]) {
    await expectCell(page, 'Roller', 'Quantity', '10');
    await expectCell(page, 'Roller', 'Unit price', '90.00');
    await expectCell(page, 'Belt', 'Quantity', '4');
  }
  await expect.poll(() => undo.isDisabled(), WAIT).toBe(true);
  // Vera's are still hers to take back.
  await vera.getByRole('button', { name: 'Undo', exact: true }).click();
  await expectCell(rob, 'Belt', 'Quantity', '3');
});

/** Whether a verdict stands on the cell, which is what makes it amber. */
async function isAmber(page: Page, line: string, column: string): Promise<boolean> {
  const cell = await cellOf(page, line, column);
  return (await cell.locator('[data-verdict]').count()) > 0;
}
