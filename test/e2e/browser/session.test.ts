import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  WAIT,
  cellOf,
  createQuote,
  expectCell,
  expectPill,
  useQuoteroom,
  writeCell,
} from '../../support/browser-room.ts';
import { type Visitor, useBrowser } from '../../support/browser.ts';

/** The session as its people see it: how it stands, that it is about to end, how it ended, and whose turn it is. */
const browser = useBrowser();
const ROB: Visitor = { user: 'rob', role: 'sales_rep' };
const VERA: Visitor = { user: 'vera', role: 'vp_sales' };

describe('a session of any kind', () => {
  const server = useQuoteroom();

  test('says who is here, and a host ends it for everyone, who can open the quote again', async () => {
    const path = await createQuote(server(), ROB);
    const rob = await openRoom(server().url + path, ROB);
    await rob.getByRole('banner').getByText('Only you').waitFor(WAIT);
    const vera = await openRoom(server().url + path, VERA);
    for (const page of [rob, vera]) await page.getByRole('banner').getByText('2 people here').waitFor(WAIT);
    await vera.getByRole('button', { name: /^You:/ }).click();
    await vera.getByRole('menuitem', { name: 'Sign out' }).waitFor(WAIT);
    expect(await vera.getByRole('menuitem', { name: /End the session/ }).count()).toBe(0);
    await vera.keyboard.press('Escape');

    await rob.getByRole('button', { name: /^You:/ }).click();
    await rob.getByRole('menuitem', { name: 'End the session for everyone' }).click();
    const dialog = rob.getByRole('dialog', { name: 'End the session for everyone?' });
    await dialog.getByText(/The page closes for Vera and you\./).waitFor(WAIT);
    await expectAccessible(rob, 'the question');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });

    await rob.keyboard.press('Control+k');
    await rob.getByRole('option', { name: 'Add a line' }).waitFor(WAIT);
    await rob.keyboard.type('End the session');
    await rob.getByRole('option', { name: /End the session for everyone/ }).waitFor(WAIT);
    await rob.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'End the session' }).click();
    await vera.getByText(/Rob ended it for everyone\./).waitFor(WAIT);
    await rob.getByRole('heading', { name: 'You ended this session' }).waitFor(WAIT);
    await expectAccessible(vera, 'ended');

    await vera.getByRole('button', { name: 'Open the quote again' }).click();
    await expectPill(vera, 'Saved');
    await vera.getByRole('banner').getByText('Only you').waitFor(WAIT);
    await writeCell(vera, 'Roller', 'Quantity', '12');
    await expectCell(vera, 'Roller', 'Quantity', '12');
  });
});

describe('a session in which nothing happens', () => {
  // 15 s, told of after 3.
  const server = useQuoteroom('session: { timeoutMinutes: 0.25, warningMinutes: 0.2 }');

  test.each(['light', 'dark'] as const)(
    'is told that it ends, kept open by a click, and ends in the end (%s)',
    async (colorScheme) => {
      const path = await createQuote(server(), ROB);
      const rob = await openRoom(server().url + path, ROB, colorScheme);
      const vera = await openRoom(server().url + path, VERA);
      for (const page of [rob, vera]) await bannerOf(page).waitFor(WAIT);
      await expectAccessible(rob, 'about to end');
      await rob.getByRole('button', { name: 'Keep it open' }).click();
      for (const page of [rob, vera]) await bannerOf(page).waitFor({ state: 'detached', ...WAIT });

      for (const page of [rob, vera]) {
        await page.getByRole('heading', { name: 'This session has ended' }).waitFor(WAIT);
        await page.getByText(/Nothing was done in it for a while/).waitFor(WAIT);
      }
      await rob.getByRole('button', { name: 'Open the quote again' }).click();
      await expectPill(rob, 'Saved');
    },
  );
});

describe('where one person edits at a time', () => {
  const server = useQuoteroom('collaboration: { enabled: false }');

  test.each(['light', 'dark'] as const)(
    'the second one looks, is told why, and has the pen once the first is gone (%s)',
    async (colorScheme) => {
      const path = await createQuote(server(), ROB);
      const rob = await openRoom(server().url + path, ROB);
      const vera = await browser.open(server().url + path, VERA, {
        context: { colorScheme, reducedMotion: 'reduce' },
      });
      await expectPill(vera, 'View only');
      const told = vera
        .getByRole('status')
        .getByText('Rob is editing; you can look, and edit when they leave.');
      await told.waitFor(WAIT);
      const cell = await cellOf(vera, 'Roller', 'Quantity');
      expect(await cell.getAttribute('aria-readonly')).toBe('true');
      await expectAccessible(vera, 'looking');
      await writeCell(rob, 'Roller', 'Quantity', '7');
      await expectCell(vera, 'Roller', 'Quantity', '7');

      await rob.context().close();
      await expectPill(vera, 'Saved');
      await told.waitFor({ state: 'detached', ...WAIT });
      await writeCell(vera, 'Roller', 'Quantity', '9');
      await expectCell(vera, 'Roller', 'Quantity', '9');
    },
  );
});

const bannerOf = (page: Page) => page.getByText(/^This session ends at .* because nothing happens in it\.$/);

async function openRoom(
  url: string,
  visitor: Visitor,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Page> {
  const page = await browser.open(url, visitor, { context: { colorScheme, reducedMotion: 'reduce' } });
  await expectPill(page, 'Saved');
  return page;
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
