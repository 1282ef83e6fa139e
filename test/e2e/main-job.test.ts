import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import type { Role } from '../../src/authority/role.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { signToken } from '../../src/session/tokens.ts';
import { SECRET, runQuoteroom, startQuoteroom } from '../support/quoteroom-process.ts';
import { PROJECT } from '../support/source-tree.ts';
import { type StockClient, createStockClient } from '../support/stock-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * The main job, as the README walks through it: a line-item export is imported, a rep, a VP and the deal desk edit the quote
 * at the same time with stock clients, two of them the same discount; the server is killed and started again; the log
 * replays to the same quote.
 */
const QUOTE = 'q-genwatt';
const EXPORT = join(PROJECT, 'test/quote/fixtures/salesforce-quote-line-items.csv');

test('an exported quote is edited by three roles at once, survives a kill and replays', async () => {
  const data = temporaryFolder();
  const imported = await runQuoteroom([
    ...['quote', 'import', EXPORT, '--data', data, '--id', QUOTE, '--customer', 'GenWatt GmbH'],
    ...['--as', 'iris', '--role', 'sales_manager'],
  ]);
  expect(imported).toMatchObject({ code: 0 });

  const env = { QUOTEROOM_DEFAULT_PERMISSION: 'editor' };
  let server = await startQuoteroom(data, { env });
  onTestFinished(async () => void (await server.stop('SIGKILL')));
  const rep = await connect(server.url, 'rep', 'sales_rep');
  const vp = await connect(server.url, 'vp', 'vp_sales');
  const desk = await connect(server.url, 'desk', 'deal_desk');
  const all = [rep, vp, desk];
  for (const client of all) await client.untilSynced();

  const lines = rowsOf(rep);
  expect(lines).toHaveLength(3);
  const [generator, installation, cable] = lines.map((id) => `lineItems/${id}`);

  // The VP and the rep want different discounts on the same line, neither having seen the other's.
  rep.disconnect();
  rep.set({ [`${generator}/discountPercent`]: '8', [`${generator}/quantity`]: '3' });
  vp.set({ [`${generator}/discountPercent`]: '12' });
  desk.set({ [`${installation}/unitPrice`]: '84000', [`${cable}/optional`]: true });
  await desk.untilCell(`${generator}/discountPercent`, '12');
  rep.reconnect();

  for (const client of all) {
    await client.untilCell(`${generator}/discountPercent`, '12');
    await client.untilCell(`${generator}/quantity`, '3');
    await client.untilCell(`${installation}/unitPrice`, '84000');
    await client.untilCell(`${cable}/optional`, true);
  }
  const refused = await rep.untilEvent('refused');
  expect(refused.writes).toEqual([
    {
      cell: `${generator}/discountPercent`,
      reason: 'authority_overridden',
      by: { id: 'vp', name: 'Name of vp', role: 'vp_sales' },
      kept: '12',
      offered: '8',
    },
  ]);
  // The next allowed edit of the loser works.
  rep.set({ [`${generator}/name`]: 'GenWatt Diesel 200kW, silent' });
  for (const client of all) await client.untilCell(`${generator}/name`, 'GenWatt Diesel 200kW, silent');
  expect(new Set(all.map((client) => JSON.stringify(jsonOf(client.doc)))).size).toBe(1);

  await server.stop('SIGKILL');
  const verified = await runQuoteroom(['audit', 'verify', '--data', data, '--json']);
  expect(verified).toMatchObject({ code: 0 });
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, quotes: [{ quote: QUOTE, ok: true }] });

  server = await startQuoteroom(data, { env });
  const late = await connect(server.url, 'late', 'sales_rep');
  await late.untilSynced();
  expect(jsonOf(late.doc)).toEqual(jsonOf(vp.doc));

  const shown = await runQuoteroom(['quote', 'show', QUOTE, '--data', data, '--json']);
  const replayed = await runQuoteroom(['audit', 'replay', QUOTE, '--data', data, '--json']);
  expect(replayed).toMatchObject({ code: 0 });
  const { lineItems, totals } = JSON.parse(shown.stdout) as { lineItems: unknown; totals: unknown };
  expect(JSON.parse(replayed.stdout)).toMatchObject({ ok: true, state: { lineItems, totals } });
});

async function connect(url: string, user: string, role: Role): Promise<StockClient> {
  const person = { user: user as UserId, name: `Name of ${user}`, role };
  const token = await signToken(SECRET, person, { now: Date.now(), lifetimeMs: 3_600_000 });
  const client = createStockClient({ url, quote: QUOTE, token, events: true });
  onTestFinished(() => client.destroy());
  return client;
}

/** Ids of the line items in order. */
function rowsOf({ doc }: StockClient): string[] {
  const positions = [...doc.getMap('lineItems').entries()].filter(([key]) => key.endsWith('/position'));
  return positions
    .toSorted(([, a], [, b]) => (String(a) < String(b) ? -1 : 1))
    .map(([key]) => key.slice(0, key.indexOf('/')));
}

const jsonOf = (doc: Y.Doc): unknown => ({
  fields: sorted(doc.getMap('fields')),
  lineItems: sorted(doc.getMap('lineItems')),
});

const sorted = (map: Y.Map<unknown>): unknown => [...map.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
