import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createGate } from '../../src/authority/gate.ts';
import { noActiveEdits } from '../../src/authority/active-edits.ts';
import { ROLES, type Role } from '../../src/authority/role.ts';
import { actorOf, policyOf } from '../support/star.ts';

/**
 * [P3] What people of different roles do offline leads to one quote, whatever arrives first and whatever Yjs's client ids
 * are. Exhaustive: every pair and triple of deeds, every three roles in every order of deeds, every order of arrival,
 * every order of client ids, from every base.
 */
type Deed = (doc: Y.Doc, mark: string) => void;

const set =
  (key: string, value: (mark: string) => unknown): Deed =>
  (doc, mark) =>
    void doc.getMap('lineItems').set(key, value(mark));

/** Quantities are marked by who writes them, so that the winner shows; discounts stay below every role's limit. */
const DEEDS: Readonly<Record<string, Deed>> = {
  set: set('l1/quantity', (mark) => mark),
  clear: set('l1/quantity', () => null),
  setOther: set('l1/name', (mark) => `name ${mark}`),
  discount: set('l1/discountPercent', (mark) => mark),
  clearDiscount: set('l1/discountPercent', () => null),
  remove: set('l1/removed', () => true),
  restore: set('l1/removed', () => null),
  move: set('l1/position', (mark) => `a${mark}`),
  addRow: (doc, mark) =>
    doc.transact(() => {
      doc.getMap('lineItems').set('l2/position', `b${mark}0`.replace(/0$/, 'V'));
      doc.getMap('lineItems').set('l2/name', `new ${mark}`);
    }),
};

interface Base {
  readonly name: string;
  readonly make: (doc: Y.Doc) => void;
  readonly role: Role;
}

const row = (doc: Y.Doc): void => {
  doc.getMap('lineItems').set('l1/position', 'a0');
  doc.getMap('lineItems').set('l1/name', 'Bolt');
};
const BASES: readonly Base[] = [
  { name: 'an empty row', role: 'admin', make: row },
  {
    name: 'a filled row',
    role: 'sales_manager',
    make: (doc) => {
      row(doc);
      doc.getMap('lineItems').set('l1/quantity', '100');
      doc.getMap('lineItems').set('l1/discountPercent', '9');
    },
  },
  {
    name: 'a removed row',
    role: 'admin',
    make: (doc) => {
      row(doc);
      doc.getMap('lineItems').set('l1/removed', true);
    },
  },
  {
    name: 'a row removed by the lowest role',
    role: 'sales_rep',
    make: (doc) => {
      row(doc);
      doc.getMap('lineItems').set('l1/removed', true);
    },
  },
  {
    name: 'a removed and restored row',
    role: 'sales_rep',
    make: (doc) => {
      row(doc);
      doc.getMap('lineItems').set('l1/removed', true);
      doc.getMap('lineItems').set('l1/removed', null);
    },
  },
];

const policy = policyOf();
const ROLE_TRIPLES: readonly (readonly Role[])[] = [
  ['sales_rep', 'sales_manager', 'vp_sales'],
  ['sales_manager', 'deal_desk', 'admin'],
];

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

interface BaseState {
  readonly update: Uint8Array;
  readonly submission: Parameters<ReturnType<typeof createGate>['submit']>[0];
}

function makeBase({ make, role }: Base): BaseState {
  const doc = new Y.Doc();
  doc.clientID = 5_000;
  make(doc);
  const update = Y.encodeStateAsUpdate(doc);
  return {
    update,
    submission: {
      update,
      kind: 'update',
      actor: actorOf({ user: 'base', role }),
      seen: { kind: 'connection', revision: 0 },
      activeEdits: noActiveEdits,
      policy,
    },
  };
}

/** The quote that deeds lead to when they arrive in this order; all were made looking at the base. */
function outcomeOf(base: BaseState, arrivals: readonly { role: Role; update: Uint8Array }[]): string {
  const gate = createGate();
  gate.submit(base.submission);
  for (const { role, update } of arrivals) {
    const outcome = gate.submit({
      update,
      kind: 'sync',
      actor: actorOf({ user: role, role }),
      seen: { kind: 'connection', revision: 1 },
      activeEdits: noActiveEdits,
      policy,
    });
    expect(outcome.kind).toBe('judged');
  }
  const cells = [...gate.doc.getMap('lineItems').entries()].filter(([, value]) => value !== null);
  return JSON.stringify(cells.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function deedUpdate(base: BaseState, deed: Deed, mark: string, client: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = client;
  Y.applyUpdate(doc, base.update);
  const before = Y.encodeStateVector(doc);
  deed(doc, mark);
  return Y.encodeStateAsUpdate(doc, before);
}

/** A client id on either side of the base's, so that both ways of Yjs's tie come up. */
const CLIENTS = [10, 7_000, 4_000_000_000];

function* combinations(size: 2 | 3): Generator<readonly string[]> {
  const names = Object.keys(DEEDS);
  for (const first of names) {
    for (const second of names) {
      if (size === 2) yield [first, second];
      else for (const third of names) yield [first, second, third];
    }
  }
}

function check(size: 2 | 3, base: Base): number {
  const state = makeBase(base);
  let tried = 0;
  let turn = 0;
  for (const names of combinations(size)) {
    // Triples take the role triples in turn: both with each would take a minute and a half.
    for (const triple of size === 2 ? ROLE_TRIPLES : ROLE_TRIPLES.slice(turn++ % 2).slice(0, 1)) {
      const roles = size === 3 ? triple : [triple[0] ?? 'sales_rep', triple[2] ?? 'admin'];
      const outcomes = new Map<string, string>();
      for (const clients of permutations(CLIENTS.slice(0, size))) {
        const deeds = names.map((name, index) => ({
          role: roles[index] ?? 'admin',
          update: deedUpdate(state, DEEDS[name] ?? set('l1/name', String), String(index + 1), clients[index] ?? 1),
          what: `${roles[index]} ${name}`,
        }));
        for (const arrivals of permutations(deeds)) {
          outcomes.set(outcomeOf(state, arrivals), `${arrivals.map(({ what }) => what).join(', ')} (${clients.join()})`);
          tried += 1;
        }
      }
      const described = [...outcomes].map(([outcome, how]) => `${how}: ${outcome}`);
      expect(described, `${base.name}: ${names.join(', ')}`).toHaveLength(1);
    }
  }
  return tried;
}

test.each(BASES)('[P3] pairs of deeds from $name lead to one quote', (base) => {
  expect(check(2, base)).toBe(81 * 2 * 2 * 2);
});

test.each(BASES)('[P3] triples of deeds from $name lead to one quote', (base) => {
  expect(check(3, base)).toBe(729 * 6 * 6);
});

test('[P3] the write of the highest role stands', () => {
  for (const base of BASES.slice(0, 2)) {
    const state = makeBase(base);
    for (const roles of permutations(ROLES.slice(0, 3))) {
      const arrivals = roles.map((role, index) => ({
        role,
        update: deedUpdate(state, set('l1/quantity', String), String(ROLES.indexOf(role) + 1), CLIENTS[index] ?? 1),
      }));
      expect(outcomeOf(state, arrivals)).toContain('["l1/quantity","3"]');
    }
  }
});
