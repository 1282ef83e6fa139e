import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  LOST_CONNECTION,
  ROLLERS,
  WAIT,
  cellOf,
  createQuote,
  expectCell,
  expectPill,
  expectSeen,
  goTo,
  readQuote,
  textOf,
  useQuoteroom,
  writeCell,
} from '../../support/browser-room.ts';
import { type Visitor, tokenOf, useBrowser } from '../../support/browser.ts';

/** The quote at any point of its past: stepping, playing, filtering and comparing, with a mouse and without one. */
const browser = useBrowser();
const server = useQuoteroom();
const rita: Visitor = { user: 'rita', role: 'sales_rep' };
const vera: Visitor = { user: 'vera', role: 'vp_sales' };

/**
 * 1 Rita makes it, 2 Vera: customer, 3 Rita: quantity 10 to 12, 4 Rita asks for a discount over her limit, 5 Vera takes
 * the belt off, 6 Rita: quantity 12 to 15.
 */
async function aQuoteWithAPast(): Promise<string> {
  const path = await createQuote(server(), rita, {
    ...ROLLERS,
    lineItems: [
      { id: 'roller', ...ROLLERS.lineItems[0] },
      { id: 'belt', ...ROLLERS.lineItems[1] },
    ],
  });
  await write(path, vera, 'fields/customer', 'Nordwerk AG');
  await write(path, rita, 'lineItems/roller/quantity', '12');
  await write(path, rita, 'lineItems/roller/discountPercent', '90');
  await write(path, vera, 'lineItems/belt/removed', true);
  await write(path, rita, 'lineItems/roller/quantity', '15');
  return path;
}

