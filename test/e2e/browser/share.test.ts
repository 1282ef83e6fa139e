import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  LOST_CONNECTION,
  ROLLERS,
  WAIT,
  createQuote,
  expectCell,
  expectPill,
  expectSeen,
  writeCell,
} from '../../support/browser-room.ts';
import { type Visitor, tokenOf, useBrowser } from '../../support/browser.ts';
import { type QuoteroomServer, startQuoteroom } from '../../support/quoteroom-process.ts';

/** A host lets people in by a link, and sees who is there; nobody gets in who was not let in by name or by a link. */
const RITA: Visitor = { user: 'rita', role: 'sales_rep' };
const BEN: Visitor = { user: 'ben', role: 'sales_manager' };
const VERA: Visitor = { user: 'vera', role: 'vp_sales' };
const SIGN_IN_URL = 'https://sign-in.example/';
/** A link that leads nowhere is asked for on purpose. */
const NOT_LET_IN = { expectedErrors: [/status of 40[34]/] };

const browser = useBrowser();
const data = mkdtempSync(join(tmpdir(), 'quoteroom-share-'));
let server: QuoteroomServer;
beforeAll(async () => {
  server = await startQuoteroom(data, {
    env: { QUOTEROOM_DEFAULT_PERMISSION: 'none', QUOTEROOM_SIGN_IN_URL: SIGN_IN_URL },
  });
});
afterAll(async () => {
  await server.stop('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

test('a host makes a link, and somebody without access signs in, lands in the quote and edits', async () => {
  const path = await createQuote(server, RITA, ROLLERS);
  const rita = await open(path, RITA);
  await rita.getByRole('tab', { name: 'People' }).click();
  await expectSeen(rita, 'Nobody else can open this quote.');
  await rita.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = rita.getByRole('dialog', { name: 'Share this quote' });
  expect(await dialog.getByLabel('Address of this quote').inputValue()).toBe(server.url + path);
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  await dialog.getByText('Copy it now: it is shown only this once.').waitFor(WAIT);
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  const address = await dialog.getByLabel('New link').inputValue();
  expect(await rita.evaluate(() => navigator.clipboard.readText())).toBe(address);
  await dialog.getByText('Runs out in 7 days · Not used yet').waitFor(WAIT);
  await rita.keyboard.press('Escape');

  const secret = new URL(address).pathname.replace('/join/', '');
  const ben = await openUnsigned(address);
  await expectSeen(ben, 'You were sent a link to a quote. Sign in as yourself, and it opens.');
  const here = await ben.request.get(address);
  expect(here.headers()['referrer-policy']).toBe('no-referrer');
  await ben.route(`${SIGN_IN_URL}**`, (route) => route.fulfill({ body: 'The sign-in of the company' }));
  await ben.getByRole('link', { name: 'Sign in' }).click();
  await ben.waitForURL(SIGN_IN_URL);
  const titles: string[] = [];
  await ben.exposeFunction('noteTitle', (title: string) => void titles.push(title));
  await ben.addInitScript(() => {
    const noteTitle = (window as unknown as { noteTitle: (title: string) => void }).noteTitle;
    new MutationObserver(() => noteTitle(document.title)).observe(document, {
      childList: true,
      subtree: true,
    });
  });
  await ben.goto(`${server.url}/?token=${await tokenOf(BEN)}`);
  await ben.waitForURL(server.url + path);
  await expectPill(ben, 'Saved');
  expect(await keptIn(ben)).not.toContain(secret);
  expect(titles.join('\n')).not.toContain(secret);
  // The link is not in the tab's history either: back is the page before it.
  await ben.goBack();
  expect(ben.url()).not.toContain('/join/');
  await ben.goForward();
  await expectPill(ben, 'Saved');

  await writeCell(ben, 'Roller', 'Quantity', '12');
  await expectCell(rita, 'Roller', 'Quantity', '12');
  // Who came in by the link stands in the host's list, as themselves.
  await rita.getByRole('combobox', { name: 'Permission of Ben' }).waitFor(WAIT);
  expect(await rita.getByRole('combobox', { name: 'Permission of Ben' }).inputValue()).toBe('editor');

  await ben.getByRole('button', { name: 'Share', exact: true }).click();
  await expectSeen(ben, 'To let somebody else in, ask Rita, who hosts this quote.');
  expect(await ben.getByRole('button', { name: 'Make a link' }).count()).toBe(0);
});

test('a viewer link gives the eye and not the pen, and never lowers', async () => {
  const path = await createQuote(server, RITA, ROLLERS);
  const { token } = await makeLink(path, 'viewer');
  const ben = await open(`/join/${token}`, BEN);
  await ben.waitForURL(server.url + path);
  await expectPill(ben, 'View only');
  const rita = await open(`/join/${token}`, RITA);
  await rita.waitForURL(server.url + path);
  await expectPill(rita, 'Saved');
});

test('a link that was revoked or ran out says what to do, and lets nobody in', async () => {
  const path = await createQuote(server, RITA, ROLLERS);
  const over = await makeLink(path, 'editor');
  const database = new Database(join(data, 'quoteroom.db'));
  database.prepare('UPDATE share_links SET expires_at = ? WHERE id = ?').run(Date.now() - 60_000, over.id);
  database.close();
  const revoked = await makeLink(path, 'editor');

  const rita = await open(path, RITA);
  await rita.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = rita.getByRole('dialog', { name: 'Share this quote' });
  const living = dialog.getByRole('list', { name: 'Links that work' }).getByRole('listitem');
  await dialog.getByText('1 link that no longer works').waitFor(WAIT);
  expect(await living.count()).toBe(1);
  await dialog.getByRole('button', { name: 'Revoke the link "Can edit" by you' }).click();
  // Enter right away keeps it.
  await rita.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Revoke the link "Can edit" by you' }).click();
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
  await dialog.getByText('2 links that no longer work').click();
  await dialog.getByText(/^Revoked at .* · Not used yet$/).waitFor(WAIT);
  await dialog.getByText(/^Ran out .* · Not used yet$/).waitFor(WAIT);
  expect(await living.count()).toBe(0);

  for (const token of [over.token, revoked.token, 'nonsense', 'x'.repeat(300)]) {
    const ben = await browser.open(`${server.url}/join/${token}`, BEN, NOT_LET_IN);
    await ben.getByRole('heading', { name: 'This link does not work any more' }).waitFor(WAIT);
  }
});

test('without a connection the link waits, and opens when it is back', async () => {
  const path = await createQuote(server, RITA, ROLLERS);
  const { token } = await makeLink(path, 'editor');
  const ben = await browser.open(`${server.url}/join/${token}`, BEN, {
    expectedErrors: LOST_CONNECTION,
    prepare: async (page) => {
      await page.route('**/api/links/**', (route) => route.abort('internetdisconnected'));
    },
  });
  await ben.getByRole('heading', { name: 'The server cannot be reached' }).waitFor(WAIT);
  await ben.unroute('**/api/links/**');
  await ben.getByRole('button', { name: 'Try again' }).click();
  await ben.waitForURL(server.url + path);
  await expectPill(ben, 'Saved');
});

test('who was removed loses the page at once, and no link lets them in again', async () => {
  const path = await createQuote(server, RITA, ROLLERS);
  const { token } = await makeLink(path, 'editor');
  const rita = await open(path, RITA);
  const ben = await browser.open(`${server.url}/join/${token}`, BEN, NOT_LET_IN);
  await ben.waitForURL(server.url + path);
  await expectPill(ben, 'Saved');
  await rita.getByRole('tab', { name: 'People' }).click();
  const permission = rita.getByRole('combobox', { name: 'Permission of Ben' });
  await permission.selectOption('Viewer');
  await expectPill(ben, 'View only');
  await permission.selectOption('No access');
  await rita.getByRole('button', { name: 'Remove', exact: true }).click();
  await ben.getByRole('heading', { name: 'You are no longer in this quote' }).waitFor(WAIT);
  await expectSeen(rita, /^Earlier: Ben, left /);
  await ben.goto(`${server.url}/join/${token}`);
  await ben.getByRole('heading', { name: 'You were removed from this quote' }).waitFor(WAIT);
  await expectSeen(ben, 'You are signed in as Ben.');
});

test('the people tab says who does what, and who was here', async () => {
  const path = await createQuote(server, RITA, ROLLERS);
  const { token } = await makeLink(path, 'editor');
  const rita = await open(path, RITA);
  await rita.getByRole('tab', { name: 'People' }).click();
  await expectSeen(rita, 'Nobody else is here right now.');
  const ben = await open(`/join/${token}`, BEN);
  const vera = await open(`/join/${token}`, VERA);
  const here = rita.getByRole('region', { name: 'Here now' });
  await expect.poll(() => here.getByText('viewing').count(), WAIT).toBe(2);
  await vera.getByRole('gridcell', { name: 'Belt', exact: true }).click();
  await vera.keyboard.type('Belts');
  await here.getByText('editing Name of Belt').waitFor(WAIT);
  const names = (): Promise<string[]> => here.getByRole('listitem').allInnerTexts();
  expect((await names()).map((text) => text.match(/Rita|Vera|Ben/)?.[0])).toEqual(['Rita', 'Vera', 'Ben']);
  await ben.context().close();
  await here.getByText(/^Earlier: Ben, left /).waitFor(WAIT);
  await vera.context().close();
  await here.getByText('Earlier: Vera and Ben').click();
  await here
    .getByText(/^left /)
    .nth(1)
    .waitFor(WAIT);
});

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test('the dialog and the pages of a link are accessible', async () => {
    const path = await createQuote(server, RITA, ROLLERS);
    await makeLink(path, 'viewer');
    const options = { context: { colorScheme, reducedMotion: 'reduce' as const }, ...NOT_LET_IN };
    const rita = await browser.open(server.url + path, RITA, options);
    await expectPill(rita, 'Saved');
    await rita.getByRole('button', { name: 'Share', exact: true }).click();
    await rita.getByRole('button', { name: 'Make a link' }).click();
    await expectSeen(rita, 'Copy it now: it is shown only this once.');
    await rita
      .getByRole('button', { name: /^Revoke the link/ })
      .last()
      .click();
    await rita.getByRole('button', { name: 'Keep it' }).waitFor(WAIT);
    await expectAccessible(rita, 'sharing');
    await rita.getByRole('button', { name: 'Revoke', exact: true }).click();
    await rita.getByText('1 link that no longer works').click();
    await expectAccessible(rita, 'links that no longer work');

    const { token } = await makeLink(path, 'editor');
    const ben = await browser.open(`${server.url}/join/nonsense`, BEN, options);
    await ben.getByRole('heading', { name: 'This link does not work any more' }).waitFor(WAIT);
    await expectAccessible(ben, 'a dead link');
    await call('PUT', `${apiOf(path)}/people/ben`, { permission: 'none' });
    await ben.goto(`${server.url}/join/${token}`);
    await ben.getByRole('heading', { name: 'You were removed from this quote' }).waitFor(WAIT);
    await expectAccessible(ben, 'removed');
    const stranger = await openUnsigned(`${server.url}/join/${token}`, { colorScheme });
    await expectSeen(stranger, 'You were sent a link to a quote. Sign in as yourself, and it opens.');
    await expectAccessible(stranger, 'invited');
  });
});

const open = async (path: string, visitor: Visitor): Promise<Page> => {
  const page = await browser.open(server.url + path, visitor, {
    context: { permissions: ['clipboard-read', 'clipboard-write'] },
  });
  await page.locator('[data-pill]').waitFor(WAIT);
  return page;
};

async function openUnsigned(
  address: string,
  context: { colorScheme?: 'light' | 'dark' } = {},
): Promise<Page> {
  const own = await browser.browser().newContext({ locale: 'en-US', ...context });
  onTestFinished(() => own.close());
  const page = await own.newPage();
  await page.goto(address);
  return page;
}

/** All that a page keeps in this browser. */
const keptIn = (page: Page): Promise<string> =>
  page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), history.state]),
  );

const apiOf = (path: string): string => `/api/quotes/${path.replace('/q/', '')}`;

/** As Rita, who makes all quotes here. */
async function call(method: string, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${await tokenOf(RITA)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
  return answer.json();
}

const makeLink = async (
  path: string,
  permission: 'viewer' | 'editor',
): Promise<{ readonly id: string; readonly token: string }> =>
  (await call('POST', `${apiOf(path)}/links`, { permission, expires: 1 })) as { id: string; token: string };

async function expectAccessible(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .setLegacyMode(true)
    .analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${state}: ${id} (${help}) at ${target.join(' ')}: ${failureSummary}`,
    ),
  );
  expect.soft(found).toEqual([]);
}
