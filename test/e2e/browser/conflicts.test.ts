import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  WAIT,
  cellOf,
  createQuote,
  expectCell,
  expectPill,
  expectSeen,
  goTo,
  readQuote,
  useQuoteroom,
} from '../../support/browser-room.ts';
import { type Visitor, tokenOf, useBrowser } from '../../support/browser.ts';
import { layCable } from '../../support/cable.ts';

/** Two people of one role write a cell without having seen each other: its first value is kept until somebody chooses. */
const browser = useBrowser();
const server = useQuoteroom(`
policy:
  rules:
    - { cells: fields/paymentTerms, tie: hold }
    - { cells: lineItems/*/quantity, tie: hold }
`);

const ROB: Visitor = { user: 'rob', role: 'sales_rep' };
const BEN: Visitor = { user: 'ben', role: 'sales_rep' };
const MAX: Visitor = { user: 'max', role: 'sales_manager' };
const MIA: Visitor = { user: 'mia', role: 'sales_manager' };
const TERMS = 'fields/paymentTerms';
const CHOICES = { name: 'Values for Payment terms' };

test('two reps hold a conflict, both are told, and a manager takes the value that waits', async () => {
  const path = await createQuote(server(), ROB);
  const rob = await openRoom(path, ROB);
  const max = await openRoom(path, MAX);
  const cable = await layCable(server().port);
  const ben = await browser.open(cable.url + path, BEN);
  await expectPill(ben, 'Saved');

  cable.hold();
  await write(ben, 'Net 60');
  await write(rob, 'Net 30');
  await expectPill(rob, 'Saved');
  await expect.poll(() => max.getByLabel('Payment terms', { exact: true }).inputValue(), WAIT).toBe('Net 30');
  cable.release();

  // Its author sees where their value went, once; it counts as no change that was turned down.
  await ben.getByRole('dialog', CHOICES).getByText('Yours waits: Rob was first.').waitFor(WAIT);
  expect(await ben.getByText('Yours: Net 60').count()).toBe(0);
  expect(await ben.getByRole('banner').getByText('1 change').count()).toBe(0);
  for (const page of [rob, ben, max]) {
    await page.getByRole('banner').getByText('2 values to choose between').waitFor(WAIT);
    expect(await termsOf(page)).toBe('Net 30');
  }

  const mark = max.getByRole('button', { name: 'Two values: Net 30 (Rob) is kept, Net 60 (Ben) waits' });
  await mark.click();
  for (const page of [rob, ben]) await page.getByRole('banner').getByText('Max is choosing').waitFor(WAIT);
  await max.keyboard.press('Escape');
  await rob.getByRole('banner').getByText('2 values to choose between').waitFor(WAIT);

  await mark.click();
  await max.getByRole('dialog', CHOICES).getByRole('button', { name: 'Take Net 60' }).click();
  for (const page of [rob, ben, max]) {
    await expect.poll(() => termsOf(page), WAIT).toBe('Net 60');
    await page.getByRole('dialog', CHOICES).waitFor({ state: 'detached' });
    await page.getByRole('banner').getByText('Settled').waitFor(WAIT);
  }
  await expectSeen(rob, 'Max (Sales manager) set Payment terms to Net 60. Yours: Net 30.');
  expect(await ben.getByText(/Yours: Net 60/).count()).toBe(0);
  await max.getByText('Payment terms is settled.').waitFor(WAIT);
});

test('the tab lists them, leads to the cell and takes a third value', async () => {
  const path = await createQuote(server(), ROB);
  await hold(path, TERMS, [ROB, 'Net 30'], [BEN, 'Net 60']);
  const max = await openRoom(path, MAX);
  const rob = await openRoom(path, ROB);

  await max.getByRole('banner').getByRole('button', { name: '2 values to choose between' }).click();
  const tab = max.getByRole('tabpanel', { name: 'Conflicts 1' });
  await tab.getByText('Two values: Net 30 (Rob) is kept, Net 60 (Ben) waits.').waitFor(WAIT);
  await tab.getByRole('button', { name: 'Payment terms' }).click();
  await expect.poll(() => max.evaluate(() => document.activeElement?.id), WAIT).toBe(TERMS);
  await max.keyboard.press('Escape');

  await tab.getByRole('button', { name: 'Choose…' }).click();
  await tab.getByText('If nobody chooses, Ben’s value is taken in 15 min.').waitFor(WAIT);
  await rob.getByRole('banner').getByText('Max is choosing').waitFor(WAIT);
  await tab.getByRole('button', { name: 'Another value…' }).click();
  await tab.getByRole('textbox', { name: 'Another value for Payment terms' }).fill('Net 45');
  await max.keyboard.press('Enter');
  await max.getByText('Nothing to choose').waitFor(WAIT);
  for (const page of [rob, max]) await expect.poll(() => termsOf(page), WAIT).toBe('Net 45');
});

