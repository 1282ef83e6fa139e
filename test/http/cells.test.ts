import { describe, expect, test } from 'vitest';
import type { UserId } from '../../src/lib/ids.ts';
import type { Log } from '../../src/log/log.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { createFlakyLog } from '../support/flaky-log.ts';
import { type TestServer, serverForTest } from '../support/server.ts';

const vp = { user: 'vera', role: 'vp_sales', name: 'Vera' } as const;

function createSignal(): { readonly given: Promise<void>; give(): void } {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

const patch = (server: TestServer, person: Parameters<TestServer['call']>[0], body: unknown) =>
  server.call(person, 'PATCH', '/api/quotes/q1/cells', body);

describe('PATCH /api/quotes/:id/cells', () => {
  test('a write reaches everyone who has the quote open', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', lineItems: [{ id: 'l1' }] });
    const client = await server.connect('ann', 'q1');
    await client.untilSynced();
    const answer = await patch(server, 'bob', {
      writes: [
        { cell: 'lineItems/l1/quantity', value: 2.5 },
        { cell: 'fields/title', value: 'New' },
      ],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      revision: 2,
      verdicts: [
        { cell: 'lineItems/l1/quantity', accepted: true },
        { cell: 'fields/title', accepted: true },
      ],
    });
    await client.untilCell('lineItems/l1/quantity', '2.5');
    expect(client.get('fields/title')).toBe('New');
  });

  test('each write has its verdict, in order; what is no cell or no value stops no other', async () => {
    const server = await serverForTest();
    await server.createQuote({
      id: 'q1',
      fields: { title: 'Old' },
      lineItems: [{ id: 'l1', discountPercent: '5' }],
    });
    const answer = await patch(server, 'ann', {
      writes: [
        { cell: 'nonsense', value: 1 },
        { cell: 'lineItems/l1/discountPercent', value: '50' },
        { cell: 'lineItems/l1/colour', value: 'red' },
        { cell: 'fields/validUntil', value: 'soon' },
        { cell: 'fields/title', value: 'New' },
        { cell: 'toString', value: null },
      ],
    });
    expect(answer.body.verdicts).toEqual([
      {
        cell: 'nonsense',
        accepted: false,
        reason: 'invalid_value',
        kept: null,
        message: 'nonsense is not a cell of a quote',
      },
      {
        cell: 'lineItems/l1/discountPercent',
        accepted: false,
        reason: 'not_permitted',
        kept: '5',
        message: 'sales_rep may set at most 10 here; deal_desk is the lowest role that may set this',
      },
      {
        cell: 'lineItems/l1/colour',
        accepted: false,
        reason: 'invalid_value',
        kept: null,
        message: expect.stringContaining('is no column of lineItems'),
      },
      {
        cell: 'fields/validUntil',
        accepted: false,
        reason: 'invalid_value',
        kept: null,
        message: 'fields/validUntil takes a day as YYYY-MM-DD',
      },
      { cell: 'fields/title', accepted: true },
      {
        cell: 'toString',
        accepted: false,
        reason: 'invalid_value',
        kept: null,
        message: 'toString is not a cell of a quote',
      },
    ]);
    expect(server.reported).toEqual([]);
  });

  test('a value that the cell does not take is answered with what it takes', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', lineItems: [{ id: 'l1', quantity: '501' }] });
    const answer = await patch(server, vp, { writes: [{ cell: 'lineItems/l1/quantity', value: '5,5' }] });
    expect(answer.body.verdicts).toEqual([
      {
        cell: 'lineItems/l1/quantity',
        accepted: false,
        reason: 'invalid_value',
        kept: '501',
        message: expect.stringContaining('takes a decimal like "12.5"'),
      },
    ]);
  });

  test('a value for which the quote has no room is answered with that', async () => {
    const server = await serverForTest({ limits: { lineItems: 1 } });
    await server.createQuote({ id: 'q1', lineItems: [{ id: 'l1' }] });
    const answer = await patch(server, vp, { writes: [{ cell: 'lineItems/l2/position', value: 'a5' }] });
    expect(answer.body.verdicts).toEqual([
      {
        cell: 'lineItems/l2/position',
        accepted: false,
        reason: 'invalid_value',
        kept: null,
        message: expect.stringContaining('the quote is full'),
      },
    ]);
  });

  test('a refusal names what the policy asks for: a limit, a role, the limit of a pair', async () => {
    const server = await serverForTest({
      policy: { rules: [{ cells: 'fields/paymentTerms', minRole: 'deal_desk' }] },
    });
    await server.createQuote({ id: 'q1', discounts: [{ id: 'd1', kind: 'amount', value: '500' }] });
    const answer = await patch(server, 'ann', {
      writes: [
        { cell: 'fields/paymentTerms', value: 'later' },
        { cell: 'fields/status', value: 'approved' },
        { cell: 'discounts/d1/value', value: '15' },
        { cell: 'discounts/d1/kind', value: 'percent' },
      ],
    });
    const limit = 'sales_rep may set at most 10 here; sales_manager is the lowest role that may set this';
    expect(answer.body.verdicts.map(({ message }: { message?: string }) => message)).toEqual([
      'not permitted to sales_rep; deal_desk is the lowest role that may set this',
      'not permitted to sales_rep; sales_manager is the lowest role that may set this',
      limit,
      'not permitted to sales_rep; sales_manager is the lowest role that may set this',
    ]);
  });

  test('a refusal is explained by what stood when it was decided', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', lineItems: [{ id: 'l1' }] });
    const manager = { user: 'max', role: 'sales_manager' } as const;
    const answer = await patch(server, manager, {
      writes: [
        { cell: 'fields/status', value: 'approved' },
        { cell: 'lineItems/l1/discountPercent', value: '30' },
      ],
    });
    expect(answer.body.verdicts).toEqual([
      { cell: 'fields/status', accepted: true },
      {
        cell: 'lineItems/l1/discountPercent',
        accepted: false,
        reason: 'not_permitted',
        kept: null,
        message: 'sales_manager may set at most 20 here; vp_sales is the lowest role that may set this',
      },
    ]);
  });

  test('a write into a row that is not on the quote is accepted with a warning', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', lineItems: [{ id: 'l1' }, { id: 'l2' }] });
    const hinted = async (...writes: { cell: string; value: unknown }[]): Promise<(string | undefined)[]> => {
      const { verdicts } = (await patch(server, 'ann', { writes })).body;
      expect(verdicts.every(({ accepted }: { accepted: boolean }) => accepted)).toBe(true);
      return verdicts.map(({ message }: { message?: string }) => message);
    };
    const warning = 'its row is not on the quote: check the id';
    const write = (cell: string, value: unknown) => ({ cell, value });
    expect(
      await hinted(
        write('lineItems/typo/quantity', 2),
        write('lineItems/typo2/removed', true),
        write('lineItems/l1/quantity', 2),
        write('fields/title', 'T'),
        write('lineItems/new/position', 'a5'),
        write('lineItems/new/name', 'New'),
      ),
    ).toEqual([warning, warning, undefined, undefined, undefined, undefined]);
    expect(await hinted(write('lineItems/l2/removed', true))).toEqual([undefined]);
    expect(await hinted(write('lineItems/l2/name', 'Gone'))).toEqual([warning]);
    expect(await hinted(write('lineItems/l2/removed', null))).toEqual([undefined]);
  });

  test('only names of no cell make no entry', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    const answer = await patch(server, 'ann', { writes: [{ cell: 'nonsense', value: 'x' }] });
    expect(answer.body).toMatchObject({ revision: 1, verdicts: [{ accepted: false }] });
  });

  test('a newer write of a higher role wins over one made looking at an older revision, and is named', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', fields: { title: 'first' } });
    await patch(server, vp, { writes: [{ cell: 'fields/title', value: 'by Vera' }] });
    const blind = await patch(server, 'ann', {
      base: 1,
      writes: [{ cell: 'fields/title', value: 'by Ann' }],
    });
    expect(blind.body).toEqual({
      revision: 3,
      verdicts: [
        {
          cell: 'fields/title',
          accepted: false,
          reason: 'authority_overridden',
          by: { id: 'vera', name: 'Vera', role: 'vp_sales' },
          kept: 'by Vera',
        },
      ],
    });
    const seeing = await patch(server, 'ann', {
      base: 3,
      writes: [{ cell: 'fields/title', value: 'by Ann' }],
    });
    expect(seeing.body.verdicts).toEqual([{ cell: 'fields/title', accepted: true }]);
    const unsaid = await patch(server, 'ann', { writes: [{ cell: 'fields/title', value: 'again' }] });
    expect(unsaid.body.verdicts).toEqual([{ cell: 'fields/title', accepted: true }]);
  });

  test('a cell is written once in a request', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    const answer = await patch(server, 'ann', {
      writes: [
        { cell: 'fields/title', value: 'a' },
        { cell: 'fields/contact', value: 'b' },
        { cell: 'fields/title', value: 'c' },
      ],
    });
    expect(answer.status).toBe(400);
    expect(answer.body.error.details).toMatchObject([{ field: 'writes[2].cell', cell: 'fields/title' }]);
    expect((await server.call('ann', 'GET', '/api/quotes/q1')).body.revision).toBe(1);
  });

  test('a viewer may not, and nothing is noted', async () => {
    const server = await serverForTest({ defaultPermission: 'viewer' });
    await server.createQuote({ id: 'q1' });
    const answer = await patch(server, 'ann', { writes: [{ cell: 'fields/title', value: 'x' }] });
    expect([answer.status, answer.body.error.code]).toEqual([403, 'forbidden']);
    await server.grant('q1', 'ann', 'editor');
    const allowed = await patch(server, 'ann', { writes: [{ cell: 'fields/title', value: 'x' }] });
    expect(allowed.body).toMatchObject({ revision: 2, verdicts: [{ accepted: true }] });
  });

  test.each([
    ['none', 'You have no access to this quote. Ask one of its hosts.'],
    ['viewer', 'You may only view this quote. Ask a host for permission to edit.'],
  ] as const)(
    'a permission that becomes %s while the quote is opened counts',
    async (permission, message) => {
      const log = createMemoryLog();
      const first = await serverForTest({ log });
      const quote = await first.createQuote({ id: 'q1' });
      await first.stop();
      // Another server has to open the quote first, which takes as long as the log does.
      const directory = createMemoryDirectory();
      const [opening, release] = [createSignal(), createSignal()];
      const slow: Log = {
        ...log,
        async summary(id) {
          opening.give();
          await release.given;
          return log.summary(id);
        },
      };
      const second = await serverForTest({ log: slow, directory });
      const answering = patch(second, 'ann', { writes: [{ cell: 'fields/title', value: 'New' }] });
      await opening.given;
      const user = 'ann' as UserId;
      await directory.setGrant({ quote, user, permission, grantedBy: user, source: 'host', at: 0 });
      release.give();
      const answer = await answering;
      expect([answer.status, answer.body.error.message]).toEqual([403, message]);
      expect((await log.head(quote))?.seq).toBe(1);
    },
  );

  test('whoever had too many writes refused is answered with 429 for a minute, and others are not', async () => {
    const server = await serverForTest({ limits: { refusalsPerMinute: 1 } });
    await server.createQuote({ id: 'q1' });
    const bad = { writes: [{ cell: 'fields/validUntil', value: 'soon' }] };
    for (let n = 0; n < 2; n += 1) expect((await patch(server, 'ann', bad)).status).toBe(200);
    const good = { writes: [{ cell: 'fields/title', value: 'New' }] };
    const answer = await patch(server, 'ann', good);
    expect([answer.status, answer.body.error]).toEqual([
      429,
      {
        code: 'too_many_refusals',
        message: 'Too many of your edits of this quote were refused within a minute. Try again in a minute.',
      },
    ]);
    expect(answer.headers.get('retry-after')).toBe('60');
    expect((await patch(server, 'bob', good)).status).toBe(200);
    expect(server.reported).toEqual([]);
  });

  test('malformed bodies are named by field', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    const fieldsOf = async (body: unknown): Promise<string[]> => {
      const answer = await patch(server, 'ann', body);
      expect(answer.status).toBe(400);
      return answer.body.error.details.map(({ field }: { field: string }) => field);
    };
    expect(await fieldsOf({})).toEqual(['writes']);
    expect(await fieldsOf({ writes: [] })).toEqual(['writes']);
    expect(await fieldsOf({ writes: [{ cell: 'fields/title' }] })).toEqual(['writes[0].value']);
    expect(await fieldsOf({ writes: [{ cell: 'fields/title', value: {} }] })).toEqual(['writes[0].value']);
    expect(await fieldsOf({ base: -1, writes: [{ cell: 'x', value: 1 }] })).toEqual(['base']);
    expect(await fieldsOf({ writes: [{ cell: 'x', value: 1, more: 1 }] })).toEqual(['writes[0].more']);
    expect(await fieldsOf([])).toEqual(['body']);
  });

  test('an unknown quote is 404', async () => {
    const server = await serverForTest();
    expect((await patch(server, 'ann', { writes: [{ cell: 'fields/title', value: 'x' }] })).status).toBe(404);
  });

  test('a log that cannot write makes it 503, and the write is not there afterwards', async () => {
    const log = createFlakyLog(createMemoryLog());
    const server = await serverForTest({ log });
    await server.createQuote({ id: 'q1', fields: { title: 'Old' } });
    log.failNext();
    const answer = await patch(server, 'ann', { writes: [{ cell: 'fields/title', value: 'New' }] });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.body.error).toEqual({
      code: 'unavailable',
      message: 'The server cannot do this right now. Try again in a moment.',
    });
    const shown = await server.call('ann', 'GET', '/api/quotes/q1');
    expect(shown.body).toMatchObject({ revision: 1, fields: { title: 'Old' } });
  });
});
