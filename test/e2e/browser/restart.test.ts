import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import {
  LOST_CONNECTION,
  WAIT,
  createQuote,
  expectCell,
  expectPill,
  goTo,
  readQuote,
  textOf,
  writeCell,
} from '../../support/browser-room.ts';
import { type Visitor, useBrowser } from '../../support/browser.ts';
import { type QuoteroomServer, startQuoteroom } from '../../support/quoteroom-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROB: Visitor = { user: 'rob', role: 'sales_rep' };
const VERA: Visitor = { user: 'vera', role: 'vp_sales' };
const env = { QUOTEROOM_DEFAULT_PERMISSION: 'editor' };

const browser = useBrowser();

const LINES = Array.from({ length: 12 }, (_, at) => `Part ${at + 1}`);
/** The server dies while this line is being written. */
const KILLED_AT: ReadonlySet<number> = new Set([3, 8]);
/** Lines that are written while there is no server. */
const WRITTEN_WITHOUT = 2;

test('the server dies while somebody types: nothing that was shown as saved is lost, the rest arrives', async () => {
  const data = temporaryFolder();
  let server = await start(data);
  const path = await createQuote(server, ROB, {
    fields: { title: 'Spare parts', currency: 'EUR' },
    lineItems: LINES.map((name) => ({ name, quantity: 1, unitPrice: '10.00' })),
  });
  const options = { expectedErrors: LOST_CONNECTION };
  const rob = await browser.open(server.url + path, ROB, options);
  const vera = await browser.open(server.url + path, VERA, options);
  for (const page of [rob, vera]) await expectPill(page, 'Saved');

  const written = new Map<string, string>();
  const shownAsSaved = await watchSaved(rob);
  let ending: Promise<unknown> | null = null;
  let sinceKilled = 0;
  for (const [at, line] of LINES.entries()) {
    if (KILLED_AT.has(at)) {
      ending = server.stop('SIGKILL');
      sinceKilled = 0;
    }
    const quantity = String(100 + at);
    await writeCell(rob, line, 'Quantity', quantity);
    written.set(line, quantity);
    if (ending === null) continue;
    sinceKilled += 1;
    if (sinceKilled < WRITTEN_WITHOUT) continue;
    await ending;
    ending = null;
    // On another port, where nobody comes back to who could bring what is missing.
    const alone = await start(data);
    const saved = await shownAsSaved();
    expect(Object.keys(saved)).toContain(LINES[0]);
    expect(await quantitiesAt(alone, path)).toMatchObject(saved);
    await alone.stop('SIGKILL');
    await expectPill(rob, /^(Reconnecting…|Offline, \d+ changes? kept on this device)$/);
    server = await start(data, server.port);
    await expectPill(rob, 'Saved');
  }

  await expectPill(rob, 'Saved');
  expect(await quantitiesAt(server, path)).toEqual(Object.fromEntries(written));
  for (const line of LINES) {
    await expectCell(vera, line, 'Quantity', written.get(line));
    expect(await textOf(rob, line, 'Quantity')).toBe(written.get(line));
  }
});

test('a cell that is being typed into stays open over a restart, and is written when it is committed', async () => {
  const data = temporaryFolder();
  const server = await start(data);
  const path = await createQuote(server, ROB);
  const rob = await browser.open(server.url + path, ROB, { expectedErrors: LOST_CONNECTION });
  await expectPill(rob, 'Saved');

  await goTo(rob, 'Roller', 'Quantity');
  await rob.keyboard.type('7');
  await server.stop('SIGKILL');
  await rob.keyboard.type('7');
  await expectPill(rob, /^(Reconnecting…|Offline)$/);
  const again = await start(data, server.port);
  await expectPill(rob, 'Saved');
  const draft = rob.getByRole('textbox', { name: 'Quantity' });
  expect(await draft.inputValue()).toBe('77');

  await rob.keyboard.press('Enter');
  await expectPill(rob, 'Saved');
  await expect.poll(() => quantitiesAt(again, path), WAIT).toMatchObject({ Roller: '77' });
});

async function start(data: string, port?: number): Promise<QuoteroomServer> {
  const server = await startQuoteroom(data, { env, ...(port !== undefined && { port }) });
  onTestFinished(() => void server.stop('SIGKILL'));
  return server;
}

/**
 * Looks at the page each time it changes: what of the new quantities was on it, the pill saying that all is saved. A
 * line is written once here, so what was once shown as saved has to stay.
 */
async function watchSaved(page: Page): Promise<() => Promise<Record<string, string>>> {
  const kept = await page.evaluateHandle((first) => {
    const saved: Record<string, string> = {};
    const look = (): void => {
      if (document.querySelector('[data-pill]')?.textContent !== 'Saved') return;
      for (const row of document.querySelectorAll('[data-line]')) {
        const [name = '', quantity = ''] = ['name', 'quantity'].map(
          (column) => row.querySelector(`[data-column="${column}"]`)?.textContent ?? '',
        );
        if (quantity !== '' && quantity !== first) saved[name] = quantity;
      }
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    return saved;
  }, '1');
  return () => kept.jsonValue();
}

/** What the server has, by the names of the lines. */
async function quantitiesAt(server: QuoteroomServer, path: string): Promise<Record<string, unknown>> {
  const { lineItems } = await readQuote(server, ROB, path);
  return Object.fromEntries(lineItems.map(({ name, quantity }) => [String(name), quantity]));
}
