import fc from 'fast-check';
import type { HeldConflict, ParkedWrite } from '../../src/authority/conflicts.ts';
import { PERMISSIONS, type Permission, type Role } from '../../src/authority/role.ts';
import { type Edit, arbitraryEdit, arbitraryRole, makeEdit } from './edits.ts';
import { type Choice, type Replica, type Star, type StarOptions, createStar, policyOf } from './star.ts';

/** Four people at random: who edits what, which message arrives when, who loses the connection. */
export type Step =
  | { readonly kind: 'edit'; readonly who: number; readonly edits: readonly Edit[] }
  | { readonly kind: 'up' | 'down' | 'disconnect' | 'reconnect'; readonly who: number }
  | ChoosingStep;

/** A choice in one of the conflicts that are open, if any; `expire` is the server's. */
export interface ChoosingStep {
  readonly kind: 'settle' | 'expire';
  readonly who: number;
  readonly which: number;
  readonly value: 'kept' | 'parked' | 'another';
}

const who = fc.nat(3);
const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      who,
      edits: fc.array(arbitraryEdit, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('up' as const), who }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('down' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('disconnect' as const, 'reconnect' as const), who }),
  },
);

export const arbitraryChoosing: fc.Arbitrary<ChoosingStep> = fc.record({
  kind: fc.constantFrom('settle', 'settle', 'expire'),
  who,
  which: fc.nat(5),
  value: fc.constantFrom('kept', 'parked', 'another'),
});

export interface RandomPerson {
  readonly role: Role;
  readonly permission: Permission;
  readonly clientId: number;
}

const arbitraryPeople: fc.Arbitrary<RandomPerson[]> = fc.array(
  fc.record({
    role: arbitraryRole,
    permission: fc.oneof(
      { weight: 5, arbitrary: fc.constant('editor' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...PERMISSIONS) },
    ),
    /** Times 4, plus the person's number: all different, up to the highest that is allowed. */
    clientId: fc.integer({ min: 1, max: 1_073_741_822 }),
  }),
  { minLength: 4, maxLength: 4 },
);

/** Takes the steps, then brings everyone back and delivers all that is under way. */
export function run(star: Star, steps: readonly Step[], afterStep: () => void = () => undefined): void {
  for (const step of steps) {
    const replica = star.replicas[step.who];
    if (replica === undefined) continue;
    take(star, replica, step);
    afterStep();
  }
  for (const replica of star.replicas) if (!replica.isOnline) star.reconnect(replica);
  star.settle();
  afterStep();
}

function take(star: Star, replica: Replica, step: Step): void {
  switch (step.kind) {
    case 'edit':
      replica.doc.transact(() => {
        for (const edit of step.edits) makeEdit(replica.doc, edit);
      });
      return;
    case 'up':
      star.up(replica);
      return;
    case 'down':
      star.down(replica);
      return;
    case 'disconnect':
      star.disconnect(replica);
      return;
    case 'reconnect':
      if (!replica.isOnline) star.reconnect(replica);
      return;
    case 'settle':
    case 'expire': {
      const choice = choiceIn(star.gate.ledger.conflicts(), step);
      if (choice !== null) star.choose(choice.by ?? replica.person, choice);
    }
  }
}

/** Null where nothing is open; `by` is set where it is not the chooser's own. */
export function choiceIn(
  conflicts: readonly HeldConflict[],
  { kind, which, value }: ChoosingStep,
): (Choice & { readonly by: ParkedWrite | null }) | null {
  const conflict = conflicts[which % Math.max(1, conflicts.length)];
  const newest = conflict?.parked.at(-1);
  if (conflict === undefined || newest === undefined) return null;
  const { cell, kept, parked } = conflict;
  if (kind === 'expire') return { kind, cell, value: newest.value, by: newest };
  const values = { kept: kept.value, parked: parked[which % parked.length]?.value ?? null, another: '9' };
  return { kind, cell, value: values[value], by: null };
}

export const arbitraryRun = fc.record({
  people: arbitraryPeople,
  steps: fc.array(arbitraryStep, { minLength: 5, maxLength: 60 }),
});

export function createRun(people: readonly RandomPerson[], options?: StarOptions): Star {
  const star = createStar(options);
  for (const [index, person] of people.entries()) {
    star.join({ ...person, user: `u${index}`, clientId: person.clientId * 4 + index, gc: index !== 3 });
  }
  return star;
}

/** Ties are held in most cells that {@link arbitraryRun} writes. */
export const holdingPolicy = policyOf({
  rules: [
    { cells: ['fields/**', 'lineItems/**', 'discounts/*/value', '!lineItems/*/position'], tie: 'hold' },
  ],
});

/** Where everyone meets. */
const arbitraryTermsEdit: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('edit' as const),
  who,
  edits: fc
    .constantFrom('7 days', '14 days', '30 days', null)
    .map((value): Edit[] => [{ kind: 'set', root: 'fields', key: 'paymentTerms', value }]),
});

/** {@link arbitraryRun} with people of two roles, so that equals meet, and with choices. */
export const arbitraryHoldingRun = fc.record({
  people: arbitraryPeople.map((people) =>
    people.map((person, index): RandomPerson => ({
      ...person,
      role: index === 3 && person.role !== 'sales_rep' ? 'sales_manager' : 'sales_rep',
    })),
  ),
  steps: fc.array(
    fc.oneof(
      { weight: 10, arbitrary: arbitraryStep },
      { weight: 3, arbitrary: arbitraryTermsEdit },
      { weight: 1, arbitrary: arbitraryChoosing },
    ),
    { minLength: 10, maxLength: 80 },
  ),
});
