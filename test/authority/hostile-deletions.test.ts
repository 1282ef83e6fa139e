import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { SERVER_CLIENT_ID } from '../../src/lib/limits.ts';
import { any, beside, deleted, forge, forgeBlock, format, inRoot, on, text } from '../support/forge.ts';
import {
  MALLORY_CLIENT,
  VP_CLIENT,
  createScene,
  expectConverged,
  expectSound,
  set,
} from '../support/scene.ts';

/** Deletions carry no author and no key, and may come disguised: as content, as ranges out of order, as history. */
const M = MALLORY_CLIENT;
const STICKY = 'lineItems/l1/discountPercent';

const refusedByVera = {
  verdict: 'refused',
  reason: 'authority_overridden',
  by: { user: 'vera', role: 'vp_sales' },
};

describe('of what a higher role owns', () => {
  test('[H2] a struct of deleted content on a value, with an empty delete set', () => {
    const scene = createScene();
    const outcome = scene.send(forgeBlock(M, scene.nextClock(), on(scene.tip(STICKY), deleted(1))));
    expect(outcome).toMatchObject({
      verdicts: [{ cell: STICKY, operation: 'delete', applied: '30', ...refusedByVera }],
    });
    expectSound(scene);
  });

  test('[H2] the same, 10,000 clocks long', () => {
    const scene = createScene();
    const outcome = scene.send(forgeBlock(M, scene.nextClock(), on(scene.tip(STICKY), deleted(10_000))));
    expect(outcome).toMatchObject({ verdicts: [{ cell: STICKY, applied: '30', ...refusedByVera }] });
    expectSound(scene);
  });

  test('[H2] an undeclared deletion of her own struct, on which the value stands', () => {
    const scene = createScene();
    const bytes = forge({
      blocks: [{ client: M, clock: scene.nextClock(), structs: [on(scene.tip(STICKY), any('1'))] }],
      deletions: [[M, [[0, scene.nextClock() + 1]]]],
    });
    // `fields/contact`, her own value, is in the range too.
    expect(scene.send(bytes)).toMatchObject({
      verdicts: [
        { cell: STICKY, ...refusedByVera },
        { cell: 'fields/contact', operation: 'delete', verdict: 'accepted' },
      ],
    });
    expectSound(scene, { 'fields/contact': null, 'fields/title': 'Big deal' });
  });

  test('[H2] a bare delete range', () => {
    const scene = createScene();
    const [client, clock] = scene.tip(STICKY);
    const outcome = scene.send(forge({ deletions: [[client, [[clock, 1]]]] }));
    expect(outcome).toMatchObject({
      verdicts: [{ cell: STICKY, offered: null, applied: '30', ...refusedByVera }],
    });
    expectSound(scene);
  });
});

describe('beyond what exists', () => {
  test('[H4] a truncated delete set', () => {
    const scene = createScene();
    const whole = forge({
      deletions: [
        [
          VP_CLIENT,
          [
            [0, 1],
            [2, 1],
          ],
        ],
      ],
    });
    const before = scene.bytes();
    for (let length = 0; length < whole.length; length++) {
      expect(scene.send(whole.slice(0, length)).kind).toBe('malformed');
    }
    expect(scene.bytes()).toEqual(before);
    expectSound(scene);
  });

  test("[H8] a delete range over another user's future clocks", () => {
    const scene = createScene();
    const next = Y.getState(scene.star.gate.doc.store, VP_CLIENT);
    expect(scene.send(forge({ deletions: [[VP_CLIENT, [[next, 5]]]] })).kind).toBe('malformed');
    expect(scene.send(forge({ deletions: [[VP_CLIENT, [[0, next + 1]]]] })).kind).toBe('malformed');
    expectSound(scene);
  });

  test("[H9] a delete range over the server's future clocks", () => {
    const scene = createScene();
    scene.send(forgeBlock(M, scene.nextClock(), on(scene.tip(STICKY), any('1'))));
    const next = Y.getState(scene.star.gate.doc.store, SERVER_CLIENT_ID);
    expect(next).toBeGreaterThan(0);
    expect(scene.send(forge({ deletions: [[SERVER_CLIENT_ID, [[next, 1]]]] })).kind).toBe('malformed');
    expect(scene.send(forge({ deletions: [[2 ** 50, [[0, 1]]]] })).kind).toBe('malformed');
    expectSound(scene);
  });

  test('[H10] a delete range over own clocks that we do not hold is a gap', () => {
    const scene = createScene();
    expect(scene.send(forge({ deletions: [[M, [[scene.nextClock(), 1]]]] }))).toEqual({ kind: 'gap' });
    expectSound(scene);
  });
});

