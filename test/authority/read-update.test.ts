import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type ReadUpdate, readUpdate } from '../../src/authority/read-update.ts';
import { createStructIndex } from '../../src/authority/struct-index.ts';
import type { UserId } from '../../src/lib/ids.ts';
import {
  any,
  beside,
  deleted,
  forge,
  forgeBlock,
  format,
  inRoot,
  many,
  on,
  text,
  type,
} from '../support/forge.ts';

/** Reading by itself: what comes out of bytes, before anything is decided. */
const me = 'me' as UserId;

/** A document in which client 1 is somebody else's, client 2 mine, and client 3 free. */
function createHeld(): Y.Doc {
  const doc = new Y.Doc();
  for (const root of ['fields', 'lineItems', 'discounts', 'notes']) doc.getMap(root);
  doc.getText('note/n1');
  doc.clientID = 1;
  doc.getMap('fields').set('title', 'held');
  doc.getText('note/n1').insert(0, 'abc');
  doc.clientID = 2;
  doc.getMap('fields').set('owner', 'mine');
  return doc;
}

const read = (update: Uint8Array, doc = createHeld()): ReturnType<typeof readUpdate> =>
  readUpdate(update, {
    doc,
    structs: createStructIndex(),
    user: me,
    ownerOf: (client) => (client === 1 ? ('other' as UserId) : client === 2 ? me : null),
    clientsOfUser: 1,
    hasNote: () => false,
    notesFree: 500,
  });

const placesOf = (update: Uint8Array): unknown[] => {
  const found = read(update);
  if (found.kind !== 'update') throw new Error(JSON.stringify(found));
  return found.items.map(({ place }) => (place.kind === 'cell' ? place.cell : place.root));
};

describe('structs', () => {
  test('[A2] only text, formats, plain values and what was deleted get in', () => {
    for (const content of [any('x'), deleted(3)]) {
      expect(read(forgeBlock(2, 1, inRoot('fields', 'title', content))).kind).toBe('update');
    }
    for (const content of [text('x'), format('bold', 'true'), deleted(3)]) {
      expect(read(forgeBlock(2, 1, inRoot('note/n1', null, content))).kind).toBe('update');
    }
    for (const kind of [0, 1, 2] as const) {
      expect(read(forgeBlock(2, 1, inRoot('fields', 'title', type(kind)))).kind).toBe('malformed');
      expect(read(forgeBlock(2, 1, inRoot('note/n1', null, type(kind)))).kind).toBe('malformed');
    }
  });

  test('[A3] what we hold is left out, what follows it is new, a hole is a gap', () => {
    const all = forgeBlock(
      2,
      0,
      inRoot('fields', 'owner', any('mine')),
      inRoot('fields', 'title', any('new')),
    );
    const found = read(all);
    expect(found).toMatchObject({ kind: 'update', items: [{ offset: 0, place: { cell: 'fields/title' } }] });
    expect(read(forgeBlock(2, 2, inRoot('fields', 'title', any('new'))))).toEqual({ kind: 'gap' });
    expect(read(forgeBlock(3, 1, inRoot('fields', 'title', any('new'))))).toEqual({ kind: 'gap' });
  });

  test('[A4] a client id is one’s own or free', () => {
    const write = (client: number, clock: number): string =>
      read(forgeBlock(client, clock, inRoot('fields', 'title', any('new')))).kind;
    expect([write(1, 4), write(2, 1), write(3, 0)]).toEqual(['malformed', 'update', 'update']);
    expect([write(4_294_967_294, 0), write(4_294_967_295, 0), write(4_294_967_296, 0)]).toEqual([
      'update',
      'malformed',
      'malformed',
    ]);
  });

  test('[A5] an item lies under a key of a map, in a note’s text, or where its neighbours lie', () => {
    expect(
      placesOf(
        forgeBlock(
          2,
          1,
          inRoot('lineItems', 'l1/name', any('x')),
          on([2, 1], any('y')),
          on([1, 0], any('z')),
          inRoot('note/n2', null, text('a')),
          beside({ origin: [1, 1], right: [1, 2] }, text('b')),
          beside({ right: [1, 1] }, text('c')),
        ),
      ),
    ).toEqual(['lineItems/l1/name', 'lineItems/l1/name', 'fields/title', 'note/n2', 'note/n1', 'note/n1']);
    expect(read(forgeBlock(2, 1, beside({ right: [1, 0] }, any('x'))))).toMatchObject({
      reason: 'a right neighbour in a cell',
    });
  });

  test('[A6] of an item held in part only the rest is new, after the part', () => {
    const doc = createHeld();
    doc.clientID = 2;
    doc.getText('note/n1').insert(3, 'de');
    const whole = forgeBlock(2, 1, inRoot('note/n9', null, text('dexyz')));
    expect(read(whole, doc)).toMatchObject({
      items: [{ offset: 2, origin: { client: 2, clock: 2 }, place: { root: 'note/n1' } }],
    });
  });

  test('[A7] each item stands on what is held or comes before it, whatever the order of the blocks', () => {
    const update = forge({
      blocks: [
        { client: 3, clock: 0, structs: [on([4, 1], any('third')), on([5, 0], any('fifth'))] },
        { client: 4, clock: 0, structs: [inRoot('fields', 'a', any('first')), on([4, 0], any('second'))] },
        { client: 5, clock: 0, structs: [on([3, 0], any('fourth'))] },
      ],
    });
    const found = read(update);
    if (found.kind !== 'update') throw new Error(found.kind);
    expect(found.items.map(({ item }) => (item.content as Y.ContentAny).arr[0])).toEqual([
      'first',
      'second',
      'third',
      'fourth',
      'fifth',
    ]);
    const cycle = forge({
      blocks: [
        { client: 3, clock: 0, structs: [on([4, 0], any('a'))] },
        { client: 4, clock: 0, structs: [on([3, 0], any('b'))] },
      ],
    });
    expect(read(cycle)).toEqual({ kind: 'malformed', reason: 'structs that stand on each other' });
    expect(read(forgeBlock(2, 1, on([3, 0], any('x'))))).toEqual({ kind: 'gap' });
    expect(read(forgeBlock(2, 1, on([1, 9], any('x')))).kind).toBe('malformed');
  });

  test('[A8] several values in one struct only if all of them are deleted', () => {
    const write = (...ranges: (readonly [number, number])[]): string =>
      read(
        forge({
          blocks: [{ client: 2, clock: 1, structs: [inRoot('fields', 'title', any('a', 'b', 'c'))] }],
          deletions: [[2, ranges]],
        }),
      ).kind;
    expect([write(), write([1, 2]), write([1, 1], [3, 1]), write([1, 3]), write([2, 2], [0, 2])]).toEqual([
      'malformed',
      'malformed',
      'malformed',
      'update',
      'update',
    ]);
  });
});

