import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  type Struct,
  any,
  beside,
  binary,
  deleted,
  document,
  embed,
  forge,
  forgeBlock,
  format,
  gc,
  inItem,
  inRoot,
  json,
  many,
  on,
  raw,
  skip,
  text,
  type,
} from '../support/forge.ts';
import {
  MALLORY_CLIENT,
  RITA_CLIENT,
  type Scene,
  VP_CLIENT,
  createScene,
  expectSound,
} from '../support/scene.ts';

/** Updates that no correct client can send: they close the connection, and the quote is as if they had never come. */
const SERVER = 4_294_967_295;
const M = MALLORY_CLIENT;
const own = (scene: Scene, ...structs: readonly Struct[]): Uint8Array =>
  forgeBlock(M, scene.nextClock(), ...structs);
const title = any('forged');

type Case = readonly [title: string, forge: (scene: Scene) => Uint8Array];

const malformed: readonly Case[] = [
  [
    '[H3] the same client in two blocks',
    (scene) =>
      forge({
        blocks: [
          { client: M, clock: scene.nextClock(), structs: [inRoot('fields', 'title', any('a'))] },
          { client: 9, clock: 0, structs: [inRoot('fields', 'owner', any('b'))] },
          { client: M, clock: scene.nextClock() + 1, structs: [inRoot('fields', 'title', any('c'))] },
        ],
      }),
  ],
  [
    '[H5] an origin in its own future, inside the update',
    (scene) => own(scene, on([M, scene.nextClock() + 1], title), inRoot('fields', 'title', title)),
  ],
  ['[H5] an origin that is the struct itself', (scene) => own(scene, on([M, scene.nextClock()], title))],
  [
    '[H6] cyclic origins across clients',
    () =>
      forge({
        blocks: [
          { client: 901, clock: 0, structs: [on([902, 0], title)] },
          { client: 902, clock: 0, structs: [on([903, 0], title)] },
          { client: 903, clock: 0, structs: [on([901, 0], title)] },
        ],
      }),
  ],
  [
    "[H7] an origin that is another user's next struct",
    ({ star, nextClock }) =>
      forgeBlock(M, nextClock(), on([VP_CLIENT, Y.getState(star.gate.doc.store, VP_CLIENT)], title)),
  ],
  [
    "[H7] an origin that is the server's next struct",
    ({ star, nextClock }) =>
      forgeBlock(M, nextClock(), on([SERVER, Y.getState(star.gate.doc.store, SERVER)], title)),
  ],
  ['[H10] a skip in place of a struct', (scene) => own(scene, skip(1), inRoot('fields', 'title', title))],
  [
    "[H11] a GC of a victim's client id, 2^40 long",
    ({ star }) => forgeBlock(VP_CLIENT, Y.getState(star.gate.doc.store, VP_CLIENT), gc(2 ** 40)),
  ],
  ["[H11] a GC of a victim's client id, from its beginning on", () => forgeBlock(VP_CLIENT, 0, gc(2 ** 24))],
  ['[H11] a GC of a free client id', () => forgeBlock(901, 0, gc(1))],
  [
    "[H12] a struct forged under the server's id",
    ({ star }) =>
      forgeBlock(SERVER, Y.getState(star.gate.doc.store, SERVER), inRoot('fields', 'title', title)),
  ],
  ['[H13] a client id of 2^32', () => forgeBlock(2 ** 32, 0, inRoot('fields', 'title', title))],
  ['[H13] a client id of 2^53 - 1', () => forgeBlock(2 ** 53 - 1, 0, inRoot('fields', 'title', title))],
  [
    '[H15] the info byte 0x8A, which two decoders read differently',
    (scene) => own(scene, raw(0x8a, 1, 1, 1)),
  ],
  ['[H15] the info byte 0x1F, which no content has', (scene) => own(scene, raw(0x1f, 1, 1, 1))],
  ['[H16] a list item in a map', (scene) => own(scene, inRoot('lineItems', null, title))],
  ['[H16] a key in a text', (scene) => own(scene, inRoot('note/n1', 'key', text('a')))],
  ['[H17] two values under one key', (scene) => own(scene, inRoot('fields', 'title', any('a', 'b')))],
  [
    '[H17] two values under one key, half of them deleted again',
    (scene) =>
      forge({
        blocks: [
          { client: M, clock: scene.nextClock(), structs: [inRoot('fields', 'title', any('a', 'b'))] },
        ],
        deletions: [[M, [[scene.nextClock(), 1]]]],
      }),
  ],
  ...(
    [
      ['text', text('abc')],
      ['a format', format('bold', 'true')],
      ['an embed', embed({ image: 'x' })],
      ['a document', document('guid')],
      ['bytes', binary(1, 2, 3)],
      ['JSON of old clients', json('abc')],
    ] as const
  ).map(([name, content]): Case => [
    `[H17] ${name} in a map`,
    (scene) => own(scene, on(scene.tip('lineItems/l1/quantity'), content)),
  ]),
  ...(
    [
      ['a value', any('abc')],
      ['an embed', embed({ image: 'x' })],
      ['a nested type', type(1)],
    ] as const
  ).map(([name, content]): Case => [
    `[H17] ${name} in a text`,
    (scene) => own(scene, inRoot('note/n1', null, content)),
  ]),
  ['[H19] a root that a quote does not have', (scene) => own(scene, inRoot('secrets', 'title', title))],
  ...['note/', 'note/a b', 'note/../fields', `note/${'n'.repeat(65)}`, 'note', 'note/n1/x'].map(
    (root): Case => [
      `[H19] the text root "${root.slice(0, 20)}"`,
      (scene) => own(scene, inRoot(root, null, text('a'))),
    ],
  ),
  ['[H19] a key of 10,000 characters', (scene) => own(scene, inRoot('fields', 'k'.repeat(10_000), title))],
  [
    '[H20] neighbours in different maps',
    (scene) =>
      own(
        scene,
        beside({ origin: scene.tip('fields/title'), right: scene.tip('lineItems/l1/quantity') }, title),
      ),
  ],
  [
    '[H20] neighbours in a map and a text',
    (scene) => own(scene, beside({ origin: scene.tip('fields/title'), right: [VP_CLIENT, 5] }, title)),
  ],
  [
    '[H20] neighbours in two texts',
    (scene) => {
      const clock = scene.nextClock();
      return own(
        scene,
        inRoot('note/n2', null, text('x')),
        beside({ origin: [M, clock], right: [VP_CLIENT, 5] }, text('y')),
      );
    },
  ],
  [
    '[H21] 20,000 nested types',
    (scene) => {
      const clock = scene.nextClock();
      const inner = many(20_000, (index) => inItem([M, clock + index], null, type(0)));
      return own(scene, inRoot('fields', 'title', type(0)), ...inner);
    },
  ],
  ['[H21] an item inside a value', (scene) => own(scene, inItem(scene.tip('fields/title'), null, title))],
  [
    '[H22] a count of 30,000,000 structs in 30 bytes',
    (scene) =>
      forge({
        blocks: [
          { client: M, clock: scene.nextClock(), count: 3e7, structs: [inRoot('fields', 'title', title)] },
        ],
      }),
  ],
  ['[H25] a Y.Map put under a cell', (scene) => nest(scene, new Y.Map([['amount', '1']]))],
  ['[H25] a Y.Array put under a cell', (scene) => nest(scene, Y.Array.from(['1']))],
  ['[H25] a Y.Text put under a cell', (scene) => nest(scene, new Y.Text('1'))],
  [
    "[H26] a right neighbour only, left of a VP's value",
    (scene) => own(scene, beside({ right: scene.tip('lineItems/l1/discountPercent') }, any('1'))),
  ],
  [
    '[H29] structs of another user',
    ({ star }) =>
      forgeBlock(RITA_CLIENT, Y.getState(star.gate.doc.store, RITA_CLIENT), inRoot('fields', 'title', title)),
  ],
  [
    "[H29] own structs, and behind them another user's",
    (scene) =>
      forge({
        blocks: [
          { client: M, clock: scene.nextClock(), structs: [inRoot('fields', 'owner', any('mine'))] },
          {
            client: RITA_CLIENT,
            clock: Y.getState(scene.star.gate.doc.store, RITA_CLIENT),
            structs: [inRoot('fields', 'title', title)],
          },
        ],
      }),
  ],
  [
    '[H32] an update in format V2',
    (scene) => {
      const doc = new Y.Doc();
      doc.clientID = 901;
      doc.getMap('fields').set('title', 'forged');
      expect(scene.valueOf('fields/title')).toBe('Big deal');
      return Y.encodeStateAsUpdateV2(doc);
    },
  ],
];

