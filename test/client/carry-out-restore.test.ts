import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { carryOutRestore, previewRestore } from '../../src/client/carry-out-restore.ts';
import { type QuoteClient, connectQuote } from '../../src/client/connect-quote.ts';
import type { QuoteId } from '../../src/lib/ids.ts';
import type { RestoreScope } from '../../src/quote/plan-restore.ts';
import { type Snapshot, readSnapshot } from '../../src/quote/snapshot.ts';
import { snapshotOfJson } from '../../src/wire/quote-json.ts';
import { type Caller, type TestServer, serverForTest } from '../support/server.ts';

const Q1 = 'q1' as QuoteId;
const rep = { user: 'rep', role: 'sales_rep' } as const;
const vp = { user: 'vp', name: 'Vera', role: 'vp_sales' } as const;

const LINES = [
  { id: 'l1', name: 'Desk', quantity: '2', discountPercent: '5' },
  { id: 'l2', name: 'Lamp', x_color: 'red' },
];

async function serverWithQuote(lineItems: readonly unknown[] = LINES): Promise<TestServer> {
  const server = await serverForTest();
  const notes = [{ id: 'n1', author: 'Ann', text: 'Call ACME \u{1F600} on Monday.' }];
  await server.createQuote({ id: Q1, fields: { title: 'Old' }, lineItems, notes }, 'host');
  return server;
}

/** Connected, in sync, and told the rules by which it foresees. */
async function clientOf(
  server: TestServer,
  { user, role }: { readonly user: string; readonly role: typeof rep.role | typeof vp.role },
): Promise<QuoteClient> {
  const client = connectQuote({
    url: server.url,
    quoteId: Q1,
    token: await server.tokenFor(user, role),
    WebSocketPolyfill: WebSocket,
    entries: true,
  });
  onTestFinished(() => client.destroy());
  const ruled = new Promise((resolve) => client.on('rules', resolve));
  await Promise.all([client.whenSynced(), ruled]);
  return client;
}

async function at(server: TestServer, seq: number, reader: Caller = rep): Promise<Snapshot> {
  const { status, body } = await server.call(reader, 'GET', `/api/quotes/${Q1}?at=${seq}&removed=1`);
  expect(status).toBe(200);
  return snapshotOfJson(body);
}

async function write(server: TestServer, person: Caller, cells: Record<string, unknown>): Promise<void> {
  const writes = Object.entries(cells).map(([cell, value]) => ({ cell, value }));
  const { body } = await server.call(person, 'PATCH', `/api/quotes/${Q1}/cells`, { writes });
  expect(body.verdicts.every(({ accepted }: { accepted: boolean }) => accepted)).toBe(true);
}

const newest = async (server: TestServer): Promise<number> => (await server.log.head(Q1))?.seq ?? 0;

async function restore(
  server: TestServer,
  client: QuoteClient,
  seq: number,
  scope?: RestoreScope,
): Promise<ReturnType<typeof carryOutRestore>> {
  const done = carryOutRestore(client, previewRestore(client, await at(server, seq), scope).plan);
  if (done.ok) await client.whenSaved();
  return done;
}

/** Of everything: fields, a line changed, one removed, one new, one moved, a note's text. */
async function editMuch(client: QuoteClient): Promise<void> {
  client.setCells([
    { cell: 'fields/title', value: 'New' },
    { cell: 'fields/customer', value: 'ACME' },
    { cell: 'lineItems/l1/quantity', value: '9' },
    { cell: 'lineItems/l2/x_color', value: null },
  ]);
  client.moveRow('lineItems', 'l1', { after: 'l2' });
  client.removeRow('lineItems', 'l2');
  client.addRow('lineItems', { name: 'Chair' });
  client.addRow('discounts', { kind: 'amount', value: '5' });
  const text = client.noteText('n1');
  text.delete(0, 4);
  text.insert(0, 'Visit');
  text.insert(text.length, ' Or later.');
  await client.whenSaved();
}

