import { describe, expect, test } from 'vitest';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { logUnavailable } from '../support/flaky-log.ts';
import { serverForTest } from '../support/server.ts';

const ann = { user: 'ann', role: 'sales_rep', name: 'Ann Lee' } as const;

describe('POST /api/quotes', () => {
  test('makes a quote with all its values, priced, with the caller as its host', async () => {
    const server = await serverForTest();
    const made = await server.call(ann, 'POST', '/api/quotes', {
      id: 'acme-1',
      fields: { title: 'Bolts', customer: 'ACME', currency: 'EUR' },
      lineItems: [
        { name: 'M4', quantity: 100, unitPrice: '0.125' },
        { id: 'm5', name: 'M5' },
      ],
      discounts: [{ label: 'Spring', kind: 'percent', value: '10' }],
      notes: [{ text: 'Call on Monday', audience: 'internal' }],
    });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe('/api/quotes/acme-1');
    expect(made.body).toMatchObject({
      id: 'acme-1',
      revision: 1,
      fields: { title: 'Bolts', customer: 'ACME', currency: 'EUR', status: 'draft', owner: 'Ann Lee' },
      lineItems: [
        { name: 'M4', quantity: '100', unitPrice: '0.125' },
        { id: 'm5', name: 'M5' },
      ],
      discounts: [{ label: 'Spring', kind: 'percent', value: '10' }],
      notes: [{ text: 'Call on Monday', audience: 'internal' }],
      totals: { subtotal: '12.50', total: '11.25', currency: 'EUR' },
    });
    expect((await server.call(ann, 'GET', '/api/quotes/acme-1')).body).toEqual(made.body);
    const { people } = (await server.call(ann, 'GET', '/api/quotes/acme-1/people')).body;
    expect(people).toMatchObject([{ user: { id: 'ann', name: 'Ann Lee' }, permission: 'host' }]);
  });

  test('makes an id, a draft, an owner and a currency where nothing is said; null leaves a cell empty', async () => {
    const server = await serverForTest();
    const made = await server.call(ann, 'POST', '/api/quotes', { fields: { owner: null } });
    expect(made.status).toBe(201);
    expect(made.body.id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(made.body.fields).toEqual({ status: 'draft', currency: 'USD' });
  });

  test('takes back what it gave, under another id', async () => {
    const server = await serverForTest();
    const body = {
      fields: { title: 'T' },
      lineItems: [{ id: 'l1', unitPrice: '3' }],
      notes: [{ id: 'n1', text: 'x' }],
    };
    const first = (await server.call(ann, 'POST', '/api/quotes', { id: 'first', ...body })).body;
    const second = await server.call(ann, 'POST', '/api/quotes', { ...first, id: 'second' });
    expect(second.body).toEqual({ ...first, id: 'second' });
  });

  test('an id is given once, also to two who ask at once', async () => {
    const server = await serverForTest();
    const answers = await Promise.all(
      ['ann', 'bob'].map((user) => server.call(user, 'POST', '/api/quotes', { id: 'one' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(answers.find(({ status }) => status === 409)?.body.error).toMatchObject({ code: 'id_taken' });
    const { people } = (await server.call('eve', 'GET', '/api/quotes/one/people')).body;
    const winner = answers[0]?.status === 201 ? 'ann' : 'bob';
    expect(people.map((one: { user: { id: string } }) => one.user.id)).toEqual([winner]);
  });

  test('a person makes at most 60 a minute; they may do all else, and others go on', async () => {
    const server = await serverForTest();
    const make = (user: string) => server.call(user, 'POST', '/api/quotes', {});
    for (let n = 0; n < 60; n += 1) expect((await make('ann')).status).toBe(201);
    const answer = await make('ann');
    expect([answer.status, answer.body.error]).toEqual([
      429,
      { code: 'too_fast', message: expect.stringMatching(/^More than 60 new quotes a minute. Wait \d+ s.$/) },
    ]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await server.call('ann', 'GET', '/api/quotes')).status).toBe(200);
    expect((await make('bob')).status).toBe(201);
  });

  test('makes nothing where the creator cannot be made its host, and is made later', async () => {
    const memory = createMemoryDirectory();
    let isBroken = true;
    const server = await serverForTest({
      directory: {
        ...memory,
        setGrant: (grant) => (isBroken ? Promise.reject(logUnavailable()) : memory.setGrant(grant)),
      },
    });
    expect((await server.call(ann, 'POST', '/api/quotes', { id: 'q1' })).status).toBe(503);
    expect((await server.call(ann, 'GET', '/api/quotes/q1')).status).toBe(404);
    isBroken = false;
    expect((await server.call(ann, 'POST', '/api/quotes', { id: 'q1' })).status).toBe(201);
    const { people } = (await server.call(ann, 'GET', '/api/quotes/q1/people')).body;
    expect(people).toMatchObject([{ user: { id: 'ann' }, permission: 'host' }]);
  });

  test('names each place that is malformed', async () => {
    const server = await serverForTest();
    const answer = await server.call(ann, 'POST', '/api/quotes', {
      fields: { validUntil: 'soon', nonsense: 1 },
      lineItems: [{ quantity: 'many' }, { id: 'l1' }, { id: 'l1' }],
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe('invalid_request');
    const fields = answer.body.error.details.map((detail: { field: string }) => detail.field);
    expect(fields).toEqual(['fields.validUntil', 'fields.nonsense', 'lineItems[0].quantity', 'lineItems']);

    const shape = await server.call(ann, 'POST', '/api/quotes', {
      id: 'a b',
      lineItems: [{ name: {} }],
      more: 1,
    });
    expect(shape.body.error.details.map((detail: { field: string }) => detail.field).toSorted()).toEqual([
      'id',
      'lineItems[0].name',
      'more',
    ]);
  });

  test('makes nothing where the caller may not write a value, and says which', async () => {
    const server = await serverForTest();
    const answer = await server.call(ann, 'POST', '/api/quotes', {
      id: 'bold',
      fields: { status: 'approved' },
      lineItems: [{ discountPercent: '10' }, { discountPercent: '50' }],
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      code: 'refused_values',
      details: [
        {
          field: 'fields.status',
          cell: 'fields/status',
          reason: 'not_permitted',
          message: 'not permitted to sales_rep; sales_manager is the lowest role that may set this',
        },
        {
          field: 'lineItems[1].discountPercent',
          reason: 'not_permitted',
          message: 'sales_rep may set at most 10 here; deal_desk is the lowest role that may set this',
        },
      ],
    });
    expect((await server.call(ann, 'GET', '/api/quotes/bold')).status).toBe(404);
    const manager = { user: 'max', role: 'vp_sales' } as const;
    const allowed = await server.call(manager, 'POST', '/api/quotes', {
      id: 'bold',
      fields: { status: 'approved' },
    });
    expect(allowed.status).toBe(201);
  });

  test('says why nothing of it was taken, where the gate looks at none of it', async () => {
    const server = await serverForTest({ limits: { lineItems: 100_000 } });
    const lineItems = Array.from({ length: 80_001 }, () => ({}));
    const many = await server.call(ann, 'POST', '/api/quotes', { lineItems });
    expect([many.status, many.body.error]).toEqual([
      400,
      { code: 'not_taken', message: 'No quote was made: more than 80000 new structs in one update.' },
    ]);
  });
});
