import { expect, test } from 'vitest';
import { parseHeadFile } from '../../src/audit/head-file.ts';
import { serverForTest } from '../support/server.ts';

const ADMIN = { user: 'casey', role: 'admin' } as const;

test('POST /api/audit/heads signs one over all that was acknowledged; GET latest gives it again', async () => {
  const server = await serverForTest();
  expect(await server.call(ADMIN, 'GET', '/api/audit/heads/latest')).toMatchObject({
    status: 404,
    body: { error: { message: expect.stringContaining('POST /api/audit/heads') } },
  });
  await server.createQuote({ id: 'q2' });
  await server.createQuote({ id: 'q1', fields: { title: 'Bolts' } });
  const { status, body } = await server.call(ADMIN, 'POST', '/api/audit/heads');
  expect(status).toBe(200);
  expect(body).toMatchObject({ n: 1, quotes: 2, at: expect.any(Number) });
  const file = parseHeadFile(body.head);
  expect(file.ok && file.value.leaves.map(({ quote, seq }) => `${quote} ${seq}`)).toEqual(['q1 1', 'q2 1']);
  expect((await server.call(ADMIN, 'GET', '/api/audit/heads/latest')).body).toEqual(body);
  expect((await server.call(ADMIN, 'POST', '/api/audit/heads')).body).toEqual(body);
});

test('they name every quote: for admins only, also where somebody is host of one', async () => {
  const server = await serverForTest();
  await server.createQuote({ id: 'q1' }, { user: 'hal', role: 'deal_desk' });
  for (const person of ['ann', { user: 'hal', role: 'deal_desk' }] as const) {
    expect((await server.call(person, 'POST', '/api/audit/heads')).status).toBe(403);
    expect((await server.call(person, 'GET', '/api/audit/heads/latest')).status).toBe(403);
  }
  expect((await server.call(null, 'POST', '/api/audit/heads')).status).toBe(401);
});
