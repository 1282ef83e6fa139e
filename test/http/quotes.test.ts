import { describe, expect, test } from 'vitest';
import { type TestServer, serverForTest } from '../support/server.ts';

const idsOf = async (server: TestServer, user: string, query = ''): Promise<string[]> => {
  const answer = await server.call(user, 'GET', `/api/quotes${query}`);
  expect(answer.status).toBe(200);
  return answer.body.quotes.map(({ id }: { id: string }) => id);
};

describe('GET /api/quotes/:id', () => {
  test('shows rows in order, without removed rows and empty cells unless asked for', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', lineItems: [{ id: 'l1', name: 'one' }, { id: 'l2' }] });
    await server.call('ann', 'PATCH', '/api/quotes/q1/cells', {
      writes: [
        { cell: 'lineItems/l1/removed', value: true },
        { cell: 'fields/title', value: null },
        { cell: 'lineItems/l0/position', value: 'Zz' },
      ],
    });
    const { body } = await server.call('ann', 'GET', '/api/quotes/q1');
    expect(body.revision).toBe(2);
    expect(body.lineItems.map((row: { id: string }) => row.id)).toEqual(['l0', 'l2']);
    expect(body.fields).not.toHaveProperty('title');
    const all = await server.call('ann', 'GET', '/api/quotes/q1?removed=1');
    expect(all.body.lineItems.map((row: { id: string }) => row.id)).toEqual(['l0', 'l1', 'l2']);
    expect(all.body.lineItems[1]).toMatchObject({ name: 'one', removed: true });
    expect(all.body.totals).toEqual(body.totals);
  });

  test('shows every earlier revision, from the log and from checkpoints', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', fields: { title: 't1' }, notes: [{ id: 'n1', text: 'body' }] });
    for (let n = 2; n <= 4; n += 1) {
      await server.call('ann', 'PATCH', '/api/quotes/q1/cells', {
        writes: [{ cell: 'fields/title', value: `t${n}` }],
      });
    }
    const titles = async (): Promise<string[]> => {
      const shown: string[] = [];
      for (let at = 1; at <= 4; at += 1) {
        const { body } = await server.call('ann', 'GET', `/api/quotes/q1?at=${at}`);
        expect(body).toMatchObject({ id: 'q1', revision: at, notes: [{ text: 'body' }] });
        shown.push(body.fields.title);
      }
      return shown;
    };
    expect(await titles()).toEqual(['t1', 't2', 't3', 't4']);
    await server.checkpoint('q1');
    await server.call('ann', 'PATCH', '/api/quotes/q1/cells', {
      writes: [{ cell: 'fields/title', value: 't5' }],
    });
    expect(await titles()).toEqual(['t1', 't2', 't3', 't4']);
    expect((await server.call('ann', 'GET', '/api/quotes/q1?at=5')).body.fields.title).toBe('t5');
    expect((await server.call('ann', 'GET', '/api/quotes/q1?at=6')).status).toBe(404);
    expect((await server.call('ann', 'GET', '/api/quotes/none?at=1')).status).toBe(404);
  });

  test('at is a revision', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    for (const at of ['0', '-1', '1.5', 'x', '']) {
      const answer = await server.call('ann', 'GET', `/api/quotes/q1?at=${at}`);
      expect([at, answer.status, answer.body.error?.details?.[0]?.field]).toEqual([at, 400, 'at']);
    }
  });

  test('403 without access, 404 for what is not there', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    await server.grant('q1', 'eve', 'none');
    expect((await server.call('eve', 'GET', '/api/quotes/q1')).status).toBe(403);
    expect((await server.call('ann', 'GET', '/api/quotes/q2')).status).toBe(404);
    expect((await server.call('ann', 'GET', '/api/quotes/a%20b')).status).toBe(404);

    const closed = await serverForTest({ defaultPermission: 'none' });
    await closed.createQuote({ id: 'q1' });
    // A stranger does not learn which quotes there are.
    expect((await closed.call('eve', 'GET', '/api/quotes/q1')).status).toBe(403);
    expect((await closed.call('eve', 'GET', '/api/quotes/q2')).status).toBe(403);
  });
});

