import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Outcome, createGate } from '../../src/authority/gate.ts';
import type { GateVersion } from '../../src/authority/gate-version.ts';
import { SERVER_CLIENT_ID } from '../../src/lib/limits.ts';
import type { CellId } from '../../src/lib/ids.ts';
import { any, forgeBlock, inRoot, many, on } from '../support/forge.ts';
import { MALLORY_CLIENT, createScene, expectSound, expectWinners, set } from '../support/scene.ts';
import { actorOf, createStar, policyOf } from '../support/star.ts';

/** From bytes to verdicts and back to bytes: each rule once, in the plainest case. */
const QUANTITY = 'lineItems/l1/quantity';
const STICKY = 'lineItems/l1/discountPercent';

/** An alias carries Vera's value, as she has seen, and she opens a page that loads what it kept once it is connected. */
function loadLate(gateVersion: GateVersion): Outcome | null {
  const star = createStar({ versionNow: () => gateVersion });
  const vera = star.join({ user: 'vera', role: 'vp_sales', clientId: 50 });
  const rita = star.join({ user: 'rita', role: 'sales_rep', clientId: 60 });
  for (const [replica, value] of [
    [vera, '20'],
    [rita, '5'],
  ] as const) {
    set(replica, QUANTITY, value);
    star.up(replica);
  }
  star.settle();
  const page = star.join({ user: 'vera', role: 'vp_sales', clientId: 51 });
  Y.applyUpdate(page.doc, Y.encodeStateAsUpdate(vera.doc), 'device');
  return star.up(page);
}

