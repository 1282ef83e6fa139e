import { type Composition } from '../../src/authority/compose-update.ts';
import { type PolicySettings } from '../../src/authority/policy.ts';
import { assert, present } from '../../src/lib/assert.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { type Limits, TICK_MS, defaultLimits } from '../../src/lib/limits.ts';
import { policyHash } from '../../src/log/entry-hash.ts';
import { createGroupCommit } from '../../src/log/group-commit.ts';
import type { Log } from '../../src/log/log.ts';
import { makeCheckpoint } from './make-checkpoint.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { parseCellId } from '../../src/quote/cell.ts';
import type { Room } from '../../src/room/room.ts';
import { type RoomMetrics, noMetrics } from '../../src/room/room-metrics.ts';
import { type Rooms, createRooms } from '../../src/room/rooms.ts';
import { type SessionKeeper, createSessionKeeper } from '../../src/room/session-keeper.ts';
import { createSteadyClock } from '../../src/room/steady-clock.ts';
import type { Directory } from '../../src/session/directory.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { createSessions } from '../../src/session/live-sessions.ts';
import { createMemorySessionStore } from '../../src/session/memory-session-store.ts';
import type { SessionStore } from '../../src/session/session-store.ts';
import type { SessionSettings, Sessions } from '../../src/session/sessions.ts';
import { type Peer, type PeerOptions, createPeer } from './room-peer.ts';
import { policyOf } from './star.ts';

export type { Peer } from './room-peer.ts';

/**
 * Rooms on a log, with sockets that are plain lists and a clock that the test moves: everything of a server but the network. A
 * peer speaks y-protocols as a stock client does.
 */
export interface RoomHarness {
  /** Those of the present life: a crash begins another one. */
  readonly rooms: Rooms;
  readonly sessions: Sessions;
  readonly keeper: SessionKeeper;
  /** Outlives a crash. */
  readonly sessionStore: SessionStore;
  readonly log: Log;
  readonly quote: QuoteId;
  readonly checkpoints: number;
  room(): Promise<Room>;
  join(person: PeerOptions): Promise<Peer>;
  /** The same without letting anything be read: the peer has sent its first two frames. */
  enter(person: PeerOptions): Promise<Peer>;
  /** A new connection of the same client, with the document and presence that it has. */
  rejoin(peer: Peer): Promise<Peer>;
  /** Lets the room write what is due, and every peer answer what it was sent, until nothing moves. */
  settle(): Promise<void>;
  /** Lets the room write what is due; nobody reads. */
  turn(): Promise<void>;
  /** Moves the clock, running timers and ticks on the way. */
  advance(ms: number): void;
  /** The same, with everybody reading once a second. */
  pass(ms: number): Promise<void>;
  now(): number;
  /** Sets the computer's clock, back too; no time passes by it. */
  setClock(time: number): void;
  /** From now on appends are never answered; `stored` says whether they reach the log. */
  freeze(what: { readonly stored: boolean }): void;
  /** The process dies without a word, and another one starts on what is in the log. */
  crash(): void;
  /** Timers that have not run. */
  readonly timers: number;
  readonly reported: unknown[];
}

/** Minutes: the defaults of a server. */
const SESSION_SETTINGS: SessionSettings = {
  timeoutMinutes: 60,
  warningMinutes: 5,
  idleMinutes: 2,
  awayMinutes: 5,
};

