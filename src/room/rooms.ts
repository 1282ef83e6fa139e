import type { Composition } from '../authority/compose-update.ts';
import { type Gate, createGate } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import { assert, present } from '../lib/assert.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { DefaultPermission } from '../authority/role.ts';
import { permissionsBy } from '../session/access.ts';
import { type Limits, CHECKPOINT_EVERY_ENTRIES, EMPTY_ROOM_MS } from '../lib/limits.ts';
import type { Result } from '../lib/result.ts';
import type { Checkpointer } from '../log/checkpointer.ts';
import { emptyHead } from '../log/entry-hash.ts';
import { type LoadedQuote, loadGate } from '../log/load-gate.ts';
import type { GroupCommit } from '../log/group-commit.ts';
import type { Log } from '../log/log.ts';
import type { Directory } from '../session/directory.ts';
import type { SessionLimits } from '../session/find-full.ts';
import type { Sessions } from '../session/sessions.ts';
import { closeCodes } from '../wire/close-codes.ts';
import type { DurableUpdate } from './durable-update.ts';
import type { FoundConflict } from './conflict-desk.ts';
import { type CreateProblem, type Creator, createQuoteMaker } from './quote-maker.ts';
import { type OpenedQuote, type Room, type RoomDeps, createRoom } from './room.ts';
import type { RoomMetrics } from './room-metrics.ts';
import { type Names, createNames } from './verdict-messages.ts';

/**
 * The rooms of this process, at most one per quote: opens them from the log, drops those that broke, lets go of those that
 * have been empty for a while. The process owns its quotes: nobody else appends to them.
 *
 * A room that broke may still have appends under way, and its clients come back in the same instant: the quote is opened
 * again once these have ended, and not before a second has passed, so that a full disk does not become a storm.
 *
 * When a quote is due for a checkpoint is said here: every so many entries, looked at once a second, and when its room is let go
 * with entries since the newest one. The checkpointer makes it when it gets to it, away from the rooms, and makes more of its
 * own accord where a quote grows faster than that.
 */
export interface Rooms {
  /** The quote's room, loaded if need be; null for an unknown quote. Throws `Fault` where it cannot be loaded. */
  open(quote: QuoteId): Promise<Room | null>;
  /** The room if it is in memory. */
  peek(quote: QuoteId): Room | null;
  /** Makes a quote whose first entry holds all its values, written by its creator, who becomes its host. */
  create(quote: QuoteId, creator: Creator, composition: Composition): Promise<Result<Room, CreateProblem>>;
  /** Rooms with somebody in them. */
  live(): readonly Room[];
  /** Everything that hangs on time; called every second. */
  tick(): void;
  /** Closes all connections, a few at a time, and resolves when everything received is durable. */
  shutDown(): Promise<void>;
}

export interface RoomsDeps extends SessionLimits {
  readonly log: Log;
  readonly directory: Directory;
  readonly defaultPermission: DefaultPermission;
  readonly commit: GroupCommit;
  readonly checkpointer: Checkpointer;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly limits: Limits;
  readonly isShared: boolean;
  readonly sessions: Sessions;
  readonly metrics: RoomMetrics;
  /** See `steady-clock.ts`. */
  readonly steadyNow: () => number;
  /** ms since 1970 */
  readonly date: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly newId: () => string;
  /** Told of entries that became durable and that everyone was sent. */
  readonly told?: (quote: QuoteId, updates: readonly DurableUpdate[]) => void;
  /** Told of every fault and bug that a room could not answer itself. */
  readonly report: (error: unknown, quote: QuoteId) => void;
}