describe('understanding', () => {
  test('[A12] an update holds one write for each cell, by its last struct', () => {
    const { rita, star } = createScene();
    rita.doc.transact(() => {
      for (const value of ['1', '2', '3']) {
        set(rita, QUANTITY, value);
        set(rita, 'fields/owner', value);
      }
    });
    expect(star.up(rita)).toMatchObject({
      verdicts: [
        { cell: QUANTITY, operation: 'update', before: '20', offered: '3', applied: '3' },
        { cell: 'fields/owner', operation: 'insert', before: null, offered: '3', applied: '3' },
      ],
    });
    expect(star.gate.doc.getMap('fields').get('owner')).toBe('3');
  });

  test('[A12] of two tabs that did not know of each other the higher client counts', () => {
    const scene = createScene();
    const { star, rita } = scene;
    const update = Y.mergeUpdates([
      forgeBlock(901, 0, inRoot('fields', 'x_a', any('low'))),
      forgeBlock(902, 0, inRoot('fields', 'x_a', any('high'))),
    ]);
    expect(scene.send(update, { as: rita })).toMatchObject({
      verdicts: [{ offered: 'high', applied: 'high' }],
    });
    star.settle();
    expectSound(scene);
  });

  test('[A13] a value that is deleted in the same update is no value', () => {
    const { rita, star } = createScene();
    rita.doc.transact(() => {
      set(rita, QUANTITY, '1');
      rita.doc.getMap('lineItems').delete('l1/quantity');
    });
    expect(star.up(rita)).toMatchObject({
      verdicts: [{ operation: 'delete', before: '20', offered: null, applied: null }],
    });
  });

  test('[A14] what an author had seen of a cell is proven by the struct their write stands on', () => {
    const { rita, vp, star } = createScene();
    star.disconnect(rita);
    set(vp, QUANTITY, '21');
    star.settle();
    set(rita, QUANTITY, '5');
    set(rita, QUANTITY, '6');
    star.reconnect(rita);
    // Her second write stands on her first, which did not know of 21.
    expect(star.history.at(-1)?.outcome).toMatchObject({
      verdicts: [{ offered: '6', reason: 'authority_overridden' }],
    });
    star.settle();
    set(rita, QUANTITY, '7');
    expect(star.up(rita)).toMatchObject({ verdicts: [{ verdict: 'accepted' }] });
  });

  test('[A14] a connection that claims to have seen everything proves nothing about a cell', () => {
    const scene = createScene();
    const blind = forgeBlock(MALLORY_CLIENT, scene.nextClock(), inRoot('lineItems', 'l1/quantity', any('5')));
    expect(scene.send(blind, { seen: { kind: 'connection', revision: 1_000 } })).toMatchObject({
      verdicts: [{ reason: 'authority_overridden', by: { user: 'vera' } }],
    });
  });

  test('[A14] who says which revision they looked at is taken at their word', () => {
    const blind = (revision: number) => {
      const scene = createScene();
      const update = forgeBlock(
        MALLORY_CLIENT,
        scene.nextClock(),
        inRoot('lineItems', 'l1/quantity', any('5')),
      );
      const seen = {
        kind: 'revision',
        revision: revision < 0 ? scene.star.gate.revision : revision,
      } as const;
      return scene.send(update, { seen });
    };
    expect(blind(1)).toMatchObject({ verdicts: [{ reason: 'authority_overridden' }] });
    expect(blind(-1)).toMatchObject({ verdicts: [{ verdict: 'accepted', applied: '5' }] });
  });

  test('[A15] what an author had seen of a row is what came over the connection, or what any neighbour proves', () => {
    const start = createScene();
    set(start.vp, 'lineItems/l1/unit', 'pcs');
    start.star.settle();
    const remove = inRoot('lineItems', 'l1/removed', any(true));
    const unseen = { kind: 'connection', revision: 3 } as const;
    const policy = policyOf({ builtin: false });
    const submit = (...structs: Parameters<typeof forgeBlock>[2][]) => {
      const gate = createGate({
        state: Y.encodeStateAsUpdateV2(start.star.gate.doc),
        memory: start.star.gate.remember(),
      });
      return gate.submit({
        update: forgeBlock(MALLORY_CLIENT, start.nextClock(), ...structs),
        kind: 'update',
        actor: actorOf(start.mallory.person),
        seen: unseen,
        activeEdits: { on: () => [], inRow: () => [] },
        policy,
      });
    };
    expect(submit(remove)).toMatchObject({
      verdicts: [{ reason: 'authority_overridden', by: { user: 'vera' } }],
      rowsSeen: 3,
    });
    const proof = on(start.tip('lineItems/l1/unit'), any('kg'));
    const seenAt = start.star.gate.ledger.record('lineItems/l1/unit' as CellId)?.standing.seq;
    expect(submit(proof, remove)).toMatchObject({
      verdicts: [{ cell: 'lineItems/l1/unit' }, { cell: 'lineItems/l1/removed', verdict: 'accepted' }],
      rowsSeen: seenAt,
    });
  });

  test('[A16] [A57] what a client loads after it has connected is history, though it comes as an update', () => {
    expect(loadLate(2)).toEqual({ kind: 'nothing' });
    // For version 1 it was a deletion of what the alias restored.
    expect(loadLate(1)).toMatchObject({
      verdicts: [{ cell: QUANTITY, operation: 'delete', before: '20', verdict: 'accepted' }],
    });
  });

  test('[A17] what is held already is no entry; what advances the state is one, with no row for text', () => {
    const { rita, star } = createScene();
    const revision = star.gate.revision;
    rita.outbox.push({ kind: 'update', update: Uint8Array.of(0, 0), seen: 0 });
    expect(star.up(rita)).toEqual({ kind: 'nothing' });
    rita.outbox.push({ kind: 'sync', update: Y.encodeStateAsUpdate(rita.doc), seen: 0 });
    expect(star.up(rita)).toEqual({ kind: 'nothing' });
    expect(star.gate.revision).toBe(revision);
    rita.doc.getText('note/n1').insert(0, 'x');
    expect(star.up(rita)).toMatchObject({ kind: 'judged', seq: revision + 1, verdicts: [] });
    rita.doc.getText('note/n1').delete(0, 1);
    expect(star.up(rita)).toMatchObject({ kind: 'judged', seq: revision + 2, verdicts: [] });
    set(rita, QUANTITY, '20');
    expect(star.up(rita)).toMatchObject({
      kind: 'judged',
      seq: revision + 3,
      verdicts: [{ before: '20', applied: '20' }],
    });
  });
});