describe('of what is deleted already', () => {
  test("[H23] the whole history's delete set in a sync step 2 is no news", () => {
    const scene = createScene();
    for (let round = 0; round < 20; round++) set(scene.vp, 'lineItems/l1/quantity', String(round));
    scene.star.settle();
    // Refused and undone: its first struct is deleted and stays so.
    scene.send(forgeBlock(M, scene.nextClock(), on(scene.tip(STICKY), any('1'))));
    scene.star.settle();
    const before = scene.bytes();
    const viewer = scene.star.join({ user: 'viola', role: 'sales_rep', permission: 'viewer', clientId: 91 });
    scene.star.settle();
    const step2 = Y.encodeStateAsUpdate(viewer.doc, Y.encodeStateVector(scene.star.gate.doc));
    expect(step2.length).toBeGreaterThan(10);
    expect(scene.send(step2, { kind: 'sync', as: viewer })).toEqual({ kind: 'nothing' });
    expect(scene.send(Y.encodeStateAsUpdate(viewer.doc), { kind: 'sync', as: viewer })).toEqual({
      kind: 'nothing',
    });
    expect(scene.bytes()).toEqual(before);
    expectSound(scene, { 'lineItems/l1/quantity': '19' });
  });

  test('[H24] set, set again and delete in one transaction is an honest deletion', () => {
    const scene = createScene();
    scene.rita.doc.transact(() => {
      set(scene.rita, 'lineItems/l1/quantity', '1');
      set(scene.rita, 'lineItems/l1/quantity', '2');
      scene.rita.doc.getMap('lineItems').delete('l1/quantity');
    });
    expect(scene.star.up(scene.rita)).toMatchObject({
      verdicts: [{ cell: 'lineItems/l1/quantity', operation: 'delete', applied: null, verdict: 'accepted' }],
    });
    expectSound(scene, { 'lineItems/l1/quantity': null });
  });

  test('[H24] the same on a value that sticks is refused as a whole', () => {
    const scene = createScene();
    scene.rita.doc.transact(() => {
      set(scene.rita, STICKY, '1');
      set(scene.rita, STICKY, '2');
      scene.rita.doc.getMap('lineItems').delete('l1/discountPercent');
    });
    expect(scene.star.up(scene.rita)).toMatchObject({
      verdicts: [{ cell: STICKY, applied: '30', ...refusedByVera }],
    });
    expectSound(scene);
  });
});

describe('oddly written', () => {
  test('[H31] bytes after the end', () => {
    const scene = createScene();
    const before = scene.bytes();
    const [client, clock] = scene.tip('fields/customer');
    expect(scene.send(forge({ deletions: [[client, [[clock, 1]]]], tail: [0] })).kind).toBe('malformed');
    expect(scene.send(forge({ tail: [1, 2, 3] })).kind).toBe('malformed');
    expect(scene.bytes()).toEqual(before);
    expectSound(scene);
  });

  test('[H31] empty, unsorted and overlapping ranges are what they cover', () => {
    const scene = createScene();
    const [client, clock] = scene.tip('fields/customer');
    const ranges: [number, number][] = [
      [clock, 1],
      [0, 0],
      [clock + 1, 0],
      [clock, 1],
      [0, clock + 1],
    ];
    expect(scene.send(forge({ deletions: [[client, ranges]] }))).toMatchObject({
      verdicts: [{ cell: 'fields/customer', operation: 'delete', before: 'Acme', verdict: 'accepted' }],
    });
    expectSound(scene, { 'fields/customer': null, [STICKY]: '30' });
  });

  test('[H31] the same client in two delete blocks', () => {
    const scene = createScene();
    const [client, clock] = scene.tip(STICKY);
    const outcome = scene.send(
      forge({
        deletions: [
          [client, [[0, 0]]],
          [client, [[clock, 1]]],
          [client, [[clock, 1]]],
        ],
      }),
    );
    expect(outcome).toMatchObject({ verdicts: [{ cell: STICKY, ...refusedByVera }] });
    expectSound(scene);
  });
});