async function write(path: string, by: Visitor, cell: string, value: string | boolean): Promise<void> {
  const answer = await fetch(`${server().url}/api${path.replace('/q/', '/quotes/')}/cells`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${await tokenOf(by)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ writes: [{ cell, value }] }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

async function giveViewer(path: string, user: string): Promise<void> {
  const answer = await fetch(`${server().url}/api${path.replace('/q/', '/quotes/')}/people/${user}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await tokenOf(rita)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ permission: 'viewer' }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

async function openHistory(path: string, search = '', visitor: Visitor = rita): Promise<Page> {
  const page = await browser.open(`${server().url}${path}/history${search}`, visitor, {
    context: { reducedMotion: 'reduce' },
    expectedErrors: [...LOST_CONNECTION, /status of 40[349]/],
  });
  return page;
}

const slider = (page: Page): Locator => page.getByRole('slider', { name: 'Point in time' });
/** The button in the header that has the named versions behind it, where the point has no name. */
const versions = (page: Page): Locator => page.getByRole('button', { name: 'Versions' });
const changes = (page: Page): Locator => page.getByRole('listbox', { name: 'Changes' });

/** What the slider says of the point. */
async function expectPoint(page: Page, words: RegExp): Promise<void> {
  await expect
    .poll(() => slider(page).getAttribute('aria-valuetext'), WAIT)
    .toEqual(expect.stringMatching(words));
}

/** Cells with somebody's colour, as their column. */
const tinted = (page: Page): Promise<(string | null)[]> =>
  page
    .locator('[role=gridcell][data-tint]')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-cell')));

test('two people edit, and a third steps through it, sees who did what, and what was removed', async () => {
  const path = await createQuote(server(), rita);
  const [one, other] = [
    await browser.open(server().url + path, rita),
    await browser.open(server().url + path, vera),
  ];
  await expectPill(one, 'Saved');
  await expectPill(other, 'Saved');
  await writeCell(one, 'Roller', 'Quantity', '12');
  await expectCell(other, 'Roller', 'Quantity', '12');
  await writeCell(other, 'Roller', 'Unit price', '90');
  await expectCell(one, 'Roller', 'Unit price', '90.00');

  await one.getByRole('banner').getByRole('link', { name: 'History' }).click();
  await expectPoint(one, /^Vera \(VP Sales\), .+, Unit price of Roller: 100.00 → 90$/);
  expect(await tinted(one)).toEqual([expect.stringMatching(/unitPrice$/)]);
  await one.getByRole('button', { name: 'Previous change' }).click();
  await expectPoint(one, /^Rita \(Sales rep\), .+, Quantity of Roller: 10 → 12$/);
  await expect.poll(() => tinted(one), WAIT).toEqual([expect.stringMatching(/quantity$/)]);
  expect(await textOf(one, 'Roller', 'Unit price')).toBe('100.00');
  await expectSeen(one, /^History \d/);
  expect(await one.getByTestId('total').innerText()).toBe('1,300.00 EUR');

  await writeCell(other, 'Belt', 'Quantity', '3');
  await expectSeen(one, '2 newer');
  await expectPoint(one, /Quantity of Roller/);
  await one.getByRole('button', { name: '2 newer' }).click();
  await expectPoint(one, /Quantity of Belt: 2 → 3/);
  await one.getByRole('link', { name: 'Back to the quote' }).click();
  await expectCell(one, 'Belt', 'Quantity', '3');
});

test('what was removed is struck through where it stood, and gone afterwards', async () => {
  const page = await openHistory(await aQuoteWithAPast(), '?at=5');
  await expectPoint(page, /Removed Belt/);
  const belt = page.locator('[data-line=belt]');
  expect(await belt.getAttribute('data-removed')).toBe('true');
  const decoration = await belt
    .getByText('Belt')
    .evaluate((cell) => getComputedStyle(cell.parentElement ?? cell).textDecorationLine);
  expect(decoration).toBe('line-through');
  expect(await page.getByTestId('total').innerText()).toBe('1,200.00 EUR');

  await slider(page).focus();
  await page.keyboard.press('ArrowRight');
  await expectPoint(page, /12 → 15/);
  await belt.waitFor({ state: 'detached' });
  await page.getByRole('checkbox', { name: 'Show all removed lines' }).check();
  await belt.waitFor();
});

test('by keys alone: the slider, playing, changes, the grid and the list', async () => {
  const page = await openHistory(await aQuoteWithAPast());
  await expectPoint(page, /12 → 15/);
  await slider(page).focus();
  await page.keyboard.press('Home');
  await expectPoint(page, /Created the quote/);
  await expect.poll(() => new URL(page.url()).searchParams.get('at'), WAIT).toBe('1');
  await page.keyboard.press('PageUp');
  await expectPoint(page, /12 → 15/);
  await page.keyboard.press(',');
  await expectPoint(page, /Removed Belt/);
  await page.keyboard.press(',');
  await expectPoint(page, /10 → 12/);
  await page.keyboard.press('ArrowRight');
  await expectPoint(page, /Refused: Discount of Roller: 90 %/);
  await page.keyboard.press('.');
  await expectPoint(page, /Removed Belt/);

  await page.getByRole('combobox', { name: 'Speed' }).selectOption({ label: '10 ×' });
  await slider(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  // It plays for a moment only, so what is looked for is where that leads.
  await expectPoint(page, /12 → 15/);
  await page.getByRole('button', { name: 'Play' }).waitFor();

  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowRight');
  const selected = page.getByRole('region', { name: 'Selected cell' });
  await selected.getByText('Name of Roller').waitFor();
  await page.keyboard.press('Escape');
  await selected.waitFor({ state: 'detached' });

  await changes(page).focus();
  await page.keyboard.press('ArrowDown');
  await expectPoint(page, /Removed Belt/);
  await page.keyboard.press('End');
  await expectPoint(page, /Created the quote/);
});

test('the list narrows to a person, a role, a cell and what was refused, and leads to each', async () => {
  const page = await openHistory(await aQuoteWithAPast());
  const options = changes(page).getByRole('option');
  await expect.poll(() => options.count(), WAIT).toBe(6);
  await page.getByRole('combobox', { name: 'Person' }).selectOption({ label: 'Vera' });
  await expect
    .poll(() => options.allInnerTexts(), WAIT)
    .toEqual([expect.stringContaining('Removed Belt'), expect.stringContaining('Nordwerk → Nordwerk AG')]);
  await options.last().click();
  await expectPoint(page, /Customer: Nordwerk → Nordwerk AG/);
  await page.locator('[data-field=customer][data-tint]').waitFor();

  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('checkbox', { name: 'Refused only' }).check();
  await expect
    .poll(() => options.allInnerTexts(), WAIT)
    .toEqual([expect.stringContaining('Refused: Discount of Roller')]);
  await page.getByRole('button', { name: 'Show all' }).click();

  await page
    .getByRole('combobox', { name: 'Cell' })
    .or(page.getByRole('textbox', { name: 'Cell' }))
    .fill('quantity');
  await page.getByRole('option', { name: 'Quantity of any line' }).click();
  await expect.poll(() => options.count(), WAIT).toBe(3);
  await expectSeen(page, '3 changes');
  await page.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'VP Sales' });
  await expectSeen(page, 'Nothing like this has happened in this quote.');
});

test('two points are compared: a list of what differs, and all of it tinted', async () => {
  const path = await aQuoteWithAPast();
  const page = await openHistory(path);
  await page.getByRole('button', { name: 'Compare' }).click();
  const differences = page.getByRole('region', { name: 'Differences' }).getByRole('button');
  await expect
    .poll(() => differences.allInnerTexts(), WAIT)
    .toEqual([
      expect.stringMatching(/^Removed Belt/),
      expect.stringMatching(/^Customer\s+Nordwerk →\s+Nordwerk AG/),
      expect.stringMatching(/^Quantity of Roller\s+10 →\s+15/),
    ]);
  expect(await tinted(page)).toEqual(['lineItems/roller/quantity']);
  await page.locator('[data-line=belt][data-removed]').waitFor();
  await expect.poll(() => new URL(page.url()).search, WAIT).toContain('from=1');

  await page.getByRole('slider', { name: 'Compare from entry' }).focus();
  for (let at = 1; at < 5; at++) await page.keyboard.press('ArrowRight');
  await expect.poll(() => differences.count(), WAIT).toBe(1);
  await differences.first().click();
  await page.getByRole('region', { name: 'Selected cell' }).getByText('Quantity of Roller').waitFor();

  const again = await openHistory(path, '?at=6&from=5', vera);
  await expectSeen(again, '1 difference');
  await again.getByRole('button', { name: 'Compare' }).click();
  await expectPoint(again, /12 → 15/);
});

test('what stands in the way is said: no such quote or entry, no access, no network', async () => {
  const path = await aQuoteWithAPast();
  const nowhere = await openHistory('/q/no-such-quote');
  await expectSeen(nowhere, 'There is no such quote');
  const beyond = await openHistory(path, '?at=99');
  await expectSeen(beyond, 'There is no entry 99 yet. This is the newest one.');

  await beyond.context().setOffline(true);
  await slider(beyond).focus();
  await beyond.keyboard.press('ArrowLeft');
  await expectSeen(beyond, 'The server cannot be reached.');
  await beyond.context().setOffline(false);
  await expect.poll(() => beyond.locator('[data-removed]').count(), WAIT).toBe(1);
  expect(await beyond.getByText('The server cannot be reached.').count()).toBe(0);
});

test('a version is named, found again under its name, renamed and deleted; others only go to it', async () => {
  const path = await aQuoteWithAPast();
  const page = await openHistory(path, '?at=3');
  await expectPoint(page, /10 → 12/);
  await versions(page).click();
  await page.getByRole('textbox', { name: 'Name the quote as of entry 3' }).fill('Sent to Nordwerk');
  await page.keyboard.press('Enter');
  const list = page.getByRole('list', { name: 'Named versions' });
  await list.getByText('Sent to Nordwerk').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sent to Nordwerk' }).waitFor();
  await slider(page).focus();
  await page.keyboard.press('End');
  await expectPoint(page, /12 → 15/);

  await versions(page).click();
  await page.getByRole('textbox', { name: 'Name the quote as of entry 6' }).fill('Sent to Nordwerk');
  await page.getByRole('button', { name: 'Name it' }).click();
  await expectSeen(page, /There is a version "Sent to Nordwerk" of this quote already/);
  await list.getByText('Sent to Nordwerk').click();
  await expectPoint(page, /10 → 12/);

  const other = await openHistory(path, '', { user: 'otto', role: 'sales_rep' });
  await versions(other).click();
  await other.getByRole('list', { name: 'Named versions' }).getByText('Sent to Nordwerk').waitFor();
  expect(await other.getByRole('button', { name: /^(Rename|Delete) / }).count()).toBe(0);

  await page.getByRole('banner').getByRole('button', { name: 'Sent to Nordwerk' }).click();
  await page.getByRole('button', { name: 'Rename Sent to Nordwerk' }).click();
  await page.getByRole('textbox', { name: 'Rename Sent to Nordwerk' }).fill('First offer');
  await page.keyboard.press('Enter');
  await list.getByText('First offer').waitFor();
  await page.getByRole('button', { name: 'Delete First offer' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expectSeen(page, 'No version of this quote has a name yet.');
});

test('a line is restored after a preview; what somebody changes meanwhile is left alone and named', async () => {
  const path = await aQuoteWithAPast();
  const page = await openHistory(path, '?at=1');
  await expectPoint(page, /Created the quote/);
  await page.getByRole('gridcell', { name: 'Roller' }).click();
  await page.getByRole('button', { name: 'Restore line…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Restore Roller' });
  await expect
    .poll(() => dialog.getByRole('listitem').allInnerTexts(), WAIT)
    .toEqual([expect.stringMatching(/^Quantity of Roller\s+from\s+15\s+→\s+to\s+10$/)]);
  await dialog.getByRole('button', { name: 'Restore 1 change' }).waitFor();
  await write(path, vera, 'lineItems/roller/quantity', '20');
  await dialog.getByText('Somebody just changed it: left alone.').waitFor();
  expect(await dialog.getByRole('button', { name: /^Restore/ }).count()).toBe(0);
  await dialog.getByRole('button', { name: 'Preview again' }).click();
  await dialog.getByText('20').waitFor();
  await dialog.getByRole('button', { name: 'Restore 1 change' }).click();
  await dialog.getByText('Restored 1 change.').waitFor();
  await dialog.getByRole('link', { name: 'Go to the quote' }).click();
  await expectCell(page, 'Roller', 'Quantity', '10');
});

test('all of a quote is restored but for what a higher role decided, which is named beforehand', async () => {
  const path = await aQuoteWithAPast();
  await write(path, vera, 'lineItems/roller/discountPercent', '30');
  const page = await openHistory(path, '?at=1');
  await page.getByRole('button', { name: 'Restore…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Restore the quote' });
  const refused = dialog.getByRole('region', { name: 'Would be refused, and stays as it is' });
  await refused.getByText('Discount of Roller').waitFor();
  await refused.getByText(/Vera \(VP Sales\)/).waitFor();
  const changesHere = dialog.getByRole('region', { name: 'Changes' }).getByRole('listitem');
  expect(await changesHere.allInnerTexts()).toEqual([
    expect.stringMatching(/^Customer\s+from\s+Nordwerk AG\s+→\s+to\s+Nordwerk$/),
    expect.stringMatching(/^Quantity of Roller/),
    'Brings back Belt',
  ]);
  await dialog.getByRole('button', { name: 'Restore 3 changes' }).click();
  await dialog.getByText('Restored 3 changes.').waitFor();
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await page.getByRole('button', { name: '7 newer' }).click();
  await expectPoint(page, /^Rita \(Sales rep\)/);
  const { fields, lineItems } = await readQuote(server(), rita, path);
  expect([
    fields['customer'],
    lineItems.map(({ id, quantity, discountPercent }) => [id, quantity, discountPercent]),
  ]).toEqual([
    'Nordwerk',
    [
      ['roller', '10', '30'],
      ['belt', '2', undefined],
    ],
  ]);
});

test('a viewer is told why they cannot restore', async () => {
  const path = await aQuoteWithAPast();
  await giveViewer(path, 'otto');
  const page = await openHistory(path, '?at=3', { user: 'otto', role: 'sales_rep' });
  await page.getByRole('button', { name: 'Restore…' }).click();
  await expectSeen(page, /You can only view this quote. Restoring writes into it/);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await versions(page).click();
  await expectSeen(page, 'You can only view this quote: its editors and hosts name versions.');
});

test('a badge says what was verified, and what that means', async () => {
  const page = await openHistory(await aQuoteWithAPast());
  await page.getByRole('button', { name: 'Verified to entry 6' }).click();
  await expectSeen(page, /^6 entries were checked at/);
  await expectSeen(page, 'What it does not prove');
});

test('who changed a cell is asked in the room, by a key, the palette and the menu of the line', async () => {
  const path = await aQuoteWithAPast();
  const page = await browser.open(server().url + path, rita);
  await expectPill(page, 'Saved');
  await goTo(page, 'Roller', 'Quantity');
  await page.keyboard.press('Control+i');
  const dialog = page.getByRole('dialog', { name: 'Who changed Quantity of Roller?' });
  await dialog.getByText(/^Now 15, set by Rita \(Sales rep\)/).waitFor();
  await expect
    .poll(() => dialog.getByRole('listitem').allInnerTexts(), WAIT)
    .toEqual([
      expect.stringMatching(/12\s+→\s+to\s+15/),
      expect.stringMatching(/10\s+→\s+to\s+12/),
      expect.stringMatching(/empty\s+→\s+to\s+10/),
    ]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await (await cellOf(page, 'Roller', 'Discount')).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Who changed this cell?' }).click();
  const discount = page.getByRole('dialog', { name: 'Who changed Discount of Roller?' });
  await discount.getByText('Refused: 90 %').waitFor();
  await page.keyboard.press('Escape');
  await discount.waitFor({ state: 'detached' });

  await goTo(page, 'Roller', 'Quantity');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a command or a line' }).fill('who changed');
  await page.keyboard.press('Enter');
  await dialog.getByRole('link', { name: 'Show in history' }).last().click();
  await expectPoint(page, /12 → 15/);
});

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test('axe finds nothing', async () => {
    const path = await aQuoteWithAPast();
    const page = await openHistory(path, '?at=5');
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectPoint(page, /Removed Belt/);
    await page.locator('[data-removed]').waitFor();
    await expectAccessible(page, 'a removed line');
    await page.getByRole('grid').focus();
    await page.getByRole('region', { name: 'Selected cell' }).waitFor();
    await expectAccessible(page, 'a selected cell');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('region', { name: 'Differences' }).getByRole('button').first().waitFor();
    await expectAccessible(page, 'comparing');
    await versions(page).click();
    await page.getByRole('textbox', { name: /^Name the quote/ }).fill('Sent');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Named versions' }).waitFor();
    await expectAccessible(page, 'versions');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Verified to/ }).click();
    await page.getByText('What it does not prove').waitFor();
    await expectAccessible(page, 'what was verified');
    await page.keyboard.press('Escape');
    await write(path, vera, 'lineItems/roller/discountPercent', '30');
    await page.getByRole('button', { name: 'Restore…' }).click();
    await page.getByText('Would be refused, and stays as it is').waitFor();
    await expectAccessible(page, 'a preview');
    await page.goto(`${server().url}${path}`);
    await goTo(page, 'Roller', 'Discount');
    await page.keyboard.press('Control+i');
    await page.getByText('Refused: 90 %').waitFor();
    await expectAccessible(page, 'who changed a cell');
    await page.goto(`${server().url}${path}/history?at=4`);
    await expectPoint(page, /Refused/);
    await page.getByRole('checkbox', { name: 'Refused only' }).check();
    await expectAccessible(page, 'what was refused');
  });
});

async function expectAccessible(page: Page, state: string): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  // Legacy mode looks at the page from within, without a second page beside it.
  const { violations } = await new AxeBuilder({ page }).withTags(tags).setLegacyMode(true).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${state}: ${id} (${help}) at ${target.join(' ')}: ${failureSummary}`,
    ),
  );
  expect.soft(found).toEqual([]);
}