describe('room', () => {
  const small = { documentBytes: 2_000, lineItems: 3, discounts: 1, notes: 1, cellBytes: 100 };

  test('[A30] a quote has a bounded number of rows, removed ones counted', () => {
    const star = createStar({ limits: small });
    const rita = star.join({ user: 'rita', role: 'sales_rep', clientId: 5 });
    const write = (cell: string, value: unknown): unknown => {
      set(rita, cell, value);
      const outcome = star.up(rita);
      star.settle();
      return outcome?.kind === 'judged' ? (outcome.verdicts[0]?.reason ?? 'accepted') : outcome?.kind;
    };
    expect(['a', 'b', 'c', 'd'].map((row) => write(`lineItems/${row}/name`, 'x'))).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'invalid_value',
    ]);
    expect(write('lineItems/a/removed', true)).toBe('accepted');
    expect(write('lineItems/d/name', 'x')).toBe('invalid_value');
    expect(write('lineItems/a/unit', 'x')).toBe('accepted');
    expect([write('discounts/a/label', 'x'), write('discounts/b/label', 'x')]).toEqual([
      'accepted',
      'invalid_value',
    ]);
    rita.doc.getText('note/n1').insert(0, 'text');
    expect(star.up(rita)).toMatchObject({ kind: 'judged', verdicts: [] });
    expect(write('notes/n1/audience', 'internal')).toBe('accepted');
    expect(write('notes/n2/audience', 'internal')).toBe('invalid_value');
    rita.doc.getText('note/n3').insert(0, 'text');
    expect(star.up(rita)).toMatchObject({ verdicts: [{ cell: 'note/n3', reason: 'invalid_value' }] });
  });

  test('[A30] a full quote takes nothing more, but values may be taken out', () => {
    const star = createStar({ limits: small });
    const rita = star.join({ user: 'rita', role: 'sales_rep', clientId: 5 });
    const write = (cell: string, value: unknown): string | null | undefined => {
      set(rita, cell, value);
      const outcome = star.up(rita);
      star.settle();
      return outcome?.kind === 'judged' ? outcome.verdicts[0]?.reason : outcome?.kind;
    };
    let large = 0;
    while (write(`fields/x_${large}`, 'y'.repeat(40)) === null) large += 1;
    expect(large).toBeGreaterThan(20);
    expect(large).toBeLessThan(40);
    expect(write('fields/x_new', 'y'.repeat(40))).toBe('invalid_value');
    rita.doc.getText('note/n1').insert(0, 'more'.repeat(20));
    expect(star.up(rita)).toMatchObject({ verdicts: [{ cell: 'note/n1', reason: 'invalid_value' }] });
    star.settle();
    // What is taken out makes room again.
    for (let index = 0; index < 8; index++) expect(write(`fields/x_${index}`, null)).toBeNull();
    rita.doc.getMap('fields').delete('x_8');
    expect(star.up(rita)).toMatchObject({ verdicts: [{ verdict: 'accepted', applied: null }] });
    expect(write('fields/x_0', 'y'.repeat(40))).toBeNull();
    star.settle();
    expectWinners(star);
  });

  test('[A44] what was refused does not make a quote full', () => {
    const scene = createScene();
    const viewer = scene.star.join({ user: 'viola', role: 'sales_rep', permission: 'viewer', clientId: 91 });
    const limits = { ...policyOf().limits, documentBytes: 600_000 };
    const policy = policyOf({}, limits);
    const submit = (update: Uint8Array, who: typeof viewer) =>
      scene.star.gate.submit({
        update,
        kind: 'update',
        actor: actorOf(who.person),
        seen: { kind: 'connection', revision: scene.star.gate.revision },
        activeEdits: { on: () => [], inRow: () => [] },
        policy,
      });
    for (let round = 0; round < 60; round++) {
      const clock = Y.getState(scene.star.gate.doc.store, 92);
      submit(
        forgeBlock(92, clock, ...many(40, (index) => inRoot('fields', `x_${round}_${index}`, any('no')))),
        viewer,
      );
    }
    expect(scene.star.gate.ledger.refusedBytesOfAll()).toBeGreaterThan(70_000);
    expect(scene.star.gate.ledger.refusedBytesOfAll()).toBeLessThanOrEqual(75_000);
    const bytes = 'y'.repeat(8_000);
    let accepted = 0;
    for (let index = 0; index < 90; index++) {
      const clock = Y.getState(scene.star.gate.doc.store, 93);
      const outcome = submit(
        forgeBlock(93, clock, inRoot('fields', `x_big${index}`, any(bytes))),
        scene.rita,
      );
      if (outcome.kind === 'judged' && outcome.verdicts[0]?.verdict === 'accepted') accepted += 1;
    }
    expect(accepted).toBeGreaterThanOrEqual(74);
    expect(accepted).toBeLessThanOrEqual(85);
  });
});

