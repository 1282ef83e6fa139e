import * as Y from 'yjs';
import { noActiveEdits } from '../../src/authority/active-edits.ts';
import { type Gate, type GateMemory, type Judged, createGate } from '../../src/authority/gate.ts';
import type { Policy } from '../../src/authority/policy.ts';
import type { Role } from '../../src/authority/role.ts';
import type { CellId } from '../../src/lib/ids.ts';
import { type Person, actorOf, policyOf } from './star.ts';

/**
 * People who leave a quote in one state, each edit it alone, and come back one after the other: what came of it must
 * not depend on who came first. A base is made once; every order starts from a copy of it.
 */
export interface Base {
  readonly name: string;
  readonly state: Uint8Array;
  readonly memory: GateMemory;
  readonly revision: number;
}

/** Sets cells, in order, in one transaction. */
export type Change = readonly (readonly [cell: string, value: string | boolean | null])[];

export const defaultPolicy = policyOf();

/** A quote in which each of these people made a change, knowing of those before. */
export function createBase(name: string, changes: readonly (readonly [Role, Change])[]): Base {
  const gate = createGate();
  for (const [index, [role, change]] of changes.entries()) {
    const user = `base${index}`;
    const update = updateOf(replicaOf(Y.encodeStateAsUpdate(gate.doc), 1_000 + index), change);
    const judged = submit(gate, { user, role }, update, gate.revision);
    if (judged.verdicts.some(({ verdict }) => verdict !== 'accepted'))
      throw new Error(`base ${name}: refused`);
  }
  return {
    name,
    state: Y.encodeStateAsUpdateV2(gate.doc),
    memory: JSON.parse(JSON.stringify(gate.remember())) as GateMemory,
    revision: gate.revision,
  };
}

export const openBase = ({ state, memory }: Base): Gate => createGate({ state, memory });

/** The updates that somebody makes offline, one a change, each on top of the ones before. */
export function editOffline(base: Base, client: number, changes: readonly Change[]): Uint8Array[] {
  const gate = openBase(base);
  const doc = replicaOf(Y.encodeStateAsUpdate(gate.doc), client);
  return changes.map((change) => updateOf(doc, change));
}

function replicaOf(state: Uint8Array, client: number): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  doc.clientID = client;
  return doc;
}

function updateOf(doc: Y.Doc, change: Change): Uint8Array {
  const before = Y.encodeStateVector(doc);
  doc.transact(() => {
    for (const [cell, value] of change) {
      const [root = '', ...key] = cell.split('/');
      doc.getMap(root).set(key.join('/'), value);
    }
  });
  return Y.encodeStateAsUpdate(doc, before);
}

export function submit(
  gate: Gate,
  person: Person,
  update: Uint8Array,
  seen: number,
  policy: Policy = defaultPolicy,
): Judged {
  const outcome = gate.submit({
    update,
    kind: 'update',
    actor: actorOf(person),
    seen: { kind: 'connection', revision: seen },
    activeEdits: noActiveEdits,
    policy,
  });
  if (outcome.kind !== 'judged') throw new Error(`not judged but ${JSON.stringify(outcome)}`);
  return outcome;
}

/** All cells that show something, by name. */
export function cellsOf(gate: Gate): Record<string, unknown> {
  const cells: [string, unknown][] = ['fields', 'lineItems', 'discounts', 'notes'].flatMap((root) =>
    [...gate.doc.getMap(root).entries()].map(([key, value]): [string, unknown] => [`${root}/${key}`, value]),
  );
  return Object.fromEntries(
    cells.filter(([, value]) => value !== null).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Who wrote what stands in a cell. */
export const authorOf = (gate: Gate, cell: string): Role | null =>
  gate.ledger.record(cell as CellId)?.standing.role ?? null;

export function* permutationsOf<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutationsOf(items.toSpliced(index, 1))) yield [item, ...rest];
  }
}
