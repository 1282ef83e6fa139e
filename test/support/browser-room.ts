import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { type QuoteJson, quoteSchema } from '../../src/wire/http-schemas.ts';
import { type Visitor, tokenOf } from './browser.ts';
import { type QuoteroomServer, startQuoteroom } from './quoteroom-process.ts';

/** How long a page may take for anything, on a busy machine. */
export const WAIT = { timeout: 30_000 };

/** What the console says when the network is gone; it is no mistake of the page's. */
export const LOST_CONNECTION = [/net::ERR_/, /WebSocket connection to .* failed/];

/**
 * One server process for all tests of a file, with fresh data. Everyone who is not named in a quote may edit it. `settings`: the
 * text of its settings file.
 */
export function useQuoteroom(settings = ''): () => QuoteroomServer {
  const data = mkdtempSync(join(tmpdir(), 'quoteroom-browser-'));
  let server: QuoteroomServer | null = null;
  beforeAll(async () => {
    const config = join(data, 'settings.yaml');
    writeFileSync(config, settings);
    server = await startQuoteroom(data, {
      env: { QUOTEROOM_DEFAULT_PERMISSION: 'editor' },
      args: settings === '' ? [] : ['--config', config],
    });
  });
  afterAll(async () => {
    await server?.stop('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });
  return () => {
    if (server === null) throw new Error('the server is started before the tests');
    return server;
  };
}

/** Makes a quote as this person, who becomes its host, and gives its path in the page. */
export async function createQuote(
  { url }: Pick<QuoteroomServer, 'url'>,
  creator: Visitor,
  quote: Readonly<Record<string, unknown>> = ROLLERS,
): Promise<string> {
  const answer = await fetch(`${url}/api/quotes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenOf(creator)}`, 'content-type': 'application/json' },
    body: JSON.stringify(quote),
  });
  const made = (await answer.json()) as { id: string };
  expect(answer.status, JSON.stringify(made)).toBe(201);
  return `/q/${made.id}`;
}

/** The quote at this path as the API gives it. */
export async function readQuote(
  { url }: Pick<QuoteroomServer, 'url'>,
  reader: Visitor,
  path: string,
): Promise<QuoteJson> {
  const answer = await fetch(`${url}/api${path.replace('/q/', '/quotes/')}`, {
    headers: { authorization: `Bearer ${await tokenOf(reader)}` },
  });
  return quoteSchema.parse(await answer.json());
}

export const ROLLERS = {
  fields: { title: 'Conveyor line 4', customer: 'Nordwerk', currency: 'EUR' },
  lineItems: [
    { sku: 'R-80', name: 'Roller', quantity: 10, unitPrice: '100.00' },
    { sku: 'B-12', name: 'Belt', quantity: 2, unitPrice: '50.00' },
  ],
};

/** The cell in the line that has this name, below this title. */
export async function cellOf(page: Page, line: string, column: string): Promise<Locator> {
  const grid = page.getByRole('grid', { name: 'Lines of the quote' });
  const title = grid.getByRole('columnheader').filter({ has: page.getByText(column, { exact: true }) });
  const at = await title.getAttribute('aria-colindex');
  return grid
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell', { name: line, exact: true }) })
    .and(page.locator('[data-line]'))
    .locator(`[aria-colindex="${at}"]`);
}

/** What stands in the cell, without the names of others who are there. */
export async function textOf(page: Page, line: string, column: string): Promise<string> {
  const cell = await cellOf(page, line, column);
  return (await cell.innerText()).split('\n')[0] ?? '';
}

export async function expectCell(page: Page, line: string, column: string, text?: string): Promise<void> {
  await expect.poll(() => textOf(page, line, column), WAIT).toBe(text);
}

/** Goes to the cell with the mouse. */
export async function goTo(page: Page, line: string, column: string): Promise<void> {
  await (await cellOf(page, line, column)).click();
}

/** Types over what stands in the cell, and commits it. */
export async function writeCell(page: Page, line: string, column: string, text: string): Promise<void> {
  await goTo(page, line, column);
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** What the pill in the header says about whether one's work is safe. */
export const pillOf = (page: Page): Promise<string> =>
  page.getByRole('banner').locator('[data-pill]').innerText();

export async function expectPill(page: Page, words: string | RegExp): Promise<void> {
  await expect
    .poll(() => pillOf(page), WAIT)
    .toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
}

/** Waits until the text is to be seen on the page, once. */
export const expectSeen = (page: Page, text: string | RegExp): Promise<void> =>
  page
    .getByText(text)
    .first()
    .waitFor({ state: 'visible', ...WAIT });