describe('text', () => {
  test('[A32] text asks only whether this person may write it at all', () => {
    const { rita, vp, star } = createScene();
    star.disconnect(rita);
    vp.doc.getText('note/n1').insert(0, 'VP: ');
    star.settle();
    rita.doc.getText('note/n1').delete(0, 7);
    star.reconnect(rita);
    star.settle();
    expect(star.gate.doc.getText('note/n1').toString()).toBe('VP:  us \u{1F600} only');
    set(vp, 'fields/status', 'approved');
    star.settle();
    rita.doc.getText('note/n1').insert(0, 'late');
    expect(star.up(rita)).toMatchObject({ verdicts: [{ cell: 'note/n1', reason: 'locked' }] });
    star.settle();
    expect(rita.doc.getText('note/n1').toString()).toBe('VP:  us \u{1F600} only');
  });

  test('[A32] the text of a note that is not there is accepted, formats are plain', () => {
    const { rita, star } = createScene();
    rita.doc
      .getText('note/ghost')
      .insert(0, 'boo', { link: 'https://example.com', header: 2, bold: true, color: null });
    expect(star.up(rita)).toMatchObject({ kind: 'judged', verdicts: [] });
    rita.doc.getText('note/ghost').format(0, 1, { table: { rows: 2 } });
    expect(star.up(rita)).toMatchObject({ verdicts: [{ cell: 'note/ghost', reason: 'invalid_value' }] });
    star.settle();
    expect(rita.doc.getText('note/ghost').toDelta()).toEqual(star.gate.doc.getText('note/ghost').toDelta());
  });
});