describe('of text', () => {
  const NOTE = 'between us \u{1F600} only';
  const noteOf = (doc: Y.Doc): string => doc.getText('note/n1').toString();

  test('[A11] whoever deletes half of a character deletes it; refused, it comes back whole', () => {
    const scene = createScene();
    const viewer = scene.star.join({ user: 'viola', role: 'sales_rep', permission: 'viewer', clientId: 91 });
    const [client, clock] = noteStart();
    const half = forge({ deletions: [[client, [[clock + 11, 1]]]] });
    expect(scene.send(half, { as: viewer })).toMatchObject({
      verdicts: [{ cell: 'note/n1', reason: 'not_permitted' }],
    });
    expect(noteOf(scene.star.gate.doc)).toBe(NOTE);
    expectSound(scene);
  });

  test('[A11] an accepted deletion of half of a character leaves no half', () => {
    const scene = createScene();
    const [client, clock] = noteStart();
    scene.send(forge({ deletions: [[client, [[clock + 12, 3]]]] }));
    expect(noteOf(scene.star.gate.doc)).toBe('between us nly');
    expectSound(scene);
  });

  test('[A11] text typed into the middle of a character deletes it; refused, it comes back whole', () => {
    const scene = createScene();
    const [client, clock] = noteStart();
    const viewer = scene.star.join({ user: 'viola', role: 'sales_rep', permission: 'viewer', clientId: 91 });
    const middle = beside({ origin: [client, clock + 11], right: [client, clock + 12] }, text('x'));
    scene.send(forgeBlock(92, 0, middle), { as: viewer });
    expect(noteOf(scene.star.gate.doc)).toBe(NOTE);
    scene.send(forgeBlock(M, scene.nextClock(), beside({ right: [client, clock + 12] }, text('y'))));
    scene.star.settle();
    expect(noteOf(scene.star.gate.doc)).not.toContain('\uFFFD');
    expectSound(scene);
  });

  test('[A38] a refused deletion of text is typed back in, a refused insertion is not seen by anyone', () => {
    const scene = createScene();
    const viewer = scene.star.join({ user: 'viola', role: 'sales_rep', permission: 'viewer', clientId: 91 });
    scene.star.settle();
    viewer.doc.transact(() => {
      const note = viewer.doc.getText('note/n1');
      note.delete(0, 8);
      note.insert(3, 'CANARY');
      note.format(1, 4, { bold: true });
    });
    const outcome = scene.star.up(viewer);
    expect(outcome).toMatchObject({
      verdicts: [{ cell: 'note/n1', operation: 'insert', reason: 'not_permitted' }],
    });
    if (outcome?.kind === 'judged') expect(Buffer.from(outcome.merged ?? []).includes('CANARY')).toBe(false);
    scene.star.settle();
    expect(noteOf(viewer.doc)).toBe(NOTE);
    expect(viewer.doc.getText('note/n1').toDelta()).toEqual([{ insert: NOTE }]);
    expectConverged(scene.star, [scene.vp, scene.rita, viewer]);
    expectSound(scene);
  });

  test('[A38] all text deleted by a viewer is all there again, whoever wrote it and however it was formatted', () => {
    const scene = createScene();
    const note = scene.rita.doc.getText('note/n1');
    note.insert(4, 'RITA', { bold: true });
    note.format(0, 2, { italic: true });
    scene.star.settle();
    const whole = scene.star.gate.doc.getText('note/n1').toDelta();
    const viewer = scene.star.join({ user: 'viola', role: 'sales_rep', permission: 'viewer', clientId: 91 });
    scene.star.settle();
    const shown = viewer.doc.getText('note/n1');
    shown.delete(0, shown.length);
    scene.star.settle();
    expect(shown.toDelta()).toEqual(whole);
    expectConverged(scene.star, [scene.vp, scene.rita, viewer]);
  });

  test('[A38] a text root of Mallory with formats that no editor makes is refused, and harms nobody', () => {
    const scene = createScene();
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    let before: number | null = null;
    for (const [key, value] of [
      ['bold', '{"a":1}'],
      ['k'.repeat(65), 'true'],
      ['x', deep],
    ] as const) {
      const clock = scene.nextClock();
      const content = format(key, value);
      const struct = before === null ? inRoot('note/n1', null, content) : on([M, before], content);
      const outcome = scene.send(forgeBlock(M, clock, struct));
      expect(outcome).toMatchObject({ verdicts: [{ cell: 'note/n1', reason: 'invalid_value' }] });
      before = clock;
    }
    expectSound(scene);
  });

  /** Where Vera's text begins: she wrote four values before. */
  const noteStart = (): [number, number] => [VP_CLIENT, 4];
});
