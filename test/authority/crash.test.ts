import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { viewOf } from '../../src/authority/active-edits.ts';
import { type Gate, type Judged, type Submission, createGate } from '../../src/authority/gate.ts';
import type { Policy } from '../../src/authority/policy.ts';
import { type Edit, arbitraryEdit, arbitraryRole, makeEdit } from '../support/edits.ts';
import { expectWinners } from '../support/scene.ts';
import { type ChoosingStep, arbitraryChoosing, choiceIn, holdingPolicy } from '../support/random-run.ts';
import { actorOf, composeChoice, describeStructs, jsonOfDoc, policyOf } from '../support/star.ts';

/**
 * A server that may stop at every step between merge, append and broadcast, with a list for a log: what was appended is there
 * afterwards, the rest is not. Coming back, it starts from a checkpoint somewhere in the log, or from nothing.
 */
type Step =
  | { readonly kind: 'edit'; readonly who: number; readonly edit: Edit }
  | { readonly kind: 'up'; readonly who: number; readonly crash: Crash }
  | { readonly kind: 'down'; readonly who: number }
  | { readonly kind: 'return'; readonly who: number }
  | { readonly kind: 'choose'; readonly choosing: ChoosingStep; readonly crash: Crash };
type Crash = 'never' | 'before append' | 'before broadcast' | 'amid broadcast' | 'after broadcast';

const who = fc.nat(2);
const arbitraryCrash: fc.Arbitrary<Crash> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Crash>('never') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Crash>(
      'before append',
      'before broadcast',
      'amid broadcast',
      'after broadcast',
    ),
  },
);
const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('edit' as const), who, edit: arbitraryEdit }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('up' as const), who, crash: arbitraryCrash }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('down' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('return' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('choose' as const),
      choosing: arbitraryChoosing,
      crash: arbitraryCrash,
    }),
  },
);

interface Person {
  readonly doc: Y.Doc;
  readonly actor: Submission['actor'];
  isOnline: boolean;
  seen: number;
  readonly outbox: { readonly kind: 'update' | 'sync'; readonly update: Uint8Array; readonly seen: number }[];
  readonly inbox: { readonly seq: number; readonly update: Uint8Array }[];
}

