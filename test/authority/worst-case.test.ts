import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type GateMemory, createGate } from '../../src/authority/gate.ts';
import type { UserId } from '../../src/lib/ids.ts';
import {
  type Struct,
  any,
  beside,
  deleted,
  document,
  forge,
  forgeBlock,
  gc,
  inRoot,
  many,
  on,
  skip,
  text,
  type,
} from '../support/forge.ts';
import { MALLORY_CLIENT, RITA_CLIENT, type Scene, createScene, expectSound } from '../support/scene.ts';

/**
 * Updates of up to 2 MiB, made to cost as much as they can. None may take long: the time limit of the tests stands in for a
 * clock, and what would be quadratic takes minutes.
 */
const M = MALLORY_CLIENT;
const SECONDS = 10_000;
const cell = (key: string): Struct => inRoot('fields', key, any('1'));
const letter = inRoot('note/n1', null, text('a'));

const own = (scene: Scene, structs: readonly Struct[]): Uint8Array =>
  forge({ blocks: [{ client: M, clock: scene.nextClock(), structs }] });

type Case = readonly [title: string, kind: string, forge: (scene: Scene) => Uint8Array];

const cases: readonly Case[] = [
  ['100,000 clients', 'malformed', () => forge({ blocks: clients(100_000, () => [cell('x_a')]) })],
  [
    '1,000 clients in one cell',
    'too_entangled',
    () => forge({ blocks: clients(1_000, () => [cell('x_a')]) }),
  ],
  ['300 clients in one text', 'judged', () => forge({ blocks: clients(300, () => [letter]) })],
  ['1,000 clients in one text', 'too_entangled', () => forge({ blocks: clients(1_000, () => [letter]) })],
  [
    '300,000 structs',
    'malformed',
    (scene) =>
      own(
        scene,
        many(300_000, () => gc(1)),
      ),
  ],
  [
    '80,000 letters, each before the last',
    'judged',
    (scene) => {
      const clock = scene.nextClock();
      return own(scene, [
        inRoot('note/n2', null, text('a')),
        ...many(79_999, (index) => beside({ right: [M, clock + index] }, text('b'))),
      ]);
    },
  ],
  [
    '80,000 letters, each in the middle of the ones before',
    'judged',
    (scene) => {
      const clock = scene.nextClock();
      return own(scene, [
        letter,
        on([M, clock], text('b')),
        ...many(60_000, (index) => beside({ origin: [M, clock], right: [M, clock + index + 1] }, text('c'))),
      ]);
    },
  ],
  [
    '120,000 values in one cell, each unaware of the others',
    'malformed',
    (scene) =>
      own(
        scene,
        many(120_000, () => cell('x')),
      ),
  ],
  [
    '80,000 values in one cell, each on the one before',
    'judged',
    (scene) => {
      const clock = scene.nextClock();
      return own(scene, [cell('x_a'), ...many(79_999, (index) => on([M, clock + index], any('2')))]);
    },
  ],
  [
    '80,000 values in one cell, the second half backwards',
    'malformed',
    (scene) => {
      const clock = scene.nextClock();
      const back = many(40_000, (index) => on([M, clock + 39_999 - index], any('3')));
      return own(scene, [cell('x_a'), ...many(39_999, (index) => on([M, clock + index], any('2'))), ...back]);
    },
  ],
  [
    '80,000 cells',
    'judged',
    (scene) =>
      own(
        scene,
        many(80_000, (index) => cell(`x_${index}`)),
      ),
  ],
  [
    '80,000 cells that do not exist',
    'over_quota',
    (scene) =>
      own(
        scene,
        many(80_000, (index) => cell(`y${index}`)),
      ),
  ],
  [
    'letters at one place, each unaware of the others',
    'malformed',
    (scene) =>
      own(
        scene,
        many(80_000, () => letter),
      ),
  ],
  [
    'letters at one place with right neighbours far off',
    'malformed',
    (scene) => {
      scene.send(forgeBlock(901, 0, inRoot('note/n1', null, text('x'.repeat(3_000)))));
      return forge({
        blocks: clients(300, (client) => [beside({ right: [901, 2_999 - (client % 300)] }, text('b'))]),
      });
    },
  ],
  [
    'more of those',
    'malformed',
    (scene) => {
      scene.send(forgeBlock(901, 0, inRoot('note/n1', null, text('x'.repeat(100_000)))));
      return forge({
        blocks: clients(1_000, (client) => [beside({ right: [901, 99_999 - (client % 1_000)] }, text('b'))]),
      });
    },
  ],
  [
    '1,000 clients that wait for each other in turn',
    'judged',
    () => {
      const turns = (client: number): Struct[] =>
        many(79, (turn) => {
          if (client === 1_999) return turn === 0 ? letter : on([1_000, turn - 1], text('b'));
          return on([client + 1, turn], text('b'));
        });
      return forge({ blocks: clients(1_000, turns) });
    },
  ],
  [
    'every second letter of a million deleted',
    'too_entangled',
    (scene) => {
      scene.send(forgeBlock(901, 0, inRoot('note/n1', null, text('x'.repeat(1_000_000)))));
      return forge({
        deletions: [[901, Array.from({ length: 300_000 }, (_, index) => [index * 2, 1] as const)]],
      });
    },
  ],
  [
    'every second letter of its own million deleted',
    'too_entangled',
    (scene) => {
      const clock = scene.nextClock();
      return forge({
        blocks: [{ client: M, clock, structs: [inRoot('note/n1', null, text('x'.repeat(1_000_000)))] }],
        deletions: [[M, Array.from({ length: 150_000 }, (_, index) => [clock + index * 2, 1] as const)]],
      });
    },
  ],
  [
    '3,000 cuts through a text',
    'judged',
    (scene) => {
      scene.send(forgeBlock(901, 0, inRoot('note/n1', null, text('x'.repeat(100_000)))));
      return forge({
        deletions: [[901, Array.from({ length: 1_500 }, (_, index) => [index * 2, 1] as const)]],
      });
    },
  ],
  [
    '2,000 cuts in front of 140,000 structs of the same client',
    'too_entangled',
    (scene) => {
      const before = (from: number) =>
        many(70_000, (index) => beside({ right: [901, from + index] }, text('b')));
      const long = inRoot('note/n2', null, text('x'.repeat(10_000)));
      scene.send(forgeBlock(901, 0, long, beside({ right: [901, 0] }, text('b')), ...before(10_000)));
      scene.send(forgeBlock(901, 80_001, ...before(80_000)));
      return forge({
        deletions: [[901, Array.from({ length: 1_000 }, (_, index) => [10 + index * 2, 1] as const)]],
      });
    },
  ],
  [
    '20,000 letters, each inside a text that is there',
    'too_entangled',
    (scene) => {
      scene.send(forgeBlock(901, 0, inRoot('note/n1', null, text('x'.repeat(100_000)))));
      return own(
        scene,
        many(20_000, (index) => beside({ origin: [901, index], right: [901, index + 1] }, text('b'))),
      );
    },
  ],
  [
    '12 letters beside a text of 60,000 structs, each unaware of it',
    'too_entangled',
    (scene) => {
      scene.send(inTurn(60_000, letter, text('b')));
      return forge({ blocks: clients(12, () => [letter]) });
    },
  ],
  [
    '30 values in a cell that was written 60,000 times, each unaware of it',
    'too_entangled',
    (scene) => {
      scene.send(inTurn(60_000, cell('x_a'), any('2')));
      return forge({ blocks: clients(30, () => [cell('x_a')]) });
    },
  ],
  [
    '40,000 letters into one emoji, among 300,000 empty delete ranges',
    'malformed',
    (scene) => {
      scene.send(forgeBlock(901, 0, inRoot('note/n1', null, text('\u{1F600}'))));
      const structs = many(40_000, () => on([901, 0], text('b')));
      const empty = Array.from({ length: 300_000 }, () => [0, 0] as const);
      return forge({ blocks: [{ client: 902, clock: 0, structs }], deletions: [[901, empty]] });
    },
  ],
  [
    'all of a long text that is gone already, beside 400 other notes',
    'nothing',
    (scene) => {
      scene.send(forgeBlock(903, 0, ...many(400, (index) => inRoot(`note/m${index}`, null, text('a')))));
      scene.send(inTurn(20_000, letter, text('b')));
      const all = forge({
        deletions: [
          [901, [[0, 10_000]]],
          [902, [[0, 10_000]]],
        ],
      });
      expect(scene.send(all).kind).toBe('judged');
      return all;
    },
  ],
  [
    '390,000 delete ranges in no order',
    'nothing',
    () =>
      forge({
        deletions: [
          [
            RITA_CLIENT,
            Array.from({ length: 390_000 }, (_, index) => [(index * 7_919) % 390_000, 0] as const),
          ],
        ],
      }),
  ],
  [
    '500,000 delete ranges',
    'malformed',
    () => forge({ deletions: [[RITA_CLIENT, Array.from({ length: 500_000 }, () => [0, 1] as const)]] }),
  ],
  ['500,000 clients without a struct', 'nothing', () => forge({ blocks: clients(500_000, () => []) })],
  [
    'types, which Yjs would build',
    'malformed',
    (scene) =>
      own(
        scene,
        many(200_000, () => on([M, 0], type(2))),
      ),
  ],
  [
    'documents, which Yjs would build',
    'malformed',
    (scene) =>
      own(
        scene,
        many(200_000, () => on([M, 0], document(''))),
      ),
  ],
  [
    'skips',
    'malformed',
    (scene) =>
      own(
        scene,
        many(200_000, () => skip(1)),
      ),
  ],
  [
    '40,000 texts',
    'over_quota',
    (scene) =>
      own(
        scene,
        many(40_000, (index) => inRoot(`note/m${index}`, null, text('a'))),
      ),
  ],
  [
    'a list of two million parts',
    'judged',
    (scene) => own(scene, [inRoot('fields', 'title', any(Array.from({ length: 2_000_000 }, () => null)))]),
  ],
  [
    'deleted content as long as it may be, over and over',
    'judged',
    (scene) => {
      const clock = scene.nextClock();
      const most = 2 ** 24;
      return own(
        scene,
        many(60_000, (index) =>
          index === 0
            ? inRoot('fields', 'x_a', deleted(most))
            : on([M, clock + index * most - 1], deleted(most)),
        ),
      );
    },
  ],
];