describe('restoring a quote', () => {
  test('all is as it was, in one entry on top of the others', async () => {
    const server = await serverWithQuote();
    const client = await clientOf(server, rep);
    const before = client.snapshot();
    await editMuch(client);
    const seq = await newest(server);
    const preview = previewRestore(client, await at(server, 1));
    expect(preview.open).toEqual(preview.plan);
    const restored = carryOutRestore(client, preview.plan);
    expect(restored).toMatchObject({ ok: true, value: { notes: ['n1'], skipped: [] } });
    await client.whenSaved();
    expect(client.snapshot()).toEqual(before);
    expect(await newest(server)).toBe(seq + 1);
    const { body } = await server.call(rep, 'GET', `/api/quotes/${Q1}`);
    expect(snapshotOfJson(body)).toEqual(before);
    expect(previewRestore(client, await at(server, 1)).plan).toEqual({ steps: [], texts: [] });
  });

  test('one undo takes all of it back, text too, and one redo does it again', async () => {
    const server = await serverWithQuote();
    const client = await clientOf(server, rep);
    await editMuch(client);
    const edited = client.snapshot();
    await restore(server, client, 1);
    const restored = client.snapshot();
    expect(client.undo()).toMatchObject({ kind: 'cells', skipped: [], notes: ['n1'] });
    await client.whenSaved();
    expect(client.snapshot()).toEqual(edited);
    expect(client.redo()).toMatchObject({ kind: 'cells', skipped: [], notes: ['n1'] });
    await client.whenSaved();
    expect(client.snapshot()).toEqual(restored);
  });

  test('200 lines that changed go in one frame, and one undo takes them back', async () => {
    const lines = Array.from({ length: 200 }, (_, index) => ({ id: `l${index}`, name: `Line ${index}` }));
    const server = await serverWithQuote(lines);
    const client = await clientOf(server, rep);
    client.setCells(
      lines.flatMap(({ id }) => [
        { cell: `lineItems/${id}/name`, value: 'Other' },
        { cell: `lineItems/${id}/quantity`, value: '3' },
      ]),
    );
    await client.whenSaved();
    const frames: number[] = [];
    client.on('ack', (ack) => frames.push(ack.frames));
    client.setCell('fields/contact', 'Bo');
    await client.whenSaved();
    const all = await restore(server, client, 1);
    expect(all.ok && all.value.cells.length).toBe(401);
    await server.eventually(() => expect((frames.at(-1) ?? 0) - (frames[0] ?? 0)).toBe(1));
    expect(await newest(server)).toBe(4);
    client.undo();
    expect(client.readCell('lineItems/l199/quantity')).toBe('3');
    expect(client.readCell('lineItems/l0/name')).toBe('Other');
  });

  test('one row, or one cell, and nothing else', async () => {
    const server = await serverWithQuote();
    const client = await clientOf(server, rep);
    await editMuch(client);
    await restore(server, client, 1, { kind: 'cell', cell: 'fields/title' });
    expect([client.readCell('fields/title'), client.readCell('fields/customer')]).toEqual(['Old', 'ACME']);
    await restore(server, client, 1, { kind: 'row', root: 'lineItems', row: 'l2' });
    expect(client.rowIds('lineItems')).toContain('l2');
    expect(client.readCell('lineItems/l2/x_color')).toBe('red');
    expect(client.readCell('lineItems/l1/quantity')).toBe('9');
    await restore(server, client, 1, { kind: 'row', root: 'notes', row: 'n1' });
    expect(client.noteText('n1').toString()).toBe('Call ACME \u{1F600} on Monday.');
  });
});

