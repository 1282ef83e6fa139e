import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { any, deleted, forge, forgeBlock, inRoot, many, on, text } from '../support/forge.ts';
import { AGREED, MALLORY_CLIENT, createScene, expectConverged, expectSound, set } from '../support/scene.ts';
import { actorOf } from '../support/star.ts';

/** Several writes in one update, several updates in flight, updates sent again, and people who try everything in turn. */
const M = MALLORY_CLIENT;
const QUANTITY = 'lineItems/l1/quantity';
const STICKY = 'lineItems/l1/discountPercent';

describe('partly refused', () => {
  test('[H27] an allowed cell, a refused cell and a refused deletion in one transaction', () => {
    const scene = createScene();
    scene.star.disconnect(scene.rita);
    set(scene.vp, QUANTITY, '21');
    scene.star.settle();
    scene.rita.doc.transact(() => {
      set(scene.rita, 'fields/customer', 'Acme Ltd');
      set(scene.rita, QUANTITY, '5');
      scene.rita.doc.getMap('lineItems').delete('l1/discountPercent');
    });
    scene.star.reconnect(scene.rita);
    expect(scene.star.history.at(-1)?.outcome).toMatchObject({
      verdicts: [
        { cell: 'fields/customer', verdict: 'accepted', applied: 'Acme Ltd' },
        { cell: QUANTITY, reason: 'authority_overridden', applied: '21' },
        { cell: STICKY, reason: 'authority_overridden', applied: '30', operation: 'delete' },
      ],
    });
    expectSound(scene, { 'fields/customer': 'Acme Ltd', [QUANTITY]: '21', [STICKY]: '30' });
  });
});

describe('in flight', () => {
  test('[H28] a refused write followed by two more that stand on it', () => {
    const scene = createScene();
    scene.star.down(scene.rita);
    set(scene.vp, QUANTITY, '21');
    scene.star.up(scene.vp);
    for (const value of ['1', '2', '3']) set(scene.rita, QUANTITY, value);
    for (const value of ['1', '2', '3']) {
      expect(scene.star.up(scene.rita)).toMatchObject({
        verdicts: [{ offered: value, applied: '21', reason: 'authority_overridden' }],
      });
    }
    scene.star.settle();
    set(scene.rita, QUANTITY, '4');
    expect(scene.star.up(scene.rita)).toMatchObject({ verdicts: [{ applied: '4', verdict: 'accepted' }] });
    expectSound(scene, { [QUANTITY]: '4' });
  });

  test('[A16] a deletion that crossed a correction on its way deletes what the correction restored', () => {
    const scene = createScene();
    const replaced = scene.tip(QUANTITY);
    scene.send(forgeBlock(M, scene.nextClock(), inRoot('lineItems', 'l1/quantity', any('1'))));
    // Rita deletes Vera's own struct: the alias that replaced it has not reached her.
    expect(scene.tip(QUANTITY)).not.toEqual(replaced);
    scene.rita.doc.getMap('lineItems').delete('l1/quantity');
    expect(scene.star.up(scene.rita)).toMatchObject({
      verdicts: [{ cell: QUANTITY, operation: 'delete', applied: null, verdict: 'accepted' }],
    });
    expectSound(scene, { [QUANTITY]: null });
  });

  test('[A16] but not in a sync step 2, and not when it was refused before', () => {
    const scene = createScene();
    const [client, clock] = scene.tip(STICKY);
    const deletion = forge({ deletions: [[client, [[clock, 1]]]] });
    expect(scene.send(deletion)).toMatchObject({ verdicts: [{ cell: STICKY, applied: '30' }] });
    const before = scene.bytes();
    expect(scene.send(deletion)).toEqual({ kind: 'nothing' });
    expect(scene.send(deletion, { kind: 'sync', as: scene.vp })).toEqual({ kind: 'nothing' });
    expect(scene.bytes()).toEqual(before);
    // Vera herself means it.
    expect(scene.send(deletion, { as: scene.vp })).toMatchObject({
      verdicts: [{ cell: STICKY, applied: null, verdict: 'accepted' }],
    });
    expectSound(scene, { [STICKY]: null });
  });
});

