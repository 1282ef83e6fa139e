import type { OtherPresence, OwnPresence } from '../../../client/connect-quote.ts';

/** Everybody else who is here, each once, by name: of several tabs the one in which they do most. */
export function peopleHere(others: readonly OtherPresence[], me: string | null): readonly OtherPresence[] {
  const byUser = new Map<string, OtherPresence>();
  for (const other of others) {
    const { id } = other.user;
    if (id === me) continue;
    const known = byUser.get(id);
    if (known === undefined || activityOf(other) > activityOf(known)) byUser.set(id, other);
  }
  return [...byUser.values()].toSorted((a, b) => byName(a.user, b.user));
}

/** How much somebody does: editing, in a cell, looking, idle, away. */
export function activityOf({ status, editing, cell }: OwnPresence): number {
  if (status === 'away') return 0;
  if (status === 'idle') return 1;
  return typeof editing === 'string' ? 4 : typeof cell === 'string' ? 3 : 2;
}

export const byName = (
  a: { readonly id: string; readonly name: string },
  b: { readonly id: string; readonly name: string },
): number => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
