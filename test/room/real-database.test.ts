import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { QuoteId } from '../../src/lib/ids.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import type { Peer } from '../support/room-peer.ts';
import { describeStructs } from '../support/star.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findChainProblem } from '../support/verify-chain.ts';

/** The appends that fail in `failures.test.ts`, with a database that really cannot. */

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };

interface TwoPeople {
  readonly ada: Peer;
  readonly bob: Peer;
}

async function twoPeople(
  folder: string,
): Promise<{ harness: RoomHarness } & TwoPeople & ReturnType<typeof openSqliteLog>> {
  const { db, log } = openSqliteLog(folder);
  const harness = await createRoomHarness({ cells: row, log });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  return { db, log, harness, ada, bob };
}

/** The room broke, nobody was shown the edit; once the database takes it, it arrives by itself. */
async function expectHealed(harness: RoomHarness, { ada, bob }: TwoPeople, mend: () => void): Promise<void> {
  const { quote, log } = harness;
  const before = (await log.head(quote))?.seq;
  ada.doc.getMap('lineItems').set('l1/description', 'x'.repeat(4_000));
  await untilClosed(harness, ada);
  expect([ada, bob].map(({ closed }) => closed?.code)).toEqual([1013, 1013]);
  expect(bob.doc.getMap('lineItems').get('l1/description')).toBeUndefined();
  expect(harness.reported).toMatchObject([{ code: 'log_unavailable', retryable: true }]);
  expect((await log.head(quote))?.seq).toBe(before);
  mend();
  harness.advance(1_000);
  const [again, other] = await reopen(harness, { ada, bob });
  expect(other.doc.getMap('lineItems').get('l1/description')).toBe('x'.repeat(4_000));
  expect(describeStructs(other.doc)).toEqual(describeStructs(again.doc));
  expect((await log.head(quote))?.seq).toBe((before ?? 0) + 1);
  expect(await findChainProblem(log, quote)).toBeNull();
}

/** The broken room is loaded again, and both come back to it. */
async function reopen(harness: RoomHarness, { ada, bob }: TwoPeople): Promise<[again: Peer, other: Peer]> {
  const opening = harness.room();
  await harness.turn();
  harness.advance(1_000);
  await opening;
  const peers: [Peer, Peer] = [await harness.rejoin(ada), await harness.rejoin(bob)];
  await untilSettled(harness);
  return peers;
}

async function untilClosed(harness: RoomHarness, peer: Peer): Promise<void> {
  while (peer.closed === null) await harness.turn();
}

async function untilSettled(harness: RoomHarness): Promise<void> {
  const room = await harness.room();
  await room.readDurably(() => null);
  await harness.settle();
}

test('[R50] the disk is full', async () => {
  const { db, harness, ada, bob } = await twoPeople(temporaryFolder());
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages}`);
  await expectHealed(harness, { ada, bob }, () => void db.pragma('max_page_count = 1000000'));
});

test('[R50] another process holds the database', async () => {
  const folder = temporaryFolder();
  const { harness, ada, bob } = await twoPeople(folder);
  const other = openDatabase(join(folder, 'quoteroom.db'));
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  await expectHealed(harness, { ada, bob }, () => void other.exec('ROLLBACK'));
});

test('[R50] another writer appended to the quote: its entries are kept, ours come after them', async () => {
  const folder = temporaryFolder();
  const { harness, ada, bob, log } = await twoPeople(folder);
  // A second server that should not be there, on the same data.
  const second = await createRoomHarness({ log: openSqliteLog(folder).log });
  const eve = await second.join({ user: 'eve', role: 'sales_rep' });
  eve.doc.getMap('lineItems').set('l1/unit', 'pcs');
  await untilSettled(second);
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await untilClosed(harness, ada);
  expect(harness.reported).toMatchObject([{ code: 'log_fenced' }]);
  expect(bob.doc.getMap('lineItems').get('l1/quantity')).toBeUndefined();
  const [again, other] = await reopen(harness, { ada, bob });
  for (const { doc } of [again, other]) {
    expect(doc.getMap('lineItems').toJSON()).toMatchObject({ 'l1/unit': 'pcs', 'l1/quantity': '3' });
  }
  expect(await findChainProblem(log, 'q1' as QuoteId)).toBeNull();
});