describe('deletions', () => {
  test('[A9] ranges are what they cover, of what is held and of what is new', () => {
    const update = forge({
      blocks: [
        {
          client: 2,
          clock: 1,
          structs: [inRoot('note/n1', null, text('xy')), inRoot('fields', 'title', any('z'))],
        },
      ],
      deletions: [
        [
          1,
          [
            [2, 1],
            [1, 2],
            [7, 0],
          ],
        ],
        [
          2,
          [
            [3, 1],
            [0, 1],
            [1, 1],
          ],
        ],
      ],
    });
    const found = read(update);
    if (found.kind !== 'update') throw new Error(JSON.stringify(found));
    expect(found.deletions.map(({ from, to, isLive, place }) => [from, to, isLive, place.kind])).toEqual([
      [1, 3, true, 'text'],
      [0, 1, true, 'cell'],
    ]);
    expect([...found.freshDeletions]).toEqual([
      [
        2,
        [
          { clock: 1, len: 1 },
          { clock: 3, len: 1 },
        ],
      ],
    ]);
    expect(found.items.map(({ isDeleted }) => isDeleted)).toEqual([false, true]);
  });

  test('[A9] a range beyond what exists is a gap among one’s own, nonsense elsewhere', () => {
    expect(read(forge({ deletions: [[2, [[0, 2]]]] }))).toEqual({ kind: 'gap' });
    expect(read(forge({ deletions: [[1, [[0, 99]]]] })).kind).toBe('malformed');
    expect(read(forge({ deletions: [[9, [[0, 0]]]] })).kind).toBe('update');
  });
});

describe('[A10] how much work an update may be', () => {
  test('[A10] branches of a cell', () => {
    const branches = (count: number): ReadUpdate =>
      read(
        forge({
          blocks: Array.from({ length: count }, (_, index) => ({
            client: 1_000 - index,
            clock: 0,
            structs: [
              inRoot('fields', 'x_a', any('1')),
              ...many(99, (clock) => on([1_000 - index, clock], any('1'))),
            ],
          })),
        }),
      );
    expect(branches(2)).toMatchObject({ kind: 'update' });
    expect(branches(20)).toEqual({
      kind: 'too_entangled',
      reason: 'copy your text, open the quote anew, paste it: too many edits made apart in fields/x_a',
    });
  });

  test('[A10] the work of two tabs that wrote in turn is no branch', () => {
    const turns = (client: number, other: number, first: boolean) => ({
      client,
      clock: 0,
      structs: many(500, (turn) =>
        first && turn === 0
          ? inRoot('fields', 'x_a', any('0'))
          : on([other, first ? turn - 1 : turn], any(String(turn))),
      ),
    });
    expect(read(forge({ blocks: [turns(3, 4, true), turns(4, 3, false)] })).kind).toBe('update');
  });
});
