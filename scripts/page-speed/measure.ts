import type { BrowserContext, Page } from 'playwright-core';
import { quantile } from '../benchmark/statistics.ts';
import type { QuoteClient } from '../../src/client/connect-quote.ts';
import { max, rita } from '../screenshot/quotes.ts';
import type { Stage } from '../screenshot/stage.ts';
import { type Renders, installProbe } from './probe.ts';
import type { ProfiledPage } from './profiled-page.ts';

const PRESSES = 40;
/** Between two keys, so that each is measured alone: what the server answers is drawn by then. */
const PAUSE_MS = 80;

/** Times of one kind of key, ms. */
export interface KeyTimes {
  readonly name: string;
  readonly times: readonly number[];
}

export interface RemoteEdit extends Renders {
  /** ms from the other person's write until it was painted here. */
  readonly toPaint: number;
}

/** Opens a quote as a person who was never here; with a profiled page, that one. */
export async function openQuote(stage: Stage, quoteId: string, profiled?: ProfiledPage): Promise<Page> {
  const context = await stage.browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    serviceWorkers: 'block',
  });
  await profiled?.serveIn(context);
  await addProbe(context);
  const page = await context.newPage();
  await page.goto(`${stage.url}/q/${quoteId}?token=${await stage.token(rita)}`);
  await page.getByText('Saved', { exact: true }).first().waitFor();
  return page;
}

async function addProbe(context: BrowserContext): Promise<void> {
  // tsx wraps functions in a helper, which the page has not
  await context.addInitScript('globalThis.__name = (named) => named;');
  await context.addInitScript(installProbe);
}

/** Keys in the grid, with the cursor at the first lines, as somebody works down a column. */
export async function measureKeys(page: Page): Promise<readonly KeyTimes[]> {
  return [
    await arrows(page),
    await typing(page),
    await committing(page, 'quantity', (at) => String(at + 50)),
    await committing(page, 'unitPrice', (at) => `${at + 100}.25`),
  ];
}

async function arrows(page: Page): Promise<KeyTimes> {
  await putCursor(page, 'l2', 'name');
  const keys = ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft'];
  const times: number[] = [];
  for (let at = 0; at < PRESSES; at++) times.push(await press(page, keys[at % keys.length] ?? 'ArrowDown'));
  return { name: 'arrow keys', times };
}

async function typing(page: Page): Promise<KeyTimes> {
  await putCursor(page, 'l2', 'name');
  const times: number[] = [];
  for (let at = 0; at < PRESSES; at++) times.push(await press(page, 'abcdefgh'[at % 8] ?? 'a'));
  await page.keyboard.press('Escape');
  return { name: 'a character', times };
}

/** Down the column: a value typed, then Enter, which is what is measured. */
async function committing(page: Page, column: string, value: (at: number) => string): Promise<KeyTimes> {
  await putCursor(page, 'l2', column);
  const times: number[] = [];
  for (let at = 0; at < PRESSES; at++) {
    await page.keyboard.type(value(at));
    times.push(await press(page, 'Enter'));
  }
  return { name: `Enter, ${column}`, times };
}

async function putCursor(page: Page, line: string, column: string): Promise<void> {
  await page.locator('main').evaluate((main) => main.scrollTo(0, 0));
  await page.locator(`[data-row="${line}"][data-column="${column}"]`).click();
}

async function press(page: Page, key: string): Promise<number> {
  await page.keyboard.press(key);
  const ms = await page.evaluate(() => window.probe.keyToPaint());
  await page.waitForTimeout(PAUSE_MS);
  return ms;
}

/** Somebody without a page changes quantities that are in sight. */
export async function measureRemoteEdits(stage: Stage, page: Page, quoteId: string): Promise<RemoteEdit[]> {
  const other = await stage.join(max, quoteId);
  await page.waitForTimeout(500);
  const edits: RemoteEdit[] = [];
  for (let at = 0; at < 12; at++) edits.push(await remoteEdit(page, other, at));
  // somebody's first edit may bring more: a place in a list, a name
  return edits.slice(2);
}

async function remoteEdit(page: Page, other: QuoteClient, at: number): Promise<RemoteEdit> {
  const cell = `lineItems/l${at % 6}/quantity`;
  const text = String(700 + at);
  await page.evaluate(() => void window.probe.takeRenders());
  const painted = page.evaluate((asked) => window.probe.painted(asked.cell, asked.text), { cell, text });
  await page.waitForTimeout(PAUSE_MS);
  const start = performance.timeOrigin + performance.now();
  other.setCell(cell, text);
  const toPaint = (await painted) - start;
  await page.waitForTimeout(300);
  const renders = await page.evaluate(() => window.probe.takeRenders());
  // the flash of this edit is over before the next
  await page.waitForTimeout(700);
  return { ...renders, toPaint };
}

/** Of several runs, the one that was disturbed least. */
export const calmest = (runs: readonly KeyTimes[]): KeyTimes | undefined =>
  runs.toSorted((a, b) => quantile(a.times, 0.95) - quantile(b.times, 0.95))[0];