function clients(count: number, structs: (client: number) => readonly Struct[]) {
  return Array.from({ length: count }, (_, index) => ({
    client: 1_000 + index,
    clock: 0,
    structs: structs(1_000 + index),
  }));
}

/** Structs of two clients, each on the last of the other: Yjs cannot join them. */
function inTurn(count: number, first: Struct, content: Parameters<typeof on>[1]): Uint8Array {
  const even = many(count / 2, (index) => (index === 0 ? first : on([902, index - 1], content)));
  const odd = many(count / 2, (index) => on([901, index], content));
  return forge({
    blocks: [
      { client: 902, clock: 0, structs: odd },
      { client: 901, clock: 0, structs: even },
    ],
  });
}

describe('is judged in no time', () => {
  test.each(cases)(
    '[A10] %s: %s',
    (_title, kind, make) => {
      const scene = createScene();
      const bytes = make(scene);
      const outcome = scene.send(bytes);
      expect([outcome.kind, 'reason' in outcome && outcome.reason]).toEqual([kind, expect.anything()]);
      expect(scene.star.gate.doc.store.pendingStructs).toBeNull();
      scene.vp.doc.getMap('fields').set('owner', 'vera');
      expect(scene.star.up(scene.vp)).toMatchObject({
        verdicts: [{ cell: 'fields/owner', verdict: 'accepted' }],
      });
    },
    SECONDS,
  );

  test(
    '[A10] 2,000 rows pasted at once by a stock client are an honest update',
    () => {
      const scene = createScene();
      scene.rita.doc.transact(() => {
        const lines = scene.rita.doc.getMap('lineItems');
        for (let row = 0; row < 1_990; row++) {
          lines.set(`p${row}/position`, `a0${row.toString(36)}z`.replaceAll('0z', '1'));
          for (let column = 0; column < 14; column++)
            lines.set(`p${row}/x_${column}`, `value ${row} ${column}`);
        }
      });
      const outcome = scene.star.up(scene.rita);
      expect(outcome?.kind).toBe('judged');
      const refused =
        outcome?.kind === 'judged' ? outcome.verdicts.filter(({ verdict }) => verdict !== 'accepted') : [];
      expect(refused).toEqual([]);
      expect(outcome?.kind === 'judged' && outcome.verdicts.length).toBe(1_990 * 15);
    },
    SECONDS,
  );

  test(
    '[A10] a note written offline for hours is an honest update',
    () => {
      const scene = createScene();
      scene.star.disconnect(scene.rita);
      const note = scene.rita.doc.getText('note/n1');
      for (let edit = 0; edit < 2_000; edit++) {
        note.insert((edit * 7_919) % (note.length + 1), 'word ');
        if (edit % 3 === 0) note.delete((edit * 31) % (note.length - 2), 2);
      }
      scene.star.reconnect(scene.rita);
      expect(scene.star.history.at(-1)?.outcome.kind).toBe('judged');
      scene.star.settle();
      expect(scene.star.gate.doc.getText('note/n1').toString()).toBe(note.toString());
      expect(Y.encodeStateVector(scene.star.gate.doc)).toEqual(Y.encodeStateVector(scene.rita.doc));
    },
    SECONDS,
  );

  test('[A10] many updates of one person, each just quick enough, are too much in all', () => {
    const scene = createScene();
    scene.send(inTurn(25_000, letter, text('b')));
    let frames = 0;
    let kind = 'judged';
    // Each from a tab that knows of nothing.
    for (; kind === 'judged' && frames < 200; frames++) {
      kind = scene.send(forgeBlock(1_000 + frames, 0, letter)).kind;
    }
    expect(kind).toBe('over_quota');
    expect(frames).toBeGreaterThan(40);
    // Nobody else is out, and neither is the same person with what costs nothing.
    scene.rita.doc.getMap('fields').set('owner', 'rita');
    expect(scene.star.up(scene.rita)).toMatchObject({ verdicts: [{ verdict: 'accepted' }] });
    expect(scene.send(own(scene, [cell('x_a')]))).toMatchObject({ kind: 'judged' });
    const memory: GateMemory = JSON.parse(JSON.stringify(scene.star.gate.remember()));
    const again = createGate({ state: Y.encodeStateAsUpdateV2(scene.star.gate.doc), memory });
    expect(again.remember()).toEqual(scene.star.gate.remember());
    expect(again.ledger.mergeSteps(scene.mallory.person.user as UserId)).toBeGreaterThan(2_400_000);
  }, 30_000);

  test('[A10] the same cells again, after a long history', () => {
    const scene = createScene();
    for (let round = 0; round < 300; round++) {
      for (const who of [scene.vp, scene.rita]) {
        who.doc.getMap('fields').set('title', `round ${round}`);
        scene.star.settle();
      }
    }
    expectSound(scene, { 'fields/title': 'round 299' });
  });
});
