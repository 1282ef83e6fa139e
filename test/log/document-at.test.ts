import { expect, test } from 'vitest';
import type { Log } from '../../src/log/log.ts';
import { readDocumentAt } from '../../src/log/document-at.ts';
import { makeCheckpoint } from '../support/make-checkpoint.ts';
import { createRoomHarness } from '../support/room-harness.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/quantity': '1' };

test('every revision reads as it was, from the entries alone, from a checkpoint, and past a damaged one', async () => {
  const harness = await createRoomHarness({ cells: row });
  const { log, quote } = harness;
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  for (const quantity of ['2', '3', '4']) {
    ada.doc.getMap('lineItems').set('l1/quantity', quantity);
    await harness.settle();
    if (quantity === '2') await makeCheckpoint(log, quote);
  }
  const damaged: Log = {
    ...log,
    async checkpoint(...args) {
      const checkpoint = await log.checkpoint(...args);
      return checkpoint && { ...checkpoint, state: Uint8Array.of(1, 2, 3) };
    },
  };
  for (const one of [log, damaged, { ...log, checkpoint: async () => null }]) {
    for (const seq of [1, 2, 3, 4]) {
      const doc = await readDocumentAt(one, quote, seq);
      expect(doc?.getMap('lineItems').get('l1/quantity')).toBe(`${seq}`);
    }
    for (const seq of [0, 5]) expect(await readDocumentAt(one, quote, seq)).toBeNull();
  }
});
