import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { viewOf } from '../../src/authority/active-edits.ts';
import { createGate } from '../../src/authority/gate.ts';
import type { ActiveEdit } from '../../src/authority/verdict.ts';
import type { CellId, UserId } from '../../src/lib/ids.ts';
import { actorOf, policyOf } from '../support/star.ts';

test('[A40] the winner among equals does not hang on the order in which active edits are listed', () => {
  const edits: ActiveEdit[] = [
    { user: 'b' as UserId, role: 'vp_sales', cell: 'lineItems/l1/unitPrice' as CellId },
    { user: 'a' as UserId, role: 'vp_sales', cell: 'lineItems/l1/quantity' as CellId },
  ];
  const doc = new Y.Doc();
  doc.getMap('lineItems').set('l1/removed', true);
  const update = Y.encodeStateAsUpdate(doc);
  const outcomes = [edits, edits.toReversed()].map((listed) => {
    const outcome = createGate().submit({
      update,
      kind: 'update',
      actor: actorOf({ user: 'rep', role: 'sales_rep' }),
      seen: { kind: 'connection', revision: 0 },
      activeEdits: viewOf(listed),
      policy: policyOf(),
    });
    return outcome.kind === 'judged' ? outcome.verdicts : [];
  });
  expect(outcomes[0]).toMatchObject([{ verdict: 'refused', by: { user: 'a' } }]);
  expect(outcomes[1]).toEqual(outcomes[0]);
});