describe('sent again', () => {
  test('[H30] an old refused update, and an accepted one after its author lost the role', () => {
    const scene = createScene();
    const refused = forgeBlock(M, scene.nextClock(), on(scene.tip(STICKY), any('1')));
    scene.send(refused);
    const accepted = forgeBlock(M, scene.nextClock(), on(scene.tip('fields/customer'), any('Acme & Co')));
    scene.send(accepted);
    const before = scene.bytes();
    const viewer = { ...actorOf(scene.mallory.person), permission: 'viewer' as const };
    for (const update of [refused, accepted, Y.mergeUpdates([refused, accepted])]) {
      for (const kind of ['update', 'sync'] as const) {
        const outcome = scene.star.gate.submit({
          update,
          kind,
          actor: viewer,
          seen: { kind: 'connection', revision: 0 },
          activeEdits: { on: () => [], inRow: () => [] },
          policy: scene.star.policy,
        });
        expect(outcome).toEqual({ kind: 'nothing' });
      }
    }
    expect(scene.bytes()).toEqual(before);
    expectSound(scene, { ...AGREED, 'fields/customer': 'Acme & Co' });
  });

  test('[H30] somebody else who sends them gets nothing out of it', () => {
    const scene = createScene();
    const refused = forgeBlock(M, scene.nextClock(), on(scene.tip(STICKY), any('1')));
    expect(scene.send(refused, { as: scene.vp })).toMatchObject({ kind: 'malformed' });
    scene.send(refused);
    expect(scene.send(refused, { as: scene.vp })).toEqual({ kind: 'nothing' });
    expectSound(scene);
  });

  test('[A16] undo of a refused edit brings nothing back', () => {
    const scene = createScene();
    const undo = new Y.UndoManager([scene.rita.doc.getMap('lineItems')], { captureTimeout: 0 });
    set(scene.rita, STICKY, '10');
    scene.star.settle();
    undo.undo();
    scene.star.settle();
    undo.redo();
    scene.star.settle();
    expect(scene.valueOf(STICKY)).toBe('30');
    expectConverged(scene.star);
    expectSound(scene);
  });
});

describe('one cell after the other', () => {
  test('[H33] a row swapped by rewriting its position and removing it', () => {
    const scene = createScene();
    const { rita, star } = scene;
    set(rita, 'lineItems/l9/position', 'a0');
    set(rita, 'lineItems/l9/quantity', '1');
    set(rita, 'lineItems/l1/position', 'a5');
    set(rita, 'lineItems/l1/removed', true);
    star.settle();
    const rows = star.history
      .slice(-4)
      .flatMap(({ outcome }) => (outcome.kind === 'judged' ? outcome.verdicts : []));
    expect(rows.map(({ cell, verdict }) => [cell, verdict])).toEqual([
      ['lineItems/l9/position', 'accepted'],
      ['lineItems/l9/quantity', 'accepted'],
      ['lineItems/l1/position', 'accepted'],
      ['lineItems/l1/removed', 'refused'],
    ]);
    expectSound(scene, { [STICKY]: '30', 'lineItems/l1/position': 'a5', 'lineItems/l1/removed': null });
  });

  test('[H33] offline, against a VP who is at work in the row, it stays where it was', () => {
    const scene = createScene();
    const { rita, vp, star } = scene;
    star.disconnect(rita);
    set(vp, 'lineItems/l1/position', 'a1');
    set(vp, 'lineItems/l1/unit', 'pcs');
    star.settle();
    rita.doc.transact(() => {
      set(rita, 'lineItems/l1/position', 'a5');
      set(rita, 'lineItems/l1/removed', true);
    });
    star.reconnect(rita);
    expectSound(scene, { 'lineItems/l1/position': 'a1', 'lineItems/l1/removed': null, [QUANTITY]: '20' });
  });

  test('[H34] every cell of a protected row cleared one by one', () => {
    const scene = createScene();
    const clock = scene.nextClock();
    const cells = ['l1/quantity', 'l1/discountPercent', 'l1/position', 'l1/name', 'l1/unit'];
    // Without an origin: she has seen nothing, whatever she says.
    const blind = many(cells.length, (index) => inRoot('lineItems', cells[index] ?? '', any(null)));
    expect(scene.send(forgeBlock(M, clock, ...blind))).toMatchObject({
      verdicts: [
        { cell: QUANTITY, reason: 'authority_overridden' },
        { cell: STICKY, reason: 'authority_overridden' },
        { cell: 'lineItems/l1/position', reason: 'invalid_value' },
        { cell: 'lineItems/l1/name', verdict: 'accepted' },
        { cell: 'lineItems/l1/unit', verdict: 'accepted' },
      ],
    });
    expectSound(scene);
    const sticky = many(3, () => on(scene.tip(STICKY), deleted(1)));
    for (const struct of sticky) scene.send(forgeBlock(M, scene.nextClock(), struct));
    expectSound(scene);
  });

  test('[H34] a removed row cannot be brought in again under the values of a higher role', () => {
    const scene = createScene();
    set(scene.vp, 'discounts/d1/position', 'a0');
    set(scene.vp, 'discounts/d1/removed', true);
    scene.star.settle();
    set(scene.rita, 'discounts/d1/removed', null);
    expect(scene.star.up(scene.rita)).toMatchObject({
      verdicts: [{ applied: true, reason: 'authority_overridden' }],
    });
    expectSound(scene, { 'discounts/d1/removed': true });
  });
});