export function createRooms(deps: RoomsDeps): Rooms {
  const { log, directory } = deps;
  const { steadyNow } = deps;
  const names: Names = createNames();
  const shared: RoomDeps = { told: () => undefined, ...deps, permissionOf: permissionsBy(deps), names };
  const rooms = new Map<QuoteId, Room>();
  const opening = new Map<QuoteId, Promise<Room | null>>();
  const broken = new Map<QuoteId, { readonly at: number; readonly drained: Promise<void> }>();
  /** The revision of each room's newest checkpoint, made or asked for. */
  const checkpointedRevision = new Map<QuoteId, number>();
  let shuttingDown: Promise<void> | null = null;
  const maker = createQuoteMaker({
    ...deps,
    async isTaken(quote) {
      await untilMended(quote);
      const head = await log.head(quote);
      const isPurged = head === null && (await log.tombstone(quote)) !== null;
      if (shuttingDown !== null) throw shutDownFault();
      return head !== null || isPurged || rooms.has(quote);
    },
    openEmpty(quote, { actor }) {
      if (shuttingDown !== null) throw shutDownFault();
      return keep(
        quote,
        { gate: createGate(), head: emptyHead },
        { summary: null, createdBy: actor.user, reservations: [], conflicts: [] },
      );
    },
  });

  const stopWatching = deps.sessions.watch((session, change) => {
    rooms.get(session.quote)?.sessionChanged(session, change);
  });

  async function load(quote: QuoteId): Promise<Room | null> {
    await untilMended(quote);
    const loaded = await loadGate(log, quote);
    if (loaded === null) return null;
    for (const fault of loaded.passedOver) deps.report(fault, quote);
    const people = await directory.people(loaded.gate.ledger.owners());
    for (const { user, name } of people) names.note(user, name);
    const summary = await log.summary(quote);
    const reservations = await directory.reservations(quote);
    const conflicts = await findConflicts(log, quote, loaded.gate);
    if (shuttingDown !== null) throw shutDownFault();
    const opened = rooms.get(quote);
    if (opened !== undefined) return opened;
    checkpointedRevision.set(quote, loaded.checkpointSeq);
    return keep(quote, loaded, { summary, createdBy: summary?.createdBy ?? '', reservations, conflicts });
  }

  /** What a former room of the quote had begun to append is in the log, or will never be. */
  async function untilMended(quote: QuoteId): Promise<void> {
    const former = broken.get(quote);
    if (former === undefined) return;
    await former.drained;
    const rest = former.at + REOPEN_AFTER_MS - steadyNow();
    if (rest > 0) await pause(deps.later, rest);
    if (broken.get(quote) === former) broken.delete(quote);
  }

  function keep(
    quote: QuoteId,
    { gate, head }: Pick<LoadedQuote, 'gate' | 'head'>,
    about: Pick<OpenedQuote, 'summary' | 'createdBy' | 'reservations' | 'conflicts'>,
  ): Room {
    const room = createRoom(
      shared,
      { ...about, quote, gate, head },
      {
        saveSummary(summary) {
          log.append([], [summary]).catch((error: unknown) => deps.report(error, quote));
        },
        saveReservation(client, user) {
          directory
            .reserve({ quote, client, user, at: deps.date() })
            .catch((error: unknown) => deps.report(error, quote));
        },
        onBroken(error) {
          if (rooms.get(quote) === room) rooms.delete(quote);
          broken.set(quote, { at: steadyNow(), drained: room.drained() });
          deps.report(error, quote);
        },
        report: (error) => deps.report(error, quote),
      },
    );
    assert(!rooms.has(quote), 'a quote has one room');
    rooms.set(quote, room);
    return room;
  }

  function checkpointSoon(quote: QuoteId, revision: number): void {
    checkpointedRevision.set(quote, revision);
    deps.checkpointer.checkpoint(quote).catch((error: unknown) => deps.report(error, quote));
  }

  function letGo(room: Room): void {
    if (rooms.get(room.quote) === room) rooms.delete(room.quote);
    room.close({ code: closeCodes.tryAgain, reason: 'the room is closing' });
    if (room.gate.revision > (checkpointedRevision.get(room.quote) ?? 0))
      checkpointSoon(room.quote, room.gate.revision);
    checkpointedRevision.delete(room.quote);
  }

  function tickRoom(room: Room, at: number): void {
    room.tick(at);
    if (rooms.get(room.quote) !== room) return;
    const emptySince = room.emptySince();
    const { revision } = room.gate;
    if (emptySince !== null && at - emptySince >= EMPTY_ROOM_MS) letGo(room);
    else if (revision - (checkpointedRevision.get(room.quote) ?? 0) >= CHECKPOINT_EVERY_ENTRIES) {
      checkpointSoon(room.quote, revision);
    }
  }

  async function shutDown(): Promise<void> {
    await deps.commit.drained();
    const all = [...rooms.values()];
    const stagger = Math.min(STAGGER_MS, STAGGER_ALL_MS / Math.max(1, all.length));
    for (const room of all) {
      room.close({ code: closeCodes.restart, reason: 'the server restarts' });
      await pause(deps.later, stagger);
    }
    await deps.commit.drained();
    for (const room of all) letGo(room);
    stopWatching();
    await deps.checkpointer.close();
  }

  return {
    async open(quote) {
      if (shuttingDown !== null) throw shutDownFault();
      const room = rooms.get(quote);
      if (room !== undefined) return room;
      const known = opening.get(quote);
      if (known !== undefined) return known;
      const loading = load(quote).finally(() => opening.delete(quote));
      opening.set(quote, loading);
      return loading;
    },
    peek: (quote) => rooms.get(quote) ?? null,

    create: maker.make,

    live: () => [...rooms.values()].filter((room) => room.members().length > 0),

    tick() {
      const at = steadyNow();
      for (const room of rooms.values()) tickRoom(room, at);
    },

    shutDown() {
      shuttingDown ??= shutDown();
      return shuttingDown;
    },
  };
}

/** Its open conflicts, since when their first entry was written. */
async function findConflicts(log: Log, quote: QuoteId, { ledger }: Gate): Promise<FoundConflict[]> {
  const found: FoundConflict[] = [];
  for (const conflict of ledger.conflicts()) {
    const times = new Map<number, number>();
    for (const seq of [conflict.seq, conflict.kept.seq, ...conflict.parked.map((write) => write.seq)]) {
      const [entry] = await log.entries(quote, { after: seq - 1, limit: 1 });
      times.set(seq, present(entry, 'what the gate remembers is in the log').at);
    }
    const since = present(times.get(conflict.seq), 'the entry that held it was read');
    found.push({ conflict, since, times });
  }
  return found;
}

/** A quote whose room broke stays closed this long. */
const REOPEN_AFTER_MS = 1_000;
/** Between closing one room and the next, and all of them, so that not all clients come back in the same instant. */
const STAGGER_MS = 20;
const STAGGER_ALL_MS = 4_000;

const pause = (later: RoomsDeps['later'], ms: number): Promise<void> =>
  new Promise((resolve) => void later(ms, resolve));

const shutDownFault = (): Fault =>
  new Fault({
    code: 'shutting_down',
    message: 'The server is restarting. Try again in a moment.',
    retryable: true,
  });