test('in the lines it is chosen by keyboard, and who may not choose is told who may', async () => {
  const path = await createQuote(server(), MAX);
  const line = (await readQuote(server(), MAX, path)).lineItems[0]?.id ?? '';
  await hold(path, `lineItems/${line}/quantity`, [MAX, '20'], [MIA, '30']);
  const rob = await openRoom(path, ROB);
  const max = await openRoom(path, MAX);

  await goTo(rob, 'Roller', 'Quantity');
  const shown = rob.getByRole('dialog', { name: 'Values for Quantity of Roller' });
  await shown.getByText('Editors from Sales manager up can choose.').waitFor(WAIT);
  await shown.getByText('Shown to who may choose').waitFor(WAIT);
  expect(await shown.getByText('30').count()).toBe(0);
  expect(await shown.getByRole('button').count()).toBe(0);

  await goTo(max, 'Roller', 'Quantity');
  const choices = max.getByRole('dialog', { name: 'Values for Quantity of Roller' });
  await choices.waitFor(WAIT);
  await max.keyboard.press('Alt+Enter');
  await expect
    .poll(() => max.evaluate(() => document.activeElement?.getAttribute('aria-label')), WAIT)
    .toBe('Keep 20');
  await max.keyboard.press('Escape');
  await choices.waitFor({ state: 'detached' });
  await max.keyboard.press('ArrowRight');
  await max.keyboard.press('ArrowLeft');
  await choices.waitFor(WAIT);
  await max.keyboard.press('Alt+Enter');
  await max.keyboard.press('Tab');
  await max.keyboard.press('Enter');
  for (const page of [rob, max]) await expectCell(page, 'Roller', 'Quantity', '30');
  // The cursor is where it was.
  await max.keyboard.press('ArrowDown');
  await expect
    .poll(async () => (await cellOf(max, 'Belt', 'Quantity')).getAttribute('aria-selected'), WAIT)
    .toBe('true');
});

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test('axe finds nothing', async () => {
    const path = await createQuote(server(), ROB);
    const page = await openRoom(path, MAX, colorScheme);
    await page.getByRole('tab', { name: 'Conflicts' }).click();
    await page.getByText('Nothing to choose').waitFor(WAIT);
    await expectAccessible(page, 'no conflicts');
    await hold(path, TERMS, [ROB, 'Net 30'], [BEN, 'Net 60']);
    await page.getByRole('button', { name: 'Choose…' }).click();
    await page.getByRole('button', { name: 'Another value…' }).click();
    await page.getByRole('textbox', { name: 'Another value for Payment terms' }).waitFor(WAIT);
    await expectAccessible(page, 'choosing in the tab');
    await page.getByLabel('Payment terms', { exact: true }).focus();
    await page.getByRole('dialog', CHOICES).waitFor(WAIT);
    await expectAccessible(page, 'choosing in the cell');
  });
});

async function openRoom(
  path: string,
  visitor: Visitor,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Page> {
  const page = await browser.open(server().url + path, visitor, {
    context: { colorScheme, reducedMotion: 'reduce' },
  });
  await expectPill(page, 'Saved');
  return page;
}

const termsOf = (page: Page): Promise<string> =>
  page.getByLabel('Payment terms', { exact: true }).inputValue();

async function write(page: Page, terms: string): Promise<void> {
  await page.getByLabel('Payment terms', { exact: true }).fill(terms);
  await page.keyboard.press('Enter');
}

/** The second writes as of what they saw before the first. */
async function hold(
  path: string,
  cell: string,
  first: readonly [Visitor, string],
  second: readonly [Visitor, string],
): Promise<void> {
  const { revision } = await readQuote(server(), first[0], path);
  for (const [visitor, value] of [first, second]) {
    const answer = await fetch(`${server().url}/api${path.replace('/q/', '/quotes/')}/cells`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${await tokenOf(visitor)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ base: revision, writes: [{ cell, value }] }),
    });
    expect(answer.status, await answer.text()).toBe(200);
  }
}

async function expectAccessible(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .setLegacyMode(true)
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${state}: ${id} at ${target.join(' ')}: ${failureSummary}`),
  );
  expect.soft(found).toEqual([]);
}
