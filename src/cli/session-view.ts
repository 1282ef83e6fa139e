import type { ConflictJson, QuoteClient } from '../client/connect-quote.ts';
import type { SessionEvent } from '../wire/messages.ts';
import { showTime } from './moment.ts';
import { plain } from './plain-text.ts';
import { describeConflict, describePerson } from './session-text.ts';
import { describeConnection } from './watch-view.ts';

/** A live session at one moment, as plain data: changes are read from two of them. */
export interface SessionView {
  readonly session: SessionEvent | null;
  /** One line for each other person. */
  readonly people: readonly string[];
  readonly conflicts: readonly ConflictJson[];
  readonly connection: string;
}

export const readSessionView = (quote: QuoteClient): SessionView => ({
  session: quote.session(),
  people: [...new Set(quote.presence.others().map(({ user }) => describePerson(user)))],
  conflicts: quote.conflicts(),
  connection: describeConnection(quote.state()),
});

/** What is new, one line each; without a view before it, what there is. */
export function describeSessionChanges(before: SessionView | null, after: SessionView): string[] {
  const isOver = after.session?.state === 'closed';
  const lines = [
    ...(isOver || after.connection === (before?.connection ?? 'live') ? [] : [after.connection]),
    // Away from the server nobody is seen, and nobody has gone.
    ...(after.connection === 'live' ? describeComings(before?.people ?? [], after.people) : []),
    ...describeCourse(before?.session ?? null, after.session),
    ...describeConflictChanges(before?.conflicts ?? [], after.conflicts),
  ];
  return lines.map(plain);
}

const describeComings = (before: readonly string[], after: readonly string[]): string[] => [
  ...after.filter((person) => !before.includes(person)).map((person) => `${person} is here`),
  ...before.filter((person) => !after.includes(person)).map((person) => `${person} left, or is away`),
];

function describeCourse(before: SessionEvent | null, after: SessionEvent | null): string[] {
  if (after === null) return [];
  if (after.state === 'closed') {
    const by = after.by === undefined ? '' : ` by ${after.by.name}`;
    return before?.state === 'closed' ? [] : [`the session was ended${by} (${after.why ?? 'by_hand'})`];
  }
  const isResumed = before?.endsAt !== undefined && after.endsAt === undefined;
  return [
    ...(after.state === before?.state ? [] : [`state: ${after.state}`]),
    ...(after.endsAt === undefined || after.endsAt === before?.endsAt
      ? []
      : [
          `warning: it ends at ${showTime(after.endsAt)} UTC unless something is done: "quoteroom session keep-open ${after.sessionId}"`,
        ]),
    ...(isResumed ? ['it stays open: something was done'] : []),
  ];
}

function describeConflictChanges(before: readonly ConflictJson[], after: readonly ConflictJson[]): string[] {
  const textOf = (conflict: ConflictJson): string => describeConflict(conflict).join('\n');
  const known = new Map(before.map((conflict) => [conflict.n, textOf(conflict)]));
  return [
    ...after
      .filter((conflict) => known.get(conflict.n) !== textOf(conflict))
      .flatMap((conflict) => describeConflict(conflict).map((line) => `conflict ${line.trim()}`)),
    ...before
      .filter(({ n }) => after.every((conflict) => conflict.n !== n))
      .map(({ n, cell }) => `conflict ${n} in ${cell} is settled`),
  ];
}