/** What Yjs makes of a nested type, sent by a client of Mallory's. */
function nest({ star }: Scene, value: unknown): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(star.gate.doc));
  doc.clientID = 901;
  const before = Y.encodeStateVector(doc);
  doc.getMap('lineItems').set('l1/quantity', value);
  return Y.encodeStateAsUpdate(doc, before);
}

describe('closes the connection', () => {
  test.each(malformed)('%s', (_title, make) => {
    const scene = createScene();
    const bytes = make(scene);
    const before = scene.bytes();
    for (const kind of ['update', 'sync'] as const) {
      expect(scene.send(bytes, { kind })).toMatchObject({ kind: 'malformed' });
    }
    expect(scene.bytes()).toEqual(before);
    expectSound(scene);
  });
});

describe('asks for what is missing', () => {
  const gaps: readonly Case[] = [
    [
      '[H5] an origin in its own future, beyond the update',
      (scene) => own(scene, on([M, scene.nextClock() + 7], title)),
    ],
    [
      '[H10] a gap before the first struct',
      (scene) => forgeBlock(M, scene.nextClock() + 1, inRoot('fields', 'title', title)),
    ],
    [
      '[H10] a gap between two clients of hers',
      (scene) => forgeBlock(901, 0, on([M, scene.nextClock() + 3], title)),
    ],
    ['[H10] a skip over what is missing', (scene) => forgeBlock(M, scene.nextClock() + 2, skip(2))],
  ];
  test.each(gaps)('%s', (_title, make) => {
    const scene = createScene();
    const before = scene.bytes();
    expect(scene.send(make(scene))).toEqual({ kind: 'gap' });
    expect(scene.bytes()).toEqual(before);
    expectSound(scene);
  });
});

