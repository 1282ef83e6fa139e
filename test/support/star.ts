import * as Y from 'yjs';
import type { ActiveEditView } from '../../src/authority/active-edits.ts';
import { noActiveEdits } from '../../src/authority/active-edits.ts';
import {
  type Gate,
  type Judged,
  type Outcome,
  type Submission,
  createGate,
} from '../../src/authority/gate.ts';
import { type GateVersion, GATE_VERSION } from '../../src/authority/gate-version.ts';
import {
  type Policy,
  type PolicySettings,
  createPolicy,
  policySettingsSchema,
} from '../../src/authority/policy.ts';
import type { Permission, Role } from '../../src/authority/role.ts';
import { composeUpdate, composingClientOf } from '../../src/authority/compose-update.ts';
import { present } from '../../src/lib/assert.ts';
import type { CellId, UserId } from '../../src/lib/ids.ts';
import { type CellValue, parseCellId } from '../../src/quote/cell.ts';
import { type Limits, defaultLimits } from '../../src/lib/limits.ts';

/**
 * Stock Yjs documents in a star around a gate, with every wire a queue that the test empties: a simulation of a
 * room in which the test decides what arrives when.
 */
export interface Star {
  readonly gate: Gate;
  readonly policy: Policy;
  readonly replicas: readonly Replica[];
  /** Every submission and what came of it, in order. */
  readonly history: readonly { readonly submission: Submission; readonly outcome: Outcome }[];
  join(person: Person): Replica;
  /** A choice in a held conflict, as the server makes it for a person or in their name. */
  choose(person: Person, choice: Choice): Outcome;
  /** Hands the oldest message of a replica to the gate. */
  up(replica: Replica): Outcome | null;
  /** Applies the oldest message of the server to a replica. */
  down(replica: Replica): boolean;
  disconnect(replica: Replica): void;
  reconnect(replica: Replica): void;
  /** Delivers everything in both directions until nothing is under way. */
  settle(): void;
}

export interface Person {
  readonly user: string;
  readonly role: Role;
  readonly permission?: Permission;
  readonly clientId?: number;
  readonly gc?: boolean;
}

export interface Choice {
  readonly kind: 'settle' | 'expire';
  readonly cell: CellId;
  readonly value: CellValue;
}

export interface Replica {
  readonly doc: Y.Doc;
  readonly person: Person;
  isOnline: boolean;
  /** Newest revision that reached it over this connection. */
  seen: number;
  readonly outbox: { readonly kind: 'update' | 'sync'; readonly update: Uint8Array; readonly seen: number }[];
  readonly inbox: { readonly revision: number; readonly update: Uint8Array }[];
}

export const policyOf = (settings: Partial<PolicySettings> = {}, limits: Partial<Limits> = {}): Policy =>
  createPolicy(policySettingsSchema.parse({ leaseSeconds: 0, ...settings }), { ...defaultLimits, ...limits });

export interface StarOptions {
  readonly policy?: Policy;
  readonly limits?: Partial<Limits>;
  readonly activeEdits?: () => ActiveEditView;
  /** The policy of the moment, where it changes. */
  readonly policyNow?: () => Policy;
  /** The version of the gate's rules of the moment. */
  readonly versionNow?: () => GateVersion;
}