describe('GET /api/quotes', () => {
  test('gives the last changed first, with who changed what, searched and by status', async () => {
    let time = 1_800_000_000_000;
    const server = await serverForTest({ now: () => (time += 1_000) });
    await server.createQuote({
      id: 'q1',
      fields: { title: 'Bolts', customer: 'ACME' },
      lineItems: [{ unitPrice: '5' }],
    });
    await server.createQuote({ id: 'q2', fields: { title: 'Nuts', status: 'sent' } });
    await server.createQuote({ id: 'q3', fields: { title: 'Screws', customer: 'Acme' } });
    await server.call({ user: 'ann', name: 'Ann' }, 'PATCH', '/api/quotes/q1/cells', {
      writes: [{ cell: 'fields/contact', value: 'Joe' }],
    });
    const { body } = await server.call('ann', 'GET', '/api/quotes');
    expect(body).not.toHaveProperty('next');
    expect(body.quotes.map((quote: { id: string }) => quote.id)).toEqual(['q1', 'q3', 'q2']);
    expect(body.quotes[0]).toMatchObject({
      title: 'Bolts',
      customer: 'ACME',
      status: 'draft',
      owner: 'Casey',
      currency: 'USD',
      total: '5.00',
      lastChange: { by: { id: 'ann', name: 'ann' }, cell: 'fields/contact' },
      live: [],
    });
    expect(await idsOf(server, 'ann', '?q=acme')).toEqual(['q1', 'q3']);
    expect(await idsOf(server, 'ann', '?status=sent')).toEqual(['q2']);
    expect(await idsOf(server, 'ann', '?q=ACME&status=sent')).toEqual([]);
    expect((await server.call('ann', 'GET', '/api/quotes?status=lost')).status).toBe(400);
  });

  test('pages follow each other without holes, past quotes that the reader is shut out of', async () => {
    let time = 1_800_000_000_000;
    const server = await serverForTest({ now: () => (time += 1_000) });
    for (let n = 1; n <= 9; n += 1) await server.createQuote({ id: `q${n}` });
    for (const id of ['q8', 'q7', 'q6', 'q2']) await server.grant(id, 'eve', 'none');
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const query = `?limit=2${after === undefined ? '' : `&after=${after}`}`;
      const { body } = await server.call('eve', 'GET', `/api/quotes${query}`);
      expect(body.quotes.length).toBeLessThanOrEqual(2);
      seen.push(...body.quotes.map((quote: { id: string }) => quote.id));
      after = body.next;
    } while (after !== undefined);
    expect(seen).toEqual(['q9', 'q5', 'q4', 'q3', 'q1']);
    expect((await server.call('eve', 'GET', '/api/quotes?after=x')).status).toBe(400);
    expect((await server.call('eve', 'GET', '/api/quotes?limit=0')).status).toBe(400);
  });

  test('where nothing is open by default, gives those granted; mine are those granted for work', async () => {
    const server = await serverForTest({ defaultPermission: 'none' });
    for (const id of ['q1', 'q2', 'q3', 'q4']) await server.createQuote({ id });
    await server.grant('q1', 'ann', 'viewer');
    await server.grant('q2', 'ann', 'editor');
    await server.grant('q4', 'ann', 'none');
    expect((await idsOf(server, 'ann')).toSorted()).toEqual(['q1', 'q2']);
    expect(await idsOf(server, 'ann', '?mine=1')).toEqual(['q2']);
    expect(await idsOf(server, 'bob')).toEqual([]);
    await server.call('bob', 'POST', '/api/quotes', { id: 'own' });
    expect(await idsOf(server, 'bob', '?mine=true')).toEqual(['own']);
  });

  test('says who is live where, each person once', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    await server.createQuote({ id: 'q2' });
    const clients = [
      await server.connect({ user: 'ann', name: 'Ann' }, 'q1'),
      await server.connect({ user: 'ann', name: 'Ann' }, 'q1'),
      await server.connect({ user: 'bob', role: 'vp_sales' }, 'q1'),
    ];
    for (const client of clients) await client.untilSynced();
    const { body } = await server.call('eve', 'GET', '/api/quotes?live=1');
    expect(body.quotes).toHaveLength(1);
    expect(body.quotes[0].id).toBe('q1');
    expect(
      body.quotes[0].live.toSorted((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)),
    ).toEqual([
      { id: 'ann', name: 'Ann', role: 'sales_rep' },
      { id: 'bob', name: 'bob', role: 'vp_sales' },
    ]);
    await server.grant('q1', 'eve', 'none');
    expect(await idsOf(server, 'eve', '?live=1')).toEqual([]);
  });
});
