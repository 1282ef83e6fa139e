import type { Actor } from '../authority/actor.ts';
import { noActiveEdits } from '../authority/active-edits.ts';
import { type Composition, composeUpdate, composingClientOf } from '../authority/compose-update.ts';
import { createGate } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import type { WriteVerdict } from '../authority/verdict.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type Limits, CHECKPOINT_EVERY_ENTRIES, EMPTY_ROOM_MS } from '../lib/limits.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import type { Checkpointer } from '../log/checkpointer.ts';
import { type LoadedQuote, emptyHead, loadGate } from '../log/load-gate.ts';
import type { GroupCommit } from '../log/group-commit.ts';
import type { Log } from '../log/log.ts';
import type { Directory } from '../session/directory.ts';
import { closeCodes } from '../wire/close-codes.ts';
import { type Room, createRoom } from './room.ts';
import type { RoomMetrics } from './room-metrics.ts';
import { type Names, createNames } from './verdict-messages.ts';

/**
 * The rooms of this process, at most one per quote: opens them from the log, drops those that broke, lets go of those that
 * have been empty for a while. The process owns its quotes: nobody else appends to them.
 */
export interface Rooms {
  /** The quote's room, loaded if need be; null for an unknown quote. Throws `Fault` where it cannot be loaded. */
  open(quote: QuoteId): Promise<Room | null>;
  /** The room if it is in memory. */
  peek(quote: QuoteId): Room | null;
  /** Makes a quote whose first entry holds all its values, written by its creator. */
  create(quote: QuoteId, creator: Creator, composition: Composition): Promise<Result<Room, CreateProblem>>;
  /** Judges a composition as the first entry of a quote would be, without making one. */
  judgeCreation(creator: Creator, composition: Composition): readonly WriteVerdict[];
  /** Rooms with somebody in them. */
  live(): readonly Room[];
  /** Everything that hangs on time; called every second. */
  tick(): void;
  /** Closes all connections, a few at a time, and resolves when everything received is durable. */
  shutDown(): Promise<void>;
}

export interface Creator {
  readonly actor: Actor;
  readonly name: string;
  readonly origin: 'api' | 'system';
}

export type CreateProblem =
  | { readonly kind: 'taken' }
  /** The creator may not write these values, or they are none. */
  | { readonly kind: 'refused'; readonly verdicts: readonly WriteVerdict[] };

export interface RoomsDeps {
  readonly log: Log;
  readonly directory: Directory;
  readonly commit: GroupCommit;
  readonly checkpointer: Checkpointer;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly limits: Limits;
  readonly participantsMax: number;
  readonly metrics: RoomMetrics;
  readonly now: () => number;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly newId: () => string;
  /** Told of every fault and bug that a room could not answer itself. */
  readonly report: (error: unknown, quote: QuoteId) => void;
}

