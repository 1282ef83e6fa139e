import fc from 'fast-check';
import { REFUSAL_REASONS } from '../../src/authority/verdict.ts';
import { ROLES } from '../../src/authority/role.ts';
import type { QuoteId } from '../../src/lib/ids.ts';
import type { MessageContent } from '../../src/slack/blocks.ts';
import { type CardPerson, type CardView, renderCard } from '../../src/slack/card.ts';
import {
  type EditSummary,
  type LostEdit,
  editNotice,
  expiredNotice,
  heldNotice,
  lostMessage,
  lostNotice,
  warningNotice,
} from '../../src/slack/notices.ts';
import { END_REASONS, PARTICIPANT_STATUSES, SESSION_STATES } from '../../src/wire/session-schemas.ts';

/** A message of ours, made of random parts. */
export interface Made {
  readonly content: MessageContent;
  /** What persons typed that has to be read in it, where it is short. */
  readonly typed: readonly string[];
  readonly buttons: readonly string[];
}

const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const role = fc.constantFrom(...ROLES);
const action = {
  quote: 'q1' as QuoteId,
  mirror: '0b7e9a52-4f0e-4a57-9f8c-2f6f2a1c0d11',
  revision: 12,
};
const cells = [
  'lineItems/l1/name',
  'lineItems/l1/removed',
  'lineItems/l1/position',
  'fields/title',
  'note/n1',
];

/** Every message that we send, each text in it from `text`, each list with up to `most` items. */
export function anyMessage(text: fc.Arbitrary<string>, most: number): fc.Arbitrary<Made> {
  const value = fc.oneof(text, fc.boolean(), fc.constant(null));
  const lost: fc.Arbitrary<LostEdit> = fc.record({
    cell: fc.constantFrom(...cells),
    what: text,
    by: fc.record({ name: text, role }),
    reason: fc.constantFrom(...REFUSAL_REASONS),
    kept: value,
    offered: value,
  });
  const url = 'https://quotes.example/q/q1';
  return fc.oneof(
    { weight: 4, arbitrary: cards(text, most) },
    summaries(text, most).map((summary) => ({
      content: editNotice(summary),
      typed: [summary.name],
      buttons: [],
    })),
    fc.tuple(text, many(lost, most)).map(([name, edits]) => ({
      content: lostNotice(name, edits),
      typed: [name, ...edits.slice(0, 4).map(({ what }) => what)],
      buttons: [],
    })),
    fc.tuple(text, many(lost, most)).map(([title, edits]) => ({
      content: lostMessage({ title, url }, edits),
      typed: [title, ...edits.slice(0, 9).map(({ what }) => what)],
      buttons: ['Open the quote'],
    })),
    fc.record({ what: text, first: text, second: text }).map((held) => ({
      content: heldNotice({ name: held.second, cells: [{ cell: 'fields/title', ...held }], url }, (cell) => ({
        ...action,
        cell,
      })),
      typed: [held.what, held.first, held.second],
      buttons: ['Choose'],
    })),
    many(fc.record({ cell: fc.constantFrom(...cells), what: text, applied: value }), most).map((settled) => ({
      content: expiredNotice(settled),
      typed: settled.slice(0, 4).map(({ what }) => what),
      buttons: [],
    })),
    time.map((at) => ({ content: warningNotice(at, action), typed: [], buttons: ['Keep open'] })),
  );
}

/** At least one of a few kinds, repeated: long lists are quick to make. */
const many = <T>(item: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[]> =>
  fc
    .tuple(fc.array(item, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: most }))
    .map(([kinds, count]) => Array.from({ length: count }, (_, index) => kinds[index % kinds.length] as T));

function cards(text: fc.Arbitrary<string>, most: number): fc.Arbitrary<Made> {
  const person: fc.Arbitrary<CardPerson> = fc.record({
    name: text,
    role,
    status: fc.constantFrom(...PARTICIPANT_STATUSES),
    cell: fc.option(text),
    lastActivityAt: time,
  });
  return fc
    .record<CardView>({
      mirror: fc.constant(action.mirror),
      quote: fc.constant(action.quote),
      revision: fc.nat(),
      url: fc.constant('https://quotes.example/q/q1'),
      title: text,
      customer: text,
      status: text,
      total: text,
      lines: fc.nat({ max: 2_000 }),
      state: fc.constantFrom(...SESSION_STATES),
      conflicts: fc.nat({ max: 300 }),
      people: fc.oneof(fc.constant([]), many(person, most)),
      lastChange: fc.option(fc.record({ by: text, what: fc.option(text), at: time })),
      endsAt: fc.option(time),
      ended: fc.option(fc.record({ why: fc.constantFrom(...END_REASONS), by: fc.option(text), at: time })),
    })
    .map((view) => ({
      content: renderCard(view),
      typed: [
        view.title,
        view.customer,
        ...(view.ended === null ? view.people.slice(0, 7) : []).map(({ name }) => name),
      ],
      buttons: view.ended === null ? ['Edit', 'Open', 'Refresh', 'Leave', 'Done editing'] : [],
    }));
}

function summaries(text: fc.Arbitrary<string>, most: number): fc.Arbitrary<EditSummary> {
  const count = fc.nat({ max: 2_000 });
  return fc.record({
    name: text,
    lines: count,
    discounts: count,
    notes: count,
    fields: many(text, most),
    only: fc.option(text),
    totalBefore: text,
    totalAfter: text,
  });
}
