import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  LOST_CONNECTION,
  WAIT,
  createQuote,
  expectCell,
  expectPill,
  expectSeen,
  readQuote,
  useQuoteroom,
  writeCell,
} from '../../support/browser-room.ts';
import { type Visitor, tokenOf, useBrowser } from '../../support/browser.ts';
import { type Cable, layCable } from '../../support/cable.ts';

/** A person whose network goes away and comes back, and what becomes of what they typed meanwhile. */
const ROB: Visitor = { user: 'rob', role: 'sales_rep' };
const VERA: Visitor = { user: 'vera', role: 'vp_sales' };
const ONE_KEPT = 'Offline, 1 change kept on this device';

const browser = useBrowser();
const server = useQuoteroom();

test('what is typed offline outlives a reload without a network, and is merged on return', async () => {
  const path = await createQuote(server(), ROB);
  const { page: rob, cable } = await openWithCable(path, ROB);
  const vera = await browser.open(server().url + path, VERA);

  await cable.pull();
  await writeCell(rob, 'Roller', 'Quantity', '15');
  await expectPill(rob, ONE_KEPT);
  await writeCell(vera, 'Roller', 'Unit price', '90');
  await expectPill(vera, 'Saved');

  await rob.reload();
  await expectCell(rob, 'Roller', 'Quantity', '15');
  await expectCell(rob, 'Roller', 'Unit price', '100.00');
  await expectPill(rob, ONE_KEPT);
  // And goes on from there.
  await writeCell(rob, 'Belt', 'Name', 'Belt, wide');
  await expectPill(rob, 'Offline, 2 changes kept on this device');

  await cable.plug();
  await expectPill(rob, 'Saved');
  for (const page of [rob, vera]) {
    await expectCell(page, 'Roller', 'Quantity', '15');
    await expectCell(page, 'Roller', 'Unit price', '90.00');
    await expectCell(page, 'Belt, wide', 'Quantity', '2');
  }
});

test('an offline edit that is refused on return is told like any other, after a reload too', async () => {
  const path = await createQuote(server(), ROB);
  const { page: rob, cable } = await openWithCable(path, ROB);
  const vera = await browser.open(server().url + path, VERA);

  await cable.pull();
  await writeCell(rob, 'Roller', 'Discount', '8');
  await expectPill(rob, ONE_KEPT);
  await writeCell(vera, 'Roller', 'Discount', '12');
  await expectPill(vera, 'Saved');
  await rob.reload();
  await expectCell(rob, 'Roller', 'Discount', '8 %');

  await cable.plug();
  await expectSeen(rob, 'Vera (VP Sales) set Discount to 12 %. Yours: 8 %.');
  await expectPill(rob, 'Saved');
  await rob.getByRole('button', { name: '1 change overridden' }).waitFor(WAIT);
  for (const page of [rob, vera]) await expectCell(page, 'Roller', 'Discount', '12 %');
});

test('who was removed while offline is told on return, and keeps nothing of the quote', async () => {
  const path = await createQuote(server(), VERA);
  const { page: rob, cable } = await openWithCable(path, ROB, [/status of 403/]);
  await cable.pull();
  await writeCell(rob, 'Roller', 'Quantity', '15');
  await expectPill(rob, ONE_KEPT);
  await fetch(`${server().url}/api${path.replace('/q/', '/quotes/')}/people/rob`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await tokenOf(VERA)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ permission: 'none' }),
  });

  await cable.plug();
  await rob.getByRole('heading', { name: 'You are no longer in this quote' }).waitFor(WAIT);
  await expect.poll(() => keptOf(rob, 'rob'), WAIT).toEqual(['quoteroom.token']);
  expect((await readQuote(server(), VERA, path)).lineItems).toMatchObject([{ quantity: '10' }, {}]);
});

test('signing out warns of edits that were not sent, and takes everything from the device', async () => {
  const path = await createQuote(server(), ROB);
  const { page: rob, cable } = await openWithCable(path, ROB);
  await cable.pull();
  await writeCell(rob, 'Roller', 'Quantity', '15');
  await expectPill(rob, ONE_KEPT);

  await signOut(rob);
  const dialog = rob.getByRole('dialog', { name: 'Sign out and lose changes?' });
  await dialog.getByText('1 change in “Conveyor line 4” was not sent.').waitFor(WAIT);
  await dialog.getByRole('button', { name: 'Stay' }).click();
  await dialog.waitFor({ state: 'hidden', ...WAIT });
  await expectCell(rob, 'Roller', 'Quantity', '15');
  expect(await keptOf(rob, 'rob')).not.toEqual([]);

  await signOut(rob);
  await dialog.getByRole('button', { name: 'Sign out and lose them' }).click();
  await rob.getByRole('heading', { name: 'You are signed out' }).waitFor(WAIT);
  await expect.poll(() => keptOf(rob, 'rob'), WAIT).toEqual([]);
});

test('signing out with everything sent asks nothing, and leaves nothing', async () => {
  const path = await createQuote(server(), ROB);
  const { page: rob } = await openWithCable(path, ROB);
  await writeCell(rob, 'Roller', 'Quantity', '15');
  await expectPill(rob, 'Saved');
  await signOut(rob);
  await rob.getByRole('heading', { name: 'You are signed out' }).waitFor(WAIT);
  await expect.poll(() => keptOf(rob, 'rob'), WAIT).toEqual([]);
});

/** The page, once the quote is saved and the service worker could serve the page again. */
async function openWithCable(
  path: string,
  visitor: Visitor,
  alsoExpected: readonly RegExp[] = [],
): Promise<{ page: Page; cable: Cable }> {
  const cable = await layCable(server().port);
  const expectedErrors = [...LOST_CONNECTION, ...alsoExpected];
  const page = await browser.open(cable.url + path, visitor, { expectedErrors });
  await expectPill(page, 'Saved');
  await expect
    .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state ?? null), WAIT)
    .toBe('activated');
  return { page, cable };
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^You: / }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

/** What this browser keeps of somebody: databases, and notes about them. */
const keptOf = (page: Page, user: string): Promise<string[]> =>
  page.evaluate(async (of) => {
    const databases = (await indexedDB.databases()).map(({ name = '' }) => name);
    return [...databases, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(
      (name) => name.includes(`:${of}:`) || name.includes(`/${of}/`) || name === 'quoteroom.token',
    );
  }, user);