export function createStar(options: StarOptions = {}): Star {
  const gate = createGate();
  const policy = options.policy ?? policyOf({}, options.limits);
  const replicas: Replica[] = [];
  const history: { submission: Submission; outcome: Outcome }[] = [];

  function submit(
    person: Person,
    { update, kind, seen }: Pick<Submission, 'update' | 'kind' | 'seen'>,
  ): Outcome {
    const submission: Submission = {
      update,
      kind,
      actor: actorOf(person),
      seen,
      activeEdits: options.activeEdits?.() ?? noActiveEdits,
      policy: options.policyNow?.() ?? policy,
      gateVersion: options.versionNow?.() ?? GATE_VERSION,
    };
    const outcome = gate.submit(submission);
    history.push({ submission, outcome });
    if (outcome.kind === 'judged') broadcast(outcome);
    return outcome;
  }

  function broadcast({ merged, seq }: Judged): void {
    if (merged === null) return;
    for (const replica of replicas)
      if (replica.isOnline) replica.inbox.push({ revision: seq, update: merged });
  }

  const star: Star = {
    gate,
    policy,
    replicas,
    history,
    join(person) {
      const doc = new Y.Doc({ gc: person.gc ?? true });
      if (person.clientId !== undefined) doc.clientID = person.clientId;
      const replica: Replica = { doc, person, isOnline: false, seen: 0, outbox: [], inbox: [] };
      replicas.push(replica);
      doc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin !== 'server' && replica.isOnline) {
          replica.outbox.push({ kind: 'update', update, seen: replica.seen });
        }
      });
      star.reconnect(replica);
      return replica;
    },
    choose(person, { kind, ...choice }) {
      const seen = { kind: 'revision', revision: gate.revision } as const;
      return submit(person, { kind, seen, update: composeChoice(gate, person.user as UserId, choice) });
    },
    up(replica) {
      const message = replica.outbox.shift();
      if (message === undefined) return null;
      const seen = { kind: 'connection', revision: message.seen } as const;
      return submit(replica.person, { ...message, seen });
    },
    down(replica) {
      const message = replica.inbox.shift();
      if (message === undefined) return false;
      Y.applyUpdate(replica.doc, message.update, 'server');
      replica.seen = Math.max(replica.seen, message.revision);
      return true;
    },
    disconnect(replica) {
      replica.isOnline = false;
      replica.outbox.length = 0;
      replica.inbox.length = 0;
    },
    reconnect(replica) {
      const stateVector = Y.encodeStateVector(replica.doc);
      const covered = gate.revisionCoveredBy(Y.decodeStateVector(stateVector));
      const answer = Y.encodeStateAsUpdate(replica.doc, Y.encodeStateVector(gate.doc));
      submit(replica.person, {
        update: answer,
        kind: 'sync',
        seen: { kind: 'connection', revision: covered },
      });
      replica.isOnline = true;
      replica.seen = covered;
      replica.inbox.push({ revision: gate.revision, update: Y.encodeStateAsUpdate(gate.doc, stateVector) });
    },
    settle() {
      for (let moved = true; moved;) {
        moved = false;
        for (const replica of replicas) {
          while (star.up(replica) !== null) moved = true;
          while (star.down(replica)) moved = true;
        }
      }
    },
  };
  return star;
}

/** What the server composes for somebody who chooses. */
export function composeChoice(gate: Gate, user: UserId, { cell, value }: Omit<Choice, 'kind'>): Uint8Array {
  const parsed = present(parseCellId(cell), 'a choice names a cell');
  return composeUpdate(gate.doc, composingClientOf(gate.ledger, user), { cells: [{ cell: parsed, value }] });
}

export const actorOf = (person: Person): Submission['actor'] => ({
  user: person.user as UserId,
  role: person.role,
  permission: person.permission ?? 'editor',
});

/** A document as one line per clock: equal lines mean equal replicas, however Yjs has merged its structs. */
export function describeStructs(doc: Y.Doc): string[] {
  const lines: string[] = [];
  for (const [client, structs] of doc.store.clients) {
    for (const struct of structs) {
      for (let index = 0; index < struct.length; index++) lines.push(describeClock(client, struct, index));
    }
  }
  return lines.toSorted();
}

function describeClock(client: number, struct: Y.Item | Y.GC, index: number): string {
  const clock = struct.id.clock + index;
  if (!(struct instanceof Y.Item)) return `${client}:${clock} gc`;
  const { content } = struct;
  const value =
    content instanceof Y.ContentString
      ? content.str[index]
      : content instanceof Y.ContentAny
        ? JSON.stringify(content.arr[index])
        : content instanceof Y.ContentFormat
          ? `${content.key}=${JSON.stringify(content.value)}`
          : '';
  return `${client}:${clock} ${struct.parentSub ?? ''} ${struct.deleted ? 'deleted' : value}`;
}

export const jsonOfDoc = (doc: Y.Doc): unknown => ({
  fields: doc.getMap('fields').toJSON(),
  lineItems: doc.getMap('lineItems').toJSON(),
  discounts: doc.getMap('discounts').toJSON(),
  notes: doc.getMap('notes').toJSON(),
  text: doc.getText('note/n1').toString(),
});