export async function createRoomHarness(
  options: {
    log?: Log;
    /** Outlives a crash. */
    directory?: Directory;
    limits?: Partial<Limits>;
    policy?: Partial<PolicySettings>;
    participantsMax?: number;
    /** False: one person edits at a time. */
    isShared?: boolean;
    sessionStore?: SessionStore;
    cells?: Readonly<Record<string, string>>;
    quote?: string;
    metrics?: Partial<RoomMetrics>;
  } = {},
): Promise<RoomHarness> {
  const log = options.log ?? createMemoryLog();
  const directory = options.directory ?? createMemoryDirectory();
  const quote = (options.quote ?? 'q1') as QuoteId;
  const limits = { ...defaultLimits, ...options.limits };
  const policy = policyOf(options.policy, limits);
  const hash = policyHash(policy.json);
  await log.savePolicy({ hash, json: policy.json, at: 0 });
  let time = 1_000_000;
  let nextTickAt = time + TICK_MS;
  /** The computer's clock runs ahead of time by this. */
  let ahead = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  let ids = 0;
  let checkpoints = 0;
  let sessionIds = 0;
  const sessionStore = options.sessionStore ?? createMemorySessionStore();
  const reported: unknown[] = [];
  const report = (error: unknown): void => void reported.push(error);
  const date = (): number => time + ahead;
  let peers: Peer[] = [];
  let life = live();

  interface Life {
    readonly rooms: Rooms;
    readonly sessions: Sessions;
    readonly keeper: SessionKeeper;
    /** The open sessions are found again. */
    readonly ready: Promise<void>;
    frozen: { stored: boolean } | null;
    isOver: boolean;
  }

  function live(): Life {
    const appending: Log['append'] = async (entries, summaries) => {
      const { frozen, isOver } = own;
      if (!isOver && frozen?.stored !== false) await log.append(entries, summaries);
      if (isOver || frozen !== null) await new Promise(() => undefined);
    };
    const ownLog: Log = { ...log, append: appending };
    const sessions = createSessions({
      store: {
        ...sessionStore,
        write: async (changes) => (own.isOver ? undefined : sessionStore.write(changes)),
      },
      settings: SESSION_SETTINGS,
      newId: () => `session${++sessionIds}`,
      report,
    });
    const steadyNow = createSteadyClock(date);
    const rooms = createLife(ownLog, { sessions, steadyNow });
    const keeper = createSessionKeeper({ sessions, rooms, steadyNow, report });
    const own: Life = {
      rooms,
      sessions,
      keeper,
      ready: sessions.recover(steadyNow()),
      frozen: null,
      isOver: false,
    };
    return own;
  }

  function createLife(ownLog: Log, own: Pick<Life, 'sessions'> & { steadyNow: () => number }): Rooms {
    return createRooms({
      log: ownLog,
      directory,
      defaultPermission: 'editor',
      ...own,
      isShared: options.isShared ?? true,
      commit: createGroupCommit({ log: ownLog, schedule: (run) => void setImmediate(run) }),
      checkpointer: {
        checkpoint: (id) => {
          checkpoints += 1;
          return makeCheckpoint(log, id);
        },
        close: () => Promise.resolve(),
      },
      policy,
      policyHash: hash,
      limits,
      sessionsMax: 100,
      participantsMax: options.participantsMax ?? 100,
      metrics: { ...noMetrics, ...options.metrics },
      date,
      later(ms, run) {
        const timer = { at: time + ms, run };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
      newId: () => `id${++ids}`,
      report,
    });
  }

  const harness: RoomHarness = {
    get rooms() {
      return life.rooms;
    },
    get sessions() {
      return life.sessions;
    },
    get keeper() {
      return life.keeper;
    },
    sessionStore,
    get timers() {
      return timers.length;
    },
    get checkpoints() {
      return checkpoints;
    },
    log,
    quote,
    reported,
    now: () => time + ahead,
    async room() {
      await life.ready;
      return present(await life.rooms.open(quote), 'the quote exists');
    },
    async enter(person) {
      const peer = createPeer(await harness.room(), person);
      peers.push(peer);
      return peer;
    },
    async join(person) {
      const peer = await harness.enter(person);
      await harness.settle();
      return peer;
    },
    async rejoin(peer) {
      peer.disconnect();
      const { doc, awareness } = peer;
      return harness.join({ ...peer.options, doc, awareness });
    },
    async turn() {
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    },
    async settle() {
      for (let moved = true; moved;) {
        moved = false;
        await harness.turn();
        for (const peer of peers) if (!peer.isStalled && peer.read()) moved = true;
      }
    },
    advance(ms) {
      const end = time + ms;
      while (time < end) {
        time = Math.min(end, nextTickAt, time + 50);
        const due = timers.filter(({ at }) => at <= time);
        timers = timers.filter(({ at }) => at > time);
        for (const { run } of due) run();
        if (time < nextTickAt) continue;
        nextTickAt += TICK_MS;
        life.rooms.tick();
        life.keeper.tick();
      }
    },
    async pass(ms) {
      for (let rest = ms; rest > 0; rest -= 1_000) {
        harness.advance(Math.min(1_000, rest));
        await harness.settle();
      }
    },
    setClock(to) {
      ahead = to - time;
    },
    freeze(what) {
      life.frozen = what;
    },
    crash() {
      life.isOver = true;
      for (const peer of peers) {
        peer.closed ??= { code: 1006, reason: '' };
        peer.disconnect();
      }
      peers = [];
      timers = [];
      life = live();
    },
  };
  await life.ready;
  if ((await log.head(quote)) === null) await createQuote(life.rooms, quote, options.cells ?? {});
  return harness;
}

async function createQuote(
  rooms: Rooms,
  quote: QuoteId,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const all: Record<string, string> = { 'fields/status': 'draft', ...values };
  const composition: Composition = {
    cells: Object.entries(all).map(([id, value]) => ({
      cell: present(parseCellId(id), `${id} is a cell`),
      value,
    })),
  };
  const creator = { user: 'creator' as UserId, role: 'admin' as const, permission: 'host' as const };
  const made = await rooms.create(quote, { actor: creator, name: 'Creator', origin: 'api' }, composition);
  assert(made.ok, 'the quote could be made');
}
