import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  LOST_CONNECTION,
  WAIT,
  createQuote,
  expectPill,
  expectSeen,
  useQuoteroom,
} from '../../support/browser-room.ts';
import { type Visitor, useBrowser } from '../../support/browser.ts';

/** What the page makes of Slack; what the server would say of it is played here. */
const DANA: Visitor = { user: 'dana', role: 'vp_sales' };
const MALLORY = { name: 'Mallory', workspace: 'ACME' };
const LINK = '/slack/link/c0de';
const LOOK_UP = '**/api/slack/links/c0de';
const ACCEPT = '**/api/slack/links/c0de/accept';
const QUESTION =
  'Connect the Slack account "Mallory" of the workspace ACME with your Quoteroom account Dana (VP Sales)?';
const WARNING =
  'Only go on if you asked for this link in Slack yourself: whoever has that Slack account then works as you.';

const browser = useBrowser();
const server = useQuoteroom();

/** Dana's page at the link, and how often she accepted it. */
async function openLink(context = {}): Promise<{ readonly page: Page; accepted(): number }> {
  let accepted = 0;
  const page = await browser.open(server().url + LINK, DANA, {
    context,
    expectedErrors: LOST_CONNECTION,
    async prepare(opened) {
      await opened.route(LOOK_UP, (route) => route.fulfill({ json: MALLORY }));
      await opened.route(ACCEPT, (route) => {
        accepted += 1;
        return route.fulfill({ json: MALLORY });
      });
    },
  });
  return { page, accepted: () => accepted };
}

test('whose account it is stands there, and nothing is connected before the person says so', async () => {
  const { page, accepted } = await openLink();
  await expectSeen(page, QUESTION);
  await expectSeen(page, WARNING);
  expect(accepted()).toBe(0);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { name: 'Connected. Go back to Slack.' }).waitFor(WAIT);
  expect(accepted()).toBe(1);
});

test('whoever says no is asked no more, and nothing was connected', async () => {
  const { page, accepted } = await openLink();
  await page.getByRole('button', { name: 'Not me' }).click();
  await page.getByRole('heading', { name: 'Nothing was connected' }).waitFor(WAIT);
  expect(await page.getByRole('button', { name: 'Connect', exact: true }).count()).toBe(0);
  expect(accepted()).toBe(0);
});

test('a connection that is lost on the way is said, and the question comes again', async () => {
  const { page } = await openLink();
  await page.route(ACCEPT, (route) => route.abort('internetdisconnected'));
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor(WAIT);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectSeen(page, QUESTION);
});

test('a link that the server does not know says what to do', async () => {
  const page = await browser.open(`${server().url}/slack/link/nonsense`, DANA, {
    expectedErrors: [/status of 404/],
  });
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor(WAIT);
  await expectSeen(page, 'Ask for a new one in Slack.');
});

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test('the page of a link, and where Slack shows a quote, are accessible', async () => {
    const { page } = await openLink({ colorScheme, reducedMotion: 'reduce' });
    await expectSeen(page, QUESTION);
    await expectAccessible(page);

    const now = Date.now();
    await page.route('**/api/quotes/*/slack', (route) =>
      route.fulfill({
        json: {
          mirrors: [
            { channel: 'deals', state: 'live', why: null, since: now },
            { channel: 'old', state: 'paused', why: 'Slack refuses the channel: is_archived', since: now },
            { channel: 'long-ago', state: 'ended', why: null, since: now - 25 * 3_600_000 },
          ],
        },
      }),
    );
    await page.goto(server().url + (await createQuote(server(), DANA)));
    await expectPill(page, 'Saved');
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const mirrors = page.getByRole('list', { name: 'In Slack' }).getByRole('listitem');
    await expect
      .poll(() => mirrors.allInnerTexts(), WAIT)
      .toEqual([
        '#deals: live',
        '#old: paused: Slack refuses the channel: is_archived. It is tried again every 15 minutes.',
      ]);
    await expectAccessible(page);
  });
});

test('a quote that Slack does not show has nothing of it in its dialog', async () => {
  const page = await browser.open(server().url + (await createQuote(server(), DANA)), DANA);
  await expectPill(page, 'Saved');
  const read = page.waitForResponse('**/api/quotes/*/slack');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  expect(await (await read).json()).toEqual({ mirrors: [] });
  await page.getByRole('button', { name: 'Make a link' }).waitFor(WAIT);
  expect(await page.getByText('In Slack').count()).toBe(0);
});

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .setLegacyMode(true)
    .analyze();
  expect.soft(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
}
