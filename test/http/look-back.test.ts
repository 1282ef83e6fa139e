import { expect, test } from 'vitest';
import { blameSchema, diffSchema } from '../../src/wire/audit-schemas.ts';
import { type Caller, type TestServer, serverForTest } from '../support/server.ts';

const root = { user: 'root', role: 'admin', name: 'Root' } as const;
const max = { user: 'max', role: 'sales_manager', name: 'Max' } as const;
const vic = 'vic';

/** Entries 1 to 5: a quote of Casey's, a title by Ann, another by Max, Ann's late one refused, a line that Max removed. */
async function quoteWithHistory(server: TestServer): Promise<void> {
  await server.createQuote({
    id: 'q1',
    fields: { title: 'Old' },
    lineItems: [{ id: 'l1', quantity: '2' }],
    notes: [{ id: 'n1', text: 'call them' }],
  });
  await server.grant('q1', 'hal', 'host');
  await server.grant('q1', vic, 'viewer');
  await server.grant('q1', 'out', 'none');
  await write(server, 'ann', { 'fields/title': 'Bolts' });
  await write(server, max, { 'fields/title': 'Nuts' });
  await write(server, 'ann', { 'fields/title': 'Screws' }, 2);
  await write(server, max, { 'lineItems/l1/removed': true });
}

async function write(
  server: TestServer,
  who: Caller,
  cells: Readonly<Record<string, unknown>>,
  base?: number,
): Promise<void> {
  const writes = Object.entries(cells).map(([cell, value]) => ({ cell, value }));
  const { status } = await server.call(who, 'PATCH', '/api/quotes/q1/cells', {
    writes,
    ...(base !== undefined && { base }),
  });
  expect(status).toBe(200);
}

test('blame says who is behind each cell, and who was outvoted', async () => {
  const server = await serverForTest();
  await quoteWithHistory(server);
  const { status, body } = await server.call('hal', 'GET', '/api/quotes/q1/blame?cell=fields/title');
  expect(status).toBe(200);
  expect(blameSchema.parse(body)).toEqual(body);
  expect(body).toMatchObject({
    quote: 'q1',
    revision: 5,
    cells: [
      {
        cell: 'fields/title',
        value: 'Nuts',
        before: 'Bolts',
        set: { seq: 3, user: 'max', name: 'Max', role: 'sales_manager', origin: 'api' },
        outvoted: [
          { seq: 4, user: 'ann', verdict: 'refused', reason: 'authority_overridden', offered: 'Screws' },
        ],
        outvotedCount: 1,
      },
    ],
    notes: [],
  });
});

test('blame as it was after an entry, and of all that the quote shows', async () => {
  const server = await serverForTest();
  await quoteWithHistory(server);
  const cellsIn = async (query: string): Promise<Record<string, string>> => {
    const { body } = await server.call(vic, 'GET', `/api/quotes/q1/blame${query}`);
    const cells: { cell: string; set: { user: string } }[] = body.cells;
    return Object.fromEntries(cells.map(({ cell, set }) => [cell, set.user]));
  };
  expect(await cellsIn('?at=2&cell=fields/t*,lineItems/l1/quantity')).toEqual({
    'fields/title': 'ann',
    'lineItems/l1/quantity': 'casey',
  });
  const now = await cellsIn('');
  expect(now['fields/title']).toBe('max');
  // Its row is not on the quote any more; asked for by name it is told.
  expect(now).not.toHaveProperty('lineItems/l1/quantity');
  expect(await cellsIn('?cell=lineItems/l1')).toHaveProperty('lineItems/l1/removed', 'max');
});

test('what was offered in vain is shown to its author, hosts and admins only', async () => {
  const server = await serverForTest();
  await quoteWithHistory(server);
  const outvotedFor = async (person: Caller) => {
    const { body } = await server.call(person, 'GET', '/api/quotes/q1/blame?cell=fields/title');
    return body.cells[0].outvoted[0];
  };
  for (const person of ['ann', 'hal', root])
    expect(await outvotedFor(person)).toMatchObject({ offered: 'Screws' });
  for (const person of [vic, max, { user: 'dee', role: 'deal_desk' } as const]) {
    const outvoted = await outvotedFor(person);
    expect(outvoted).toMatchObject({ user: 'ann', verdict: 'refused' });
    expect(outvoted).not.toHaveProperty('offered');
  }
});

test('diff says what changed between two points, and by whom', async () => {
  const server = await serverForTest();
  await quoteWithHistory(server);
  const { status, body } = await server.call(vic, 'GET', '/api/quotes/q1/diff?from=1&to=5');
  expect(status).toBe(200);
  expect(diffSchema.parse(body)).toEqual(body);
  expect(body).toMatchObject({
    quote: 'q1',
    from: 1,
    to: 5,
    cells: [
      { cell: 'fields/title', before: 'Old', after: 'Nuts', change: { seq: 3, name: 'Max' }, isSeen: true },
      { cell: 'lineItems/l1/removed', before: null, after: true, change: { seq: 5 } },
    ],
    rows: [{ kind: 'removed', root: 'lineItems', row: 'l1', change: { user: 'max' } }],
    notes: [],
  });
  const all = await server.call(vic, 'GET', '/api/quotes/q1/diff?from=0&to=1');
  expect(all.body.notes).toMatchObject([{ note: 'n1', before: '', after: 'call them' }]);
  const same = await server.call(vic, 'GET', '/api/quotes/q1/diff?from=5&to=5');
  expect(same.body).toMatchObject({ cells: [], rows: [], notes: [] });
});

test.each([
  ['blame?at=6', 404, 'The quote has no entry 6. Its newest is 5.'],
  ['diff?from=0&to=6', 404, 'The quote has no entry 6. Its newest is 5.'],
  ['diff?from=3&to=2', 400, 'takes an entry not after 2'],
  ['blame?at=0', 400, 'takes the number of an entry, from 1'],
  ['blame?cell=,', 400, 'takes a cell, a row or a pattern'],
  ['diff?from=x&to=2', 400, 'takes the number of an entry, from 0'],
])('GET %s is answered with %i', async (path, status, message) => {
  const server = await serverForTest();
  await quoteWithHistory(server);
  const answer = await server.call(vic, 'GET', `/api/quotes/q1/${path}`);
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body.error)).toContain(message);
});