describe('through the gate', () => {
  test('what a VP set is foreseen to be refused, is refused, and the rep is told who decides', async () => {
    const server = await serverWithQuote();
    await write(server, rep, { 'lineItems/l1/discountPercent': '8', 'fields/title': 'New' });
    await write(server, vp, { 'lineItems/l1/discountPercent': '30' });
    const client = await clientOf(server, rep);
    const preview = previewRestore(client, await at(server, 1));
    expect(preview.steps.map(({ cell, foreseen }) => [cell, foreseen.kind])).toEqual([
      ['fields/title', 'open'],
      ['lineItems/l1/discountPercent', 'closed'],
    ]);
    expect(preview.steps[1]?.foreseen).toMatchObject({
      reason: 'authority_overridden',
      by: { id: 'vp', role: 'vp_sales' },
    });
    expect(preview.open.steps.map(({ cell }) => cell)).toEqual(['fields/title']);

    const told = new Promise((resolve) => client.on('refused', resolve));
    expect(carryOutRestore(client, preview.plan).ok).toBe(true);
    expect(await told).toMatchObject({
      writes: [
        {
          cell: 'lineItems/l1/discountPercent',
          reason: 'authority_overridden',
          by: { id: 'vp' },
          kept: '30',
        },
      ],
    });
    await server.eventually(() => expect(client.readCell('lineItems/l1/discountPercent')).toBe('30'));
    expect(client.readCell('fields/title')).toBe('Old');
  });

  test('values that are written together are foreseen together', async () => {
    const server = await serverWithQuote();
    const client = await clientOf(server, rep);
    const added = client.addRow('discounts', { kind: 'amount', value: '500' });
    const id = added.ok ? added.value : '';
    await client.whenSaved();
    const seq = await newest(server);
    client.setCells([
      { cell: `discounts/${id}/kind`, value: 'percent' },
      { cell: `discounts/${id}/value`, value: '5' },
    ]);
    await client.whenSaved();
    const preview = previewRestore(client, await at(server, seq));
    expect(preview.steps.map(({ foreseen }) => foreseen.kind)).toEqual(['open', 'open']);
    carryOutRestore(client, preview.plan);
    await client.whenSaved();
    expect([client.readCell(`discounts/${id}/value`), client.verdicts()]).toEqual(['500', []]);
  });

  test('a viewer sees what would change, and is told that they may not', async () => {
    const server = await serverWithQuote();
    await write(server, rep, { 'fields/title': 'New' });
    await server.grant(Q1, 'vera', 'viewer');
    const client = await clientOf(server, { user: 'vera', role: 'vp_sales' });
    const preview = previewRestore(client, await at(server, 1));
    expect(preview.steps).toMatchObject([
      { to: 'Old', foreseen: { kind: 'closed', reason: 'not_permitted' } },
    ]);
    expect(preview.open).toEqual({ steps: [], texts: [] });
    const texts = [{ note: 'n1', from: 'Call ACME \u{1F600} on Monday.', to: 'Gone' }];
    for (const plan of [preview.plan, { steps: [], texts }]) {
      expect(carryOutRestore(client, plan)).toEqual({
        ok: false,
        reason: 'You can only view this quote. Ask one of its hosts for permission to edit it.',
      });
    }
    expect(client.noteText('n1').toString()).toBe(texts[0]?.from);
    expect(await newest(server)).toBe(2);
  });

  test('what others changed after the preview is left alone, and named', async () => {
    const server = await serverWithQuote();
    await write(server, rep, { 'fields/title': 'New', 'fields/contact': 'Bo' });
    const client = await clientOf(server, rep);
    const { plan } = previewRestore(client, await at(server, 1));
    await write(server, vp, { 'fields/title': 'Newer' });
    await server.eventually(() => expect(client.readCell('fields/title')).toBe('Newer'));
    expect(carryOutRestore(client, plan)).toEqual({
      ok: true,
      value: { cells: ['fields/contact'], notes: [], skipped: ['fields/title'] },
    });
  });

  test('a value that its column takes no more is left out, and the rest is done', async () => {
    const server = await serverWithQuote();
    const client = await clientOf(server, rep);
    const then = readSnapshot(client.doc, { removed: true });
    const odd = { ...then, fields: { ...then.fields, title: 'Older', currency: 'gold' } };
    const preview = previewRestore(client, odd);
    expect(preview.open.steps.map(({ cell }) => cell)).toEqual(['fields/title']);
    expect(carryOutRestore(client, preview.plan)).toMatchObject({
      value: { cells: ['fields/title'], skipped: ['fields/currency'] },
    });
  });

  test('beside text that is put back, others go on typing', async () => {
    const server = await serverWithQuote();
    const client = await clientOf(server, rep);
    const other = await clientOf(server, vp);
    const text = client.noteText('n1');
    text.insert(text.toString().indexOf('Monday'), 'next ');
    await client.whenSaved();
    await server.eventually(() => expect(other.noteText('n1').toString()).toContain('next'));
    other.disconnect();
    other.noteText('n1').insert(0, '> ');
    await restore(server, client, 1, { kind: 'row', root: 'notes', row: 'n1' });
    other.reconnect();
    await server.eventually(() => {
      for (const { noteText } of [client, other])
        expect(noteText('n1').toString()).toBe('> Call ACME \u{1F600} on Monday.');
    });
  });
});
