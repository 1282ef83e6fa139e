import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectQuote } from '../../../../src/client/connect-quote.ts';
import type { QuoteId } from '../../../../src/lib/ids.ts';
import type { RestoreScope } from '../../../../src/quote/plan-restore.ts';
import {
  type Restoring,
  type RestoringView,
  createRestoring,
} from '../../../../src/web/history/restore/restoring.ts';
import { snapshotOfJson } from '../../../../src/wire/quote-json.ts';
import { type Caller, type TestServer, serverForTest } from '../../../support/server.ts';

const Q1 = 'q1' as QuoteId;
const QUANTITY = 'lineItems/l1/quantity';
const DISCOUNT = 'lineItems/l1/discountPercent';
const rep = { user: 'rep', role: 'sales_rep' } as const;
const vp = { user: 'vp', name: 'Vera', role: 'vp_sales' } as const;

/** Entry 1 makes it; then the quantity becomes 3, and the VP sets a discount. */
async function serverWithQuote(): Promise<TestServer> {
  const server = await serverForTest({ defaultPermission: 'editor' });
  await server.createQuote({ id: Q1, lineItems: [{ id: 'l1', name: 'Bolt', quantity: '2' }] }, 'host');
  await write(server, rep, QUANTITY, '3');
  await write(server, vp, DISCOUNT, '30');
  return server;
}

async function write(server: TestServer, person: Caller, cell: string, value: string): Promise<void> {
  const { body } = await server.call(person, 'PATCH', `/api/quotes/${Q1}/cells`, {
    writes: [{ cell, value }],
  });
  expect(body.verdicts[0].accepted).toBe(true);
}

async function restore(server: TestServer, scope: RestoreScope = { kind: 'quote' }): Promise<Restoring> {
  const { body } = await server.call(rep, 'GET', `/api/quotes/${Q1}?at=1&removed=1`);
  const quote = connectQuote({
    url: server.url,
    quoteId: Q1,
    token: await server.tokenFor(rep.user, rep.role),
    WebSocketPolyfill: WebSocket,
    entries: true,
  });
  const restoring = createRestoring(quote, { past: snapshotOfJson(body), scope });
  onTestFinished(() => {
    restoring.close();
    quote.destroy();
  });
  return restoring;
}

async function viewOf<Kind extends RestoringView['kind']>(
  restoring: Restoring,
  kind: Kind,
): Promise<Extract<RestoringView, { kind: Kind }>> {
  await expect.poll(() => restoring.view().kind).toBe(kind);
  return restoring.view() as Extract<RestoringView, { kind: Kind }>;
}

const valueIn = async (server: TestServer, column: string): Promise<unknown> =>
  (await server.call(rep, 'GET', `/api/quotes/${Q1}`)).body.lineItems[0][column];

test('what is open is restored, what a higher role decided is foreseen and stays', async () => {
  const server = await serverWithQuote();
  const restoring = await restore(server);
  const { preview } = await viewOf(restoring, 'ready');
  expect(preview.steps.map(({ cell, foreseen }) => [cell, foreseen.kind])).toEqual([
    [QUANTITY, 'open'],
    [DISCOUNT, 'closed'],
  ]);
  restoring.carryOut();
  expect((await viewOf(restoring, 'done')).outcome).toEqual({
    restored: [QUANTITY],
    refused: [],
    skipped: [],
  });
  expect([await valueIn(server, 'quantity'), await valueIn(server, 'discountPercent')]).toEqual(['2', '30']);
});

test('a cell that changes after the preview is marked, skipped, and can be previewed again', async () => {
  const server = await serverWithQuote();
  const restoring = await restore(server, { kind: 'cell', cell: QUANTITY });
  await viewOf(restoring, 'ready');
  await write(server, vp, QUANTITY, '7');
  await expect
    .poll(() => {
      const view = restoring.view();
      return view.kind === 'ready' && [...view.changed];
    })
    .toEqual([QUANTITY]);
  restoring.carryOut();
  expect((await viewOf(restoring, 'done')).outcome).toEqual({
    restored: [],
    refused: [],
    skipped: [QUANTITY],
  });
  restoring.preview();
  const again = await viewOf(restoring, 'ready');
  expect([again.changed.size, again.preview.steps[0]?.from]).toEqual([0, '7']);
});

test('a viewer is told why not, and nothing is written', async () => {
  const server = await serverWithQuote();
  await server.grant(Q1, rep.user, 'viewer');
  const restoring = await restore(server);
  expect((await viewOf(restoring, 'barred')).message).toMatch(/^You can only view this quote\. Restoring/);
  restoring.carryOut();
  expect(restoring.view().kind).toBe('barred');
});

test('who has no access at all is told so', async () => {
  const server = await serverWithQuote();
  const restoring = await restore(server);
  await server.grant(Q1, rep.user, 'none');
  expect((await viewOf(restoring, 'barred')).message).toMatch(/no access/);
});
