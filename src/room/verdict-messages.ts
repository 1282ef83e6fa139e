import { type Author, type Overridden, isRefused } from '../authority/verdict.ts';
import type { UserId } from '../lib/ids.ts';
import type { OverriddenEvent, Refused } from '../wire/messages.ts';
import type { WireUser } from '../wire/user-schema.ts';
import type { ExplainedVerdict } from './explain-verdicts.ts';

/** People's names, as far as they are known; the id where they are not. */
export interface Names {
  of(user: UserId): string;
  note(user: UserId, name: string): void;
}

export function createNames(): Names {
  const names = new Map<UserId, string>();
  return {
    of: (user) => names.get(user) ?? user,
    note: (user, name) => void names.set(user, name),
  };
}

/** What the author of a frame is told of its refused writes; null where none was refused. */
export function refusedMessage(
  verdicts: readonly ExplainedVerdict[],
  revision: number,
  names: Names,
): Refused | null {
  const writes = verdicts.filter(isRefused).map(({ cell, reason, by, applied, offered, message }) => ({
    cell,
    reason: reason ?? 'not_permitted',
    ...(by === null ? {} : { by: wireUser(by, names) }),
    kept: applied,
    // The message is made for JSON; the verdict's type only adds `readonly`.
    offered: offered as Refused['writes'][number]['offered'],
    ...(message === undefined ? {} : { message }),
  }));
  return writes.length === 0 ? null : { type: 'refused', revision, writes };
}

/** What each person is told of earlier writes of theirs that were put aside. */
export function overriddenMessages(
  overridden: readonly Overridden[],
  revision: number,
  names: Names,
): Map<UserId, OverriddenEvent> {
  const messages = new Map<UserId, OverriddenEvent>();
  for (const { user, cell, by, kept, yours } of overridden) {
    const message = messages.get(user) ?? { type: 'overridden', revision, writes: [] };
    message.writes.push({ cell, by: wireUser(by, names), kept, yours });
    messages.set(user, message);
  }
  return messages;
}

export const wireUser = ({ user, role }: Author, names: Names): WireUser => ({
  id: user,
  name: names.of(user),
  role,
});
