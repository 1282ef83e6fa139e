import type { Actor, Origin } from '../authority/actor.ts';
import { type HeldConflict, mayChoose } from '../authority/conflicts.ts';
import { assert, present } from '../lib/assert.ts';
import type { UserId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { parseCellId } from '../quote/cell.ts';
import type { ConflictEvent } from '../session/sessions.ts';
import { type ConflictChoice, chosenValue } from '../wire/conflict-choice.ts';
import type { ConflictJson } from '../wire/session-schemas.ts';
import type { ConflictDesk } from './conflict-desk.ts';
import type { WriteOutcome, WriteRequest } from './direct-writes.ts';
import type { Names } from './verdict-messages.ts';

/**
 * How a held conflict ends: somebody who may choose takes what is kept, what was parked, or a third value; or nobody does, and
 * the latest is written in the name of its author, of those who may still edit the quote; where none of them may, what is kept
 * is. Each is a write like any other, through the gate and into the log.
 */
export interface RoomConflicts {
  /** As this reader may see them, by number. */
  list(reader: Actor): ConflictJson[];
  /** How many are open. */
  count(): number;
  /** Looks at one to choose. */
  lookAt(n: number, chooser: Actor, name: string): Result<ConflictJson, ChoiceProblem>;
  /** Lets go of it without choosing; nothing where they did not have it. */
  letGo(n: number, chooser: Actor): void;
  /** The same of all that a person looked at. */
  letGoOfAll(user: UserId): void;
  /** Resolves when it is durable. The gate may refuse the choice, as any write: then the conflict stays open. */
  settle(n: number, settling: Settling): Promise<Result<WriteOutcome, ChoiceProblem>>;
  /** Ends what was open for too long, by `at` of the steady clock; a second call ends nothing twice. */
  expire(at: number): void;
  /** Ends all of them. Resolves when that is durable. */
  expireAll(): Promise<void>;
}

export interface Settling {
  readonly chooser: Actor;
  readonly name: string;
  readonly origin: Origin;
  readonly choice: ConflictChoice;
  /** The revision that the chooser had looked at; without it, the newest. */
  readonly base?: number;
}

export type ChoiceProblem =
  | 'no_such_conflict'
  /** Their role is lower than that of the authors, or they may not edit. */
  | 'not_permitted'
  /** Nothing parked is of that revision. */
  | 'no_such_choice';

/** Between two tries to end what is due: the first can fail where the disk is full. */
const RETRY_MS = 60_000;

interface Deps {
  readonly desk: ConflictDesk;
  readonly write: (request: WriteRequest) => Promise<WriteOutcome>;
  /** Somebody looks at one, or no longer. */
  readonly changed: (event: ConflictEvent) => void;
  readonly names: Names;
  /** By the grants of the quote, as they are now. */
  readonly mayStillEdit: (user: UserId) => Promise<boolean>;
  readonly report: (error: unknown) => void;
}

export function createRoomConflicts(deps: Deps): RoomConflicts {
  const { desk, write, changed, names, mayStillEdit, report } = deps;
  /** Being ended by us, until that is durable. */
  const ending = new Map<number, Promise<void>>();
  /** What could not be ended, and when that is tried again. */
  const retryAt = new Map<number, number>();

  function find(n: number, chooser: Actor): Result<HeldConflict, ChoiceProblem> {
    const conflict = desk.find(n);
    if (conflict === null) return fail('no_such_conflict');
    return mayChoose(chooser, conflict) ? ok(conflict) : fail('not_permitted');
  }

  function letGo(n: number, user: UserId): void {
    const event = desk.letGo(n, user);
    if (event !== null) changed(event);
  }

  /** The newest write of somebody who was not shut out meanwhile. */
  async function findLatest({
    kept,
    parked,
  }: HeldConflict): Promise<HeldConflict['kept'] | HeldConflict['parked'][number]> {
    for (const one of parked.toReversed()) if (await mayStillEdit(one.user)) return one;
    return kept;
  }

  async function writeLatest(conflict: HeldConflict): Promise<void> {
    const { n, cell } = conflict;
    const { user, role, value } = await findLatest(conflict);
    // Somebody settled it or wrote again while we asked: what is due then is looked at anew.
    if (desk.find(n) !== conflict) return;
    await write({
      actor: { user, role, permission: 'editor' },
      name: names.of(user),
      origin: 'system',
      kind: 'expire',
      composition: compositionOf(cell, value),
    });
  }

  function end(conflict: HeldConflict): Promise<void> {
    const { n } = conflict;
    const ended =
      ending.get(n) ??
      writeLatest(conflict)
        .catch(report)
        .finally(() => ending.delete(n));
    ending.set(n, ended);
    return ended;
  }

  return {
    list: desk.list,
    count: desk.count,
    lookAt(n, chooser, name) {
      const found = find(n, chooser);
      if (!found.ok) return found;
      names.note(chooser.user, name);
      const event = desk.lookAt(n, chooser);
      if (event !== null) changed(event);
      return ok(
        present(
          desk.list(chooser).find((one) => one.n === n),
          'a conflict that was found is listed',
        ),
      );
    },
    letGo: (n, { user }) => letGo(n, user),
    letGoOfAll(user) {
      for (const n of desk.lookedAtBy(user)) letGo(n, user);
    },
    async settle(n, { chooser, name, origin, choice, base }) {
      const found = find(n, chooser);
      if (!found.ok) return found;
      const { cell, kept, parked } = found.value;
      const choosable = { kept, parked: parked.map(({ value, seq }) => ({ value, revision: seq })) };
      const value = chosenValue(choosable, choice);
      if (value === undefined) return fail('no_such_choice');
      return ok(
        await write({
          actor: chooser,
          name,
          origin,
          kind: 'settle',
          composition: compositionOf(cell, value),
          ...(base !== undefined && { base }),
        }),
      );
    },
    expire(at) {
      for (const conflict of desk.due(at)) {
        if (at < (retryAt.get(conflict.n) ?? 0)) continue;
        retryAt.set(conflict.n, at + RETRY_MS);
        void end(conflict);
      }
    },
    async expireAll() {
      await Promise.all(desk.due(Infinity).map(end));
    },
  };
}

function compositionOf(
  id: HeldConflict['cell'],
  value: HeldConflict['kept']['value'],
): WriteRequest['composition'] {
  const cell = parseCellId(id);
  assert(cell !== null, 'a conflict is about a cell');
  return { cells: [{ cell, value }] };
}
