import { describe, expect, test } from 'vitest';
import { type Caller, type TestServer, serverForTest } from '../support/server.ts';

async function quoteWithRefusal(server: TestServer): Promise<void> {
  await server.createQuote({ id: 'q1', lineItems: [{ id: 'l1', discountPercent: '5' }] });
  await server.call('ann', 'PATCH', '/api/quotes/q1/cells', {
    writes: [
      { cell: 'fields/title', value: 'Bolts' },
      { cell: 'lineItems/l1/discountPercent', value: '50' },
    ],
  });
}

describe('GET /api/quotes/:id/log', () => {
  test('gives every attempt with its author, hash and writes', async () => {
    const server = await serverForTest();
    await quoteWithRefusal(server);
    const { status, body } = await server.call('ann', 'GET', '/api/quotes/q1/log');
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('next');
    expect(body.entries.map((entry: { seq: number }) => entry.seq)).toEqual([1, 2]);
    const entry = body.entries[1];
    expect(entry).toMatchObject({
      user: 'ann',
      name: 'ann',
      role: 'sales_rep',
      permission: 'editor',
      origin: 'api',
    });
    expect(entry.hash).toMatch(/^[0-9a-f]{64}$/);
    const stored = await server.log.entries('q1' as never, { after: 1, limit: 1 });
    expect(entry.hash).toBe(Buffer.from(stored[0]?.hash ?? []).toString('hex'));
    expect(entry.writes).toEqual([
      {
        cell: 'fields/title',
        operation: 'insert',
        target: { kind: 'quote_field', id: null, column: 'title' },
        before: null,
        offered: 'Bolts',
        applied: 'Bolts',
      },
      {
        cell: 'lineItems/l1/discountPercent',
        operation: 'update',
        target: { kind: 'line_item', id: 'l1', column: 'discountPercent' },
        before: '5',
        offered: '50',
        applied: '5',
        reason: 'not_permitted',
      },
    ]);
  });

  test('what was refused is shown to its author, hosts and admins only', async () => {
    const server = await serverForTest();
    await quoteWithRefusal(server);
    await server.grant('q1', 'hal', 'host');
    const refusedFor = async (person: Caller): Promise<Record<string, unknown>> => {
      const { body } = await server.call(person, 'GET', '/api/quotes/q1/log?after=1');
      return body.entries[0].writes[1];
    };
    for (const person of ['ann', 'hal', { user: 'root', role: 'admin' }] as const) {
      expect(await refusedFor(person)).toMatchObject({ offered: '50' });
    }
    const others = await refusedFor({ user: 'bob', role: 'deal_desk' });
    expect(others).not.toHaveProperty('offered');
    expect(others).toMatchObject({ reason: 'not_permitted', applied: '5' });
  });

  test('pages by entry', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    for (let n = 0; n < 4; n += 1) {
      await server.call('ann', 'PATCH', '/api/quotes/q1/cells', {
        writes: [{ cell: 'fields/title', value: `t${n}` }],
      });
    }
    const page = async (query: string) => {
      const { body } = await server.call('ann', 'GET', `/api/quotes/q1/log${query}`);
      return { seqs: body.entries.map(({ seq }: { seq: number }) => seq), next: body.next };
    };
    expect(await page('?limit=2')).toEqual({ seqs: [1, 2], next: 2 });
    expect(await page('?limit=2&after=2')).toEqual({ seqs: [3, 4], next: 4 });
    expect(await page('?limit=2&after=4')).toEqual({ seqs: [5], next: undefined });
    expect(await page('?after=99')).toEqual({ seqs: [], next: undefined });
    expect((await server.call('ann', 'GET', '/api/quotes/q1/log?limit=1001')).status).toBe(400);
  });

  test('is for who may see the quote', async () => {
    const server = await serverForTest();
    await quoteWithRefusal(server);
    await server.grant('q1', 'eve', 'none');
    expect((await server.call('eve', 'GET', '/api/quotes/q1/log')).status).toBe(403);
    expect((await server.call('ann', 'GET', '/api/quotes/none/log')).status).toBe(404);
  });
});