describe('more than a quote keeps', () => {
  test('[A44] refused structs of one person are bounded, and do not use up the room of the others', () => {
    const scene = createScene();
    const viewer = scene.star.join({ user: 'viola', role: 'sales_rep', permission: 'viewer', clientId: 91 });
    const kinds = new Map<string, number>();
    let sent = 0;
    for (let frame = 0; frame < 12; frame++) {
      const structs = many(4_000, (index) =>
        inRoot('fields', `x_${frame}_${index}_${'k'.repeat(200)}`.slice(0, 60), any('CANARY')),
      );
      const clock = Y.getState(scene.star.gate.doc.store, 92);
      const outcome = scene.send(forgeBlock(92, clock, ...structs), { as: viewer });
      sent += 4_000 * 80;
      kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1);
    }
    expect(sent).toBeGreaterThan(3_000_000);
    expect(kinds.get('over_quota')).toBeGreaterThan(5);
    expect(scene.bytes().length).toBeLessThan(1_200_000);
    expectSound(scene);
  }, 60_000);

  test('[A4] one person has a bounded number of clients in a quote', () => {
    const scene = createScene();
    const round = (from: number): string => {
      const blocks = Array.from({ length: 1_000 }, (_, index) => ({
        client: from + index,
        clock: 0,
        structs: [inRoot('fields', `x_${index}`, any('1'))],
      }));
      return scene.send(forge({ blocks })).kind;
    };
    const kinds = Array.from({ length: 12 }, (_, index) => round(100_000 + index * 1_000));
    expect(kinds.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 'judged'));
    expect(kinds.slice(10)).toEqual(['over_quota', 'over_quota']);
    expectSound(scene);
  });

  test('[A3] clocks do not grow beyond what Yjs can count', () => {
    const scene = createScene();
    const most = 2 ** 24;
    let clock = scene.nextClock();
    const structs = many(60_000, (index) =>
      index === 0 ? inRoot('fields', 'x_a', deleted(most)) : on([M, clock + index * most - 1], deleted(most)),
    );
    expect(scene.send(forgeBlock(M, clock, ...structs)).kind).toBe('judged');
    clock = scene.nextClock();
    expect(clock).toBe(1 + 60_000 * most);
    const next = many(10_000, (index) => on([M, clock + index * most - 1], deleted(most)));
    expect(scene.send(forgeBlock(M, clock, ...next))).toMatchObject({ kind: 'malformed' });
    scene.star.settle();
    set(scene.rita, 'fields/owner', 'rita');
    expect(scene.star.up(scene.rita)).toMatchObject({ verdicts: [{ verdict: 'accepted' }] });
    scene.star.settle();
    expect(scene.vp.doc.getMap('fields').get('owner')).toBe('rita');
  });

  const textsOf = (client: number, clock: number, name: string, count: number): Uint8Array =>
    forgeBlock(client, clock, ...many(count, (index) => inRoot(`note/${name}${index}`, null, text('a'))));

  test('[A10] texts of notes beyond the limit are refused, and then closed for', () => {
    const scene = createScene();
    const outcome = scene.send(textsOf(M, scene.nextClock(), 'm', 599));
    expect(outcome).toMatchObject({ kind: 'judged' });
    if (outcome.kind === 'judged') expect(outcome.verdicts.length).toBe(100);
    expect(scene.send(textsOf(M, scene.nextClock(), 'k', 1))).toMatchObject({ kind: 'over_quota' });
    expectSound(scene);
  });

  test('[A10] who begins texts that are refused has a share of them, and others do not notice', () => {
    const scene = createScene();
    const { star } = scene;
    const viewer = star.join({ user: 'victor', role: 'admin', permission: 'viewer', clientId: 80 });
    const second = star.join({ user: 'vita', role: 'admin', permission: 'viewer', clientId: 81 });
    expect(scene.send(textsOf(800, 0, 'v', 100), { as: viewer })).toMatchObject({ kind: 'judged' });
    expect(scene.send(textsOf(800, 100, 'w', 1), { as: viewer })).toMatchObject({ kind: 'over_quota' });
    expect(scene.send(textsOf(801, 0, 'w', 101), { as: viewer })).toMatchObject({ kind: 'over_quota' });
    expect(scene.send(textsOf(802, 0, 'w', 100), { as: second })).toMatchObject({ kind: 'judged' });
    star.settle();
    for (let note = 0; note < 499; note++) {
      scene.rita.doc.getMap('notes').set(`r${note}/position`, 'a0');
      scene.rita.doc.getText(`note/r${note}`).insert(0, 'mine');
    }
    // One note too many, in a text that the viewer had begun.
    scene.rita.doc.getText('note/v7').insert(0, 'ours');
    star.settle();
    const outcomes = star.history.slice(-999).map(({ outcome }) => outcome);
    expect(outcomes.every((outcome) => outcome.kind === 'judged')).toBe(true);
    const reasons = outcomes.flatMap((outcome) => (outcome.kind === 'judged' ? outcome.verdicts : []));
    expect(reasons.filter(({ verdict }) => verdict !== 'accepted').map(({ reason }) => reason)).toEqual([
      'invalid_value',
    ]);
    expect(star.gate.doc.getText('note/r498').toString()).toBe('mine');
    expectSound(scene);
  });
});