describe('is decided like any other write', () => {
  test('[H1] an overwrite with only an origin on the wire', () => {
    const scene = createScene();
    const outcome = scene.send(own(scene, on(scene.tip('lineItems/l1/discountPercent'), any('5'))));
    expect(outcome).toMatchObject({
      verdicts: [
        {
          cell: 'lineItems/l1/discountPercent',
          before: '30',
          offered: '5',
          applied: '30',
          verdict: 'refused',
          reason: 'authority_overridden',
          by: { user: 'vera', role: 'vp_sales' },
        },
      ],
    });
    expectSound(scene);
  });

  test('[H1] a chain of such overwrites is one write, by its last struct', () => {
    const scene = createScene();
    const clock = scene.nextClock();
    const outcome = scene.send(
      own(
        scene,
        on(scene.tip('lineItems/l1/quantity'), any('1')),
        on([M, clock], any('2')),
        on([M, clock + 1], any('3')),
      ),
    );
    expect(outcome).toMatchObject({
      verdicts: [{ cell: 'lineItems/l1/quantity', offered: '3', verdict: 'accepted' }],
    });
    expectSound(scene, { 'lineItems/l1/quantity': '3' });
  });

  test('[H14] other content under a clock that is taken changes nothing', () => {
    const scene = createScene();
    const before = scene.bytes();
    expect(scene.send(forgeBlock(M, 0, inRoot('fields', 'title', title)))).toEqual({ kind: 'nothing' });
    expect(scene.send(forgeBlock(VP_CLIENT, 0, inRoot('fields', 'title', title)))).toEqual({
      kind: 'nothing',
    });
    expect(scene.bytes()).toEqual(before);
    expectSound(scene);
  });

  test('[H29] structs of another user that we hold are no news', () => {
    const scene = createScene();
    expect(scene.send(Y.encodeStateAsUpdate(scene.rita.doc), { kind: 'sync' })).toEqual({ kind: 'nothing' });
    expectSound(scene);
  });

  test('[A6] of a struct that is held in part the rest lies where the part lies, whatever it says', () => {
    const scene = createScene();
    const clock = scene.nextClock();
    // Mallory has a say over `x_mine`, not over the VP's discount; and her struct of two clocks begins in the first.
    scene.send(own(scene, on(scene.tip('lineItems/l1/discountPercent'), deleted(1))));
    const outcome = scene.send(forgeBlock(M, clock, inRoot('lineItems', 'l1/x_mine', deleted(2))));
    expect(outcome).toMatchObject({
      verdicts: [
        { cell: 'lineItems/l1/discountPercent', verdict: 'refused', reason: 'authority_overridden' },
      ],
    });
    expectSound(scene);
  });
});