export function createRooms(deps: RoomsDeps): Rooms {
  const { log, directory, now } = deps;
  const names: Names = createNames();
  const rooms = new Map<QuoteId, Room>();
  const opening = new Map<QuoteId, Promise<Room | null>>();
  const checkpointedAt = new Map<QuoteId, number>();
  let isShut = false;

  async function load(quote: QuoteId): Promise<Room | null> {
    const loaded = await loadGate(log, quote);
    if (loaded === null) return null;
    const checkpoint = await log.checkpoint(quote);
    checkpointedAt.set(quote, checkpoint?.seq ?? 0);
    const people = await directory.people(loaded.gate.ledger.owners());
    for (const { user, name } of people) names.note(user, name);
    const summary = await log.summary(quote);
    return keep(quote, loaded, { summary, createdBy: summary?.createdBy ?? '' });
  }

  function keep(
    quote: QuoteId,
    { gate, head }: LoadedQuote,
    about: Pick<Parameters<typeof createRoom>[0], 'summary' | 'createdBy'>,
  ): Room {
    const room = createRoom({
      ...deps,
      ...about,
      quote,
      gate,
      head,
      names,
      sessionId: deps.newId(),
      saveSummary: (summary) => {
        log.append([], [summary]).catch((error: unknown) => deps.report(error, quote));
      },
      onBroken: (error) => {
        if (rooms.get(quote) === room) rooms.delete(quote);
        deps.report(error, quote);
      },
    });
    rooms.set(quote, room);
    return room;
  }

  function checkpointSoon(quote: QuoteId, revision: number): void {
    checkpointedAt.set(quote, revision);
    deps.checkpointer.checkpoint(quote).catch((error: unknown) => deps.report(error, quote));
  }

  function letGo(room: Room): void {
    rooms.delete(room.quote);
    room.close({ code: closeCodes.tryAgain, reason: 'the room is closing' });
    if (room.gate.revision > (checkpointedAt.get(room.quote) ?? 0)) checkpointSoon(room.quote, room.gate.revision);
    checkpointedAt.delete(room.quote);
  }

  const refusedOf = (verdicts: readonly WriteVerdict[]): WriteVerdict[] =>
    verdicts.filter(({ verdict }) => verdict !== 'accepted');

  return {
    async open(quote) {
      if (isShut) throw shutDownFault();
      const room = rooms.get(quote);
      if (room !== undefined) return room;
      const known = opening.get(quote);
      if (known !== undefined) return known;
      const loading = load(quote).finally(() => opening.delete(quote));
      opening.set(quote, loading);
      return loading;
    },
    peek: (quote) => rooms.get(quote) ?? null,

    async create(quote, { actor, name, origin }, composition) {
      if (isShut) throw shutDownFault();
      if ((await log.head(quote)) !== null || rooms.has(quote)) return fail({ kind: 'taken' });
      const refused = refusedOf(this.judgeCreation({ actor, name, origin }, composition));
      if (refused.length > 0) return fail({ kind: 'refused', verdicts: refused });
      const room = keep(quote, { gate: createGate(), head: emptyHead }, { summary: null, createdBy: actor.user });
      await room.write({ actor, name, origin, kind: 'create', composition });
      return ok(room);
    },

    judgeCreation({ actor, name }, composition) {
      const verdicts = judgeInEmptyGate(deps.policy, actor, composition);
      names.note(actor.user, name);
      return verdicts;
    },

    live: () => [...rooms.values()].filter((room) => room.members().length > 0),

    tick() {
      const at = now();
      for (const room of rooms.values()) {
        room.tick(at);
        const { revision } = room.gate;
        if (revision - (checkpointedAt.get(room.quote) ?? 0) >= CHECKPOINT_EVERY_ENTRIES && room.emptySince() === null) {
          checkpointSoon(room.quote, revision);
        }
        const emptySince = room.emptySince();
        if (emptySince !== null && at - emptySince >= EMPTY_ROOM_MS) letGo(room);
      }
    },

    async shutDown() {
      isShut = true;
      await deps.commit.drained();
      for (const room of rooms.values()) {
        room.close({ code: closeCodes.restart, reason: 'the server restarts' });
        await pause(deps.later, STAGGER_MS);
      }
      await deps.commit.drained();
      for (const room of rooms.values()) letGo(room);
      await deps.checkpointer.close();
    },
  };
}

/** What the gate says to the first values of a quote, tried on a gate that is thrown away. */
function judgeInEmptyGate(policy: Policy, actor: Actor, composition: Composition): readonly WriteVerdict[] {
  const gate = createGate();
  const outcome = gate.submit({
    update: composeUpdate(gate.doc, composingClientOf(gate.ledger, actor.user), composition),
    kind: 'create',
    actor,
    seen: { kind: 'revision', revision: 0 },
    activeEdits: noActiveEdits,
    policy,
  });
  return outcome.kind === 'judged' ? outcome.verdicts : [];
}

/** Between closing one room and the next, so that not all clients come back in the same instant. */
const STAGGER_MS = 20;

const pause = (later: RoomsDeps['later'], ms: number): Promise<void> =>
  new Promise((resolve) => void later(ms, resolve));

const shutDownFault = (): Fault =>
  new Fault({ code: 'shutting_down', message: 'The server is restarting. Try again in a moment.', retryable: true });