function createServer(roles: readonly Parameters<typeof actorOf>[0]['role'][], policy: Policy) {
  const log: { readonly submission: Submission; readonly judged: Judged }[] = [];
  let checkpoint: Parameters<typeof createGate>[0];
  let gate = createGate();
  const people = roles.map((role, index): Person => {
    const doc = new Y.Doc({ gc: index !== 1 });
    doc.clientID = 100 - index * 7;
    const person: Person = {
      doc,
      actor: actorOf({ user: `u${index}`, role }),
      isOnline: false,
      seen: 0,
      outbox: [],
      inbox: [],
    };
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'server' && person.isOnline)
        person.outbox.push({ kind: 'update', update, seen: person.seen });
    });
    return person;
  });

  function crash(): void {
    for (const person of people) disconnect(person);
    gate = load(checkpoint, log);
  }

  function disconnect(person: Person): void {
    person.isOnline = false;
    person.outbox.length = 0;
    person.inbox.length = 0;
  }

  function up(person: Person, at: Crash): void {
    const message = person.outbox.shift();
    if (message === undefined) return;
    const { update, kind, seen } = message;
    submit({ update, kind, actor: person.actor, seen: { kind: 'connection', revision: seen } }, at);
  }

  function choose(step: ChoosingStep, at: Crash): void {
    const choice = choiceIn(gate.ledger.conflicts(), step);
    const chooser = people[step.who];
    if (choice === null || chooser === undefined) return;
    const actor = choice.by === null ? chooser.actor : actorOf(choice.by);
    const update = composeChoice(gate, actor.user, choice);
    submit({ update, kind: choice.kind, actor, seen: { kind: 'revision', revision: gate.revision } }, at);
  }

  function submit(of: Pick<Submission, 'update' | 'kind' | 'actor' | 'seen'>, at: Crash): void {
    const submission: Submission = { ...of, activeEdits: viewOf([]), policy };
    const judged = gate.submit(submission);
    if (at === 'before append') return crash();
    if (judged.kind !== 'judged') return expect(judged.kind).toBe('nothing');
    log.push({ submission, judged });
    if (log.length % 7 === 0) {
      const memory = JSON.parse(JSON.stringify(gate.remember())) as ReturnType<Gate['remember']>;
      checkpoint = { state: Y.encodeStateAsUpdateV2(gate.doc), memory };
    }
    if (at === 'before broadcast') return crash();
    for (const [index, other] of people.entries()) {
      if (!other.isOnline || judged.merged === null || (at === 'amid broadcast' && index > 0)) continue;
      other.inbox.push({ seq: judged.seq, update: judged.merged });
      if (at !== 'never') while (down(other));
    }
    if (at !== 'never') crash();
  }

  function down(person: Person): boolean {
    const message = person.inbox.shift();
    if (message === undefined) return false;
    Y.applyUpdate(person.doc, message.update, 'server');
    person.seen = Math.max(person.seen, message.seq);
    return true;
  }

  function comeBack(person: Person): void {
    if (person.isOnline) return;
    const stateVector = Y.encodeStateVector(person.doc);
    const covered = gate.revisionCoveredBy(Y.decodeStateVector(stateVector));
    person.outbox.push({
      kind: 'sync',
      update: Y.encodeStateAsUpdate(person.doc, Y.encodeStateVector(gate.doc)),
      seen: covered,
    });
    person.isOnline = true;
    person.seen = covered;
    up(person, 'never');
    person.inbox.unshift({ seq: gate.revision, update: Y.encodeStateAsUpdate(gate.doc, stateVector) });
  }

  return {
    log,
    people,
    gate: () => gate,
    take(step: Step) {
      if (step.kind === 'choose') return choose(step.choosing, step.crash);
      const person = people[step.who];
      if (person === undefined) return;
      if (step.kind === 'edit') makeEdit(person.doc, step.edit);
      else if (step.kind === 'up') up(person, step.crash);
      else if (step.kind === 'down') down(person);
      else comeBack(person);
    },
    settle() {
      for (const person of people) comeBack(person);
      for (let moved = true; moved;) {
        moved = false;
        for (const person of people) {
          while (person.outbox.length > 0) up(person, 'never');
          while (down(person)) moved = true;
        }
      }
    },
  };
}

/** Brings the gate back, and checks that every entry leads to the bytes that it led to then. */
function load(
  checkpoint: Parameters<typeof createGate>[0],
  log: readonly { readonly submission: Submission; readonly judged: Judged }[],
): Gate {
  const gate = createGate(checkpoint);
  for (const { submission, judged } of log.slice(gate.revision))
    expect(gate.submit(submission)).toEqual(judged);
  return gate;
}

test('[P9] a crash at any step loses nothing that anyone saw, and no replica drifts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(arbitraryRole, fc.constant('sales_rep' as const)), { minLength: 3, maxLength: 3 }),
      fc.constantFrom(policyOf(), holdingPolicy),
      fc.array(arbitraryStep, { minLength: 10, maxLength: 80 }),
      (roles, policy, steps) => {
        const server = createServer(roles, policy);
        for (const person of server.people)
          server.take({ kind: 'return', who: server.people.indexOf(person) });
        for (const step of steps) {
          server.take(step);
          expectNothingLost(server.gate(), server.people);
        }
        server.settle();
        expectWinners({ gate: server.gate() });
        for (const { doc } of server.people) {
          expect(jsonOfDoc(doc)).toEqual(jsonOfDoc(server.gate().doc));
          expect(describeStructs(doc)).toEqual(describeStructs(server.gate().doc));
        }
        expect(load(undefined, server.log).remember()).toEqual(server.gate().remember());
      },
    ),
    { numRuns: 600 },
  );
}, 60_000);

/** Whatever a replica holds of others, the server holds. */
function expectNothingLost(gate: Gate, people: readonly Person[]): void {
  for (const { doc } of people) {
    for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(doc))) {
      if (client !== doc.clientID) expect(Y.getState(gate.doc.store, client)).toBeGreaterThanOrEqual(clock);
    }
  }
}
