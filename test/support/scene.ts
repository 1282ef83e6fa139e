import { expect } from 'vitest';
import * as Y from 'yjs';
import type { Outcome } from '../../src/authority/gate.ts';
import type { Seen } from '../../src/authority/verdict.ts';
import type { CellId } from '../../src/lib/ids.ts';
import { any, forgeBlock, inRoot } from './forge.ts';
import { type Replica, type Star, actorOf, createStar, describeStructs, jsonOfDoc } from './star.ts';

/**
 * A quote with honest people on stock Yjs, and Mallory, an ordinary sales rep who writes her updates byte by byte.
 * What she sends is judged under her name; what must hold afterwards holds for everyone else.
 */
export interface Scene {
  readonly star: Star;
  readonly vp: Replica;
  readonly rita: Replica;
  /** Mallory's connection. Her document receives what everyone receives. */
  readonly mallory: Replica;
  /** The next clock of the client that Mallory forges with. */
  nextClock(): number;
  /** The struct on which the next write to a cell stands. */
  tip(cell: string): [client: number, clock: number];
  send(
    bytes: Uint8Array,
    options?: { readonly kind?: 'update' | 'sync'; readonly seen?: Seen; readonly as?: Replica },
  ): Outcome;
  valueOf(cell: string): unknown;
  /** The document as bytes: equal bytes are an unchanged document. */
  bytes(): Uint8Array;
}

export const VP_CLIENT = 50;
export const RITA_CLIENT = 60;
/** Mallory forges with the highest id that a client may have: it wins ties against everyone but the server. */
export const MALLORY_CLIENT = 4_294_967_294;

/** What everyone agreed on before Mallory came. */
export const AGREED: Readonly<Record<string, string>> = {
  'fields/title': 'Big deal',
  'fields/customer': 'Acme',
  'lineItems/l1/position': 'a0',
  'lineItems/l1/quantity': '20',
  'lineItems/l1/discountPercent': '30',
};

export function createScene(): Scene {
  const star = createStar();
  const vp = star.join({ user: 'vera', role: 'vp_sales', clientId: VP_CLIENT });
  const rita = star.join({ user: 'rita', role: 'sales_rep', clientId: RITA_CLIENT, gc: false });
  const mallory = star.join({ user: 'mallory', role: 'sales_rep', clientId: 70 });
  set(vp, 'fields/title', 'Big deal');
  set(rita, 'fields/customer', 'Acme');
  set(vp, 'lineItems/l1/position', 'a0');
  set(vp, 'lineItems/l1/quantity', '20');
  set(vp, 'lineItems/l1/discountPercent', '30');
  vp.doc.getText('note/n1').insert(0, 'between us \u{1F600} only');
  star.settle();

  const mapOf = (cell: string): [Y.Map<unknown>, string] => {
    const [root = '', ...key] = cell.split('/');
    return [star.gate.doc.getMap(root), key.join('/')];
  };
  const scene: Scene = {
    star,
    vp,
    rita,
    mallory,
    nextClock: () => Y.getState(star.gate.doc.store, MALLORY_CLIENT),
    tip(cell) {
      const [map, key] = mapOf(cell);
      const id = map._map.get(key)?.lastId;
      if (id === undefined) throw new Error(`${cell} was never written`);
      return [id.client, id.clock];
    },
    send(bytes, { kind = 'update', seen, as = mallory } = {}) {
      const outcome = star.gate.submit({
        update: bytes,
        kind,
        actor: actorOf(as.person),
        seen: seen ?? { kind: 'connection', revision: star.gate.revision },
        activeEdits: { on: () => [], inRow: () => [] },
        policy: star.policy,
      });
      if (outcome.kind !== 'judged' || outcome.merged === null) return outcome;
      for (const replica of star.replicas)
        replica.inbox.push({ revision: outcome.seq, update: outcome.merged });
      return outcome;
    },
    valueOf(cell) {
      const [map, key] = mapOf(cell);
      return map.get(key) ?? null;
    },
    bytes: () => Y.encodeStateAsUpdate(star.gate.doc),
  };
  scene.send(forgeBlock(MALLORY_CLIENT, 0, inRoot('fields', 'contact', any('me'))));
  star.settle();
  return scene;
}

/** Makes an edit as its author's stock client would. It is not yet sent. */
export function set(replica: Replica, cell: string, value: unknown): void {
  const [root = '', ...key] = cell.split('/');
  replica.doc.getMap(root).set(key.join('/'), value);
}

/**
 * Whatever Mallory sent: what the others agreed on stands, every cell shows its winner, nothing waits for anything, and
 * the next honest edit of each is accepted and reaches everyone, a late joiner too, struct by struct.
 */
export function expectSound(
  { star, vp, rita }: Scene,
  agreed: Readonly<Record<string, unknown>> = AGREED,
): void {
  expectWinners(star);
  for (const [cell, value] of Object.entries(agreed)) {
    expect([cell, shownIn(star.gate.doc, cell)]).toEqual([cell, value]);
  }
  star.settle();
  for (const [replica, cell] of [
    [vp, 'fields/paymentTerms'],
    [rita, 'fields/owner'],
    [vp, 'fields/owner'],
    [rita, 'lineItems/l2/name'],
  ] as const) {
    set(replica, cell, `next of ${replica.person.user}`);
    const outcome = star.up(replica);
    expect(outcome).toMatchObject({ kind: 'judged', verdicts: [{ cell, verdict: 'accepted' }] });
    star.settle();
  }
  rita.doc.getText('note/n1').insert(0, 'Rita: ');
  expect(star.up(rita)).toMatchObject({ kind: 'judged', verdicts: [] });
  star.settle();
  const late = star.join({ user: 'late', role: 'admin', clientId: 90 });
  star.settle();
  expectConverged(star, [vp, rita, late]);
}

export function expectConverged(star: Star, replicas: readonly Replica[] = star.replicas): void {
  expect(star.gate.doc.store.pendingStructs).toBeNull();
  expect(star.gate.doc.store.pendingDs).toBeNull();
  const structs = describeStructs(star.gate.doc);
  for (const { doc } of replicas) {
    expect(jsonOfDoc(doc)).toEqual(jsonOfDoc(star.gate.doc));
    expect(describeStructs(doc)).toEqual(structs);
    expect(doc.store.pendingStructs).toBeNull();
  }
}

/**
 * Each cell shows the value of the winner that the ledger names, and its newest struct is the winner's: by it the next
 * write proves that its author has seen the winner.
 */
export function expectWinners(star: Pick<Star, 'gate'>): void {
  const { doc, ledger } = star.gate;
  for (const { cell, standing, carrier } of ledger.remember().cells) {
    const [root = '', ...key] = cell.split('/');
    const tip = doc.getMap(root)._map.get(key.join('/'));
    expect([cell, shownIn(doc, cell)]).toEqual([cell, standing[3]]);
    expect([cell, tip?.lastId.client, tip?.lastId.clock]).toEqual([cell, carrier.client, carrier.clock]);
    expect(ledger.valueOf(cell as CellId)).toBe(standing[3]);
  }
}

function shownIn(doc: Y.Doc, cell: string): unknown {
  const [root = '', ...key] = cell.split('/');
  return doc.getMap(root).get(key.join('/')) ?? null;
}
