import type { Awareness } from 'y-protocols/awareness';
import type { ActiveEditView } from '../authority/active-edits.ts';
import type { ActiveEdit } from '../authority/verdict.ts';
import type { CellId } from '../lib/ids.ts';
import type { WireUser } from '../wire/user-schema.ts';
import type { Presence } from './presence.ts';
import { userIdOf } from './standing.ts';

/**
 * The cells that others say to be editing, for as long as the gate goes by it: a lease after the last change of what they
 * say, or after their last write there. That their presence goes on unchanged does not make it last. What viewers say to be
 * editing is taken for true, which the gate does not: a client has to leave it out.
 */
export interface HeldCells extends ActiveEditView {
  /** Who is editing something, by their id. */
  person(user: string): WireUser | null;
  /** A write of somebody else's was accepted: a sign that they are still editing the cell, if they say so. */
  wrote(user: string, cell: string): void;
  /** How long an edit lasts without a sign of it; 0, as at the start, is not at all. */
  lease(ms: number): void;
  close(): void;
}

export interface HeldCellsDeps {
  readonly awareness: Awareness;
  /** Made before, so that it is fresh whenever the awareness has changed. */
  readonly presence: Presence;
  readonly later: Later;
}

/** Runs something later; the function that it returns calls that off. */
export type Later = (ms: number, run: () => void) => () => void;

interface Held {
  readonly edit: ActiveEdit;
  readonly person: WireUser;
  readonly cancel: () => void;
}

export function createHeldCells(
  { awareness, presence, later }: HeldCellsDeps,
  onChange: () => void,
): HeldCells {
  const held = new Map<number, Held>();
  let leaseMs = 0;

  /** Takes notice of what a client says now. False if it holds what it held. */
  function note(client: number): boolean {
    const before = held.get(client);
    before?.cancel();
    held.delete(client);
    const other = presence.others().find(({ clientId }) => clientId === client);
    const cell = other?.editing;
    if (other === undefined || typeof cell !== 'string' || leaseMs === 0) return before !== undefined;
    const { id, name, role } = other.user;
    const person = { id, name, role };
    const cancel = later(leaseMs, () => {
      held.delete(client);
      onChange();
    });
    held.set(client, { edit: { user: userIdOf(person), role, cell: cell as CellId }, person, cancel });
    return before?.edit.cell !== cell || before.person.role !== role || before.person.name !== name;
  }

  function noteAll(clients: Iterable<number>): void {
    let hasChanged = false;
    for (const client of clients) hasChanged = note(client) || hasChanged;
    if (hasChanged) onChange();
  }

  const onPresence = ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>): void =>
    noteAll([...added, ...updated, ...removed]);
  awareness.on('change', onPresence);

  const edits = (fits: (cell: CellId) => boolean): ActiveEdit[] => {
    const found: ActiveEdit[] = [];
    for (const { edit } of held.values()) if (fits(edit.cell)) found.push(edit);
    return found;
  };

  return {
    on: (cell) => (held.size === 0 ? NONE : edits((other) => other === cell)),
    inRow: (row) => edits((other) => other.startsWith(`${row}/`)),
    person: (user) => [...held.values()].find(({ person }) => person.id === user)?.person ?? null,
    wrote(user, cell) {
      const editors = presence.others().filter((other) => other.user.id === user && other.editing === cell);
      noteAll(editors.map(({ clientId }) => clientId));
    },
    lease(ms) {
      if (ms === leaseMs) return;
      leaseMs = ms;
      noteAll(awareness.getStates().keys());
    },
    close() {
      awareness.off('change', onPresence);
      for (const { cancel } of held.values()) cancel();
      held.clear();
    },
  };
}

const NONE: readonly ActiveEdit[] = [];