describe('rewriting and merging', () => {
  test('[A33] a refused struct keeps its place, so that what its author sends next can be merged', () => {
    const { rita, star } = createScene();
    const before = Y.getState(star.gate.doc.store, 60);
    set(rita, STICKY, '1');
    set(rita, 'fields/owner', 'rita');
    expect(star.up(rita)).toMatchObject({ verdicts: [{ verdict: 'refused' }] });
    expect(Y.getState(star.gate.doc.store, 60)).toBe(before + 1);
    expect(star.up(rita)).toMatchObject({ verdicts: [{ verdict: 'accepted' }] });
    expect(star.gate.doc.getMap('fields').get('owner')).toBe('rita');
  });

  test('[A34] one update goes out, and it corrects every stock replica, the author’s too', () => {
    const { rita, vp, star } = createScene();
    let emitted = 0;
    star.gate.doc.on('update', () => (emitted += 1));
    set(rita, STICKY, 'CANARY');
    const outcome = star.up(rita);
    expect(emitted).toBe(1);
    if (outcome?.kind !== 'judged' || outcome.merged === null) throw new Error('judged');
    expect(Buffer.from(outcome.merged).includes('CANARY')).toBe(false);
    expect(rita.doc.getMap('lineItems').get('l1/discountPercent')).toBe('CANARY');
    while (star.down(rita) || star.down(vp));
    expect(rita.doc.getMap('lineItems').get('l1/discountPercent')).toBe('30');
    expect(vp.doc.getMap('lineItems').get('l1/discountPercent')).toBe('30');
    expect(star.gate.doc.clientID).toBe(SERVER_CLIENT_ID);
  });

  test('[A35] a cell that never had a winner needs no correction', () => {
    const { rita, star } = createScene();
    set(rita, 'fields/nonsense', 'x');
    expect(star.up(rita)).toMatchObject({ verdicts: [{ reason: 'invalid_value' }], aliases: [] });
  });

  test('[A36] a correction is the write it restores, with its author, role and entry', () => {
    const { rita, vp, star } = createScene();
    const original = star.gate.ledger.record(STICKY as CellId)?.standing;
    set(rita, STICKY, '1');
    expect(star.up(rita)).toMatchObject({
      aliases: [{ cell: STICKY, of: { seq: original?.seq, user: 'vera', role: 'vp_sales' } }],
    });
    expect(star.gate.ledger.record(STICKY as CellId)?.standing).toEqual(original);
    star.settle();
    // Who stood on the correction has seen the value, and the value still is Vera's.
    set(rita, STICKY, '2');
    expect(star.up(rita)).toMatchObject({
      verdicts: [{ reason: 'authority_overridden', by: { user: 'vera' } }],
    });
    set(vp, STICKY, '25');
    expect(star.up(vp)).toMatchObject({ verdicts: [{ verdict: 'accepted', applied: '25' }] });
  });

  test('[A37] a deletion that stands is followed by a null on its author’s behalf', () => {
    const { rita, star } = createScene();
    rita.doc.getMap('fields').delete('customer');
    const outcome = star.up(rita);
    expect(outcome).toMatchObject({
      verdicts: [{ operation: 'delete', before: 'Acme', applied: null }],
      aliases: [
        { cell: 'fields/customer', of: { seq: star.gate.revision, user: 'rita', role: 'sales_rep' } },
      ],
    });
    star.settle();
    expect(star.gate.doc.getMap('fields').has('customer')).toBe(true);
    expect(star.gate.doc.getMap('fields').get('customer')).toBeNull();
  });

  test('[A28] a row comes back by its editor’s role, and the remover is told once', () => {
    const { rita, vp, star } = createScene();
    set(rita, 'lineItems/l3/position', 'a3');
    star.settle();
    star.disconnect(vp);
    set(rita, 'lineItems/l3/removed', true);
    star.settle();
    set(vp, 'lineItems/l3/name', 'kept');
    star.reconnect(vp);
    expect(star.history.at(-1)?.outcome).toMatchObject({
      verdicts: [
        { cell: 'lineItems/l3/name', verdict: 'accepted' },
        {
          cell: 'lineItems/l3/removed',
          operation: 'delete',
          before: true,
          applied: null,
          verdict: 'accepted',
        },
      ],
      overridden: [
        { user: 'rita', cell: 'lineItems/l3/removed', by: { user: 'vera' }, kept: null, yours: true },
      ],
      aliases: [{ cell: 'lineItems/l3/removed', of: { user: 'vera' } }],
    });
    star.settle();
    expectWinners(star);
  });

  test('[A28] else it stays removed, and its editor is told who removed it', () => {
    const { rita, vp, star } = createScene();
    set(rita, 'lineItems/l3/position', 'a3');
    star.settle();
    star.disconnect(rita);
    set(vp, 'lineItems/l3/removed', true);
    star.settle();
    set(rita, 'lineItems/l3/name', 'mine');
    star.reconnect(rita);
    expect(star.history.at(-1)?.outcome).toMatchObject({
      verdicts: [{ cell: 'lineItems/l3/name', verdict: 'accepted', applied: 'mine' }],
      overridden: [{ user: 'rita', cell: 'lineItems/l3/removed', by: { user: 'vera' }, kept: true }],
    });
  });
});
