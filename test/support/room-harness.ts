import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import { type Composition } from '../../src/authority/compose-update.ts';
import { type PolicySettings } from '../../src/authority/policy.ts';
import type { Permission, Role } from '../../src/authority/role.ts';
import { assert, present } from '../../src/lib/assert.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { type Limits, defaultLimits } from '../../src/lib/limits.ts';
import { policyHash } from '../../src/log/entry-hash.ts';
import { createGroupCommit } from '../../src/log/group-commit.ts';
import type { Log } from '../../src/log/log.ts';
import { makeCheckpoint } from '../../src/log/make-checkpoint.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { parseCellId } from '../../src/quote/cell.ts';
import type { Room, RoomConnection } from '../../src/room/room.ts';
import { noMetrics } from '../../src/room/room-metrics.ts';
import { type Rooms, createRooms } from '../../src/room/rooms.ts';
import type { Socket } from '../../src/room/socket.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { type ServerEvent, serverEventSchema } from '../../src/wire/messages.ts';
import { policyOf } from './star.ts';

/**
 * Rooms on a log, with sockets that are plain lists and a clock that the test moves: everything of a server but the network. A
 * peer speaks y-protocols as a stock client does.
 */
export interface RoomHarness {
  readonly rooms: Rooms;
  readonly log: Log;
  readonly quote: QuoteId;
  room(): Promise<Room>;
  join(person: PeerOptions): Promise<Peer>;
  /** Lets the room write what is due, and every peer answer what it was sent, until nothing moves. */
  settle(): Promise<void>;
  /** Moves the clock, running timers and ticks on the way. */
  advance(ms: number): void;
  now(): number;
  readonly reported: unknown[];
}

export interface PeerOptions {
  readonly user: string;
  readonly role: Role;
  readonly permission?: Permission;
  readonly events?: boolean;
  readonly doc?: Y.Doc;
  readonly name?: string;
}

export interface Peer {
  readonly doc: Y.Doc;
  readonly awareness: awarenessProtocol.Awareness;
  readonly connection: RoomConnection;
  /** Frames that the server sent and the peer has not read. */
  readonly inbox: Uint8Array[];
  /** All frames ever sent to it. */
  readonly received: Uint8Array[];
  readonly events: ServerEvent[];
  closed: { readonly code: number; readonly reason: string } | null;
  isTerminated: boolean;
  /** While true it reads nothing. */
  isStalled: boolean;
  unsentBytes: number;
  pings: number[];
  /** Reads all frames, answering as a stock client does. */
  read(): boolean;
  send(frame: Uint8Array): void;
  disconnect(): void;
}

export async function createRoomHarness(
  options: {
    log?: Log;
    limits?: Partial<Limits>;
    policy?: Partial<PolicySettings>;
    participantsMax?: number;
    cells?: Readonly<Record<string, string>>;
    quote?: string;
  } = {},
): Promise<RoomHarness> {
  const log = options.log ?? createMemoryLog();
  const quote = (options.quote ?? 'q1') as QuoteId;
  const limits = { ...defaultLimits, ...options.limits };
  const policy = policyOf(options.policy, limits);
  const hash = policyHash(policy.json);
  await log.savePolicy({ hash, json: policy.json, at: 0 });
  let time = 1_000_000;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  let ids = 0;
  const reported: unknown[] = [];
  const peers: Peer[] = [];

  const rooms = createRooms({
    log,
    directory: createMemoryDirectory(),
    commit: createGroupCommit({ log, schedule: (run) => void setImmediate(run) }),
    checkpointer: { checkpoint: (id) => makeCheckpoint(log, id), close: () => Promise.resolve() },
    policy,
    policyHash: hash,
    limits,
    participantsMax: options.participantsMax ?? 100,
    metrics: noMetrics,
    now: () => time,
    later(ms, run) {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    newId: () => `id${++ids}`,
    report: (error) => void reported.push(error),
  });

  const harness: RoomHarness = {
    rooms,
    log,
    quote,
    reported,
    now: () => time,
    async room() {
      return present(await rooms.open(quote), 'the quote exists');
    },
    async join(person) {
      const room = await harness.room();
      const peer = createPeer(room, person);
      peers.push(peer);
      await harness.settle();
      return peer;
    },
    async settle() {
      for (let moved = true; moved; ) {
        moved = false;
        await new Promise((resolve) => setImmediate(resolve));
        await new Promise((resolve) => setImmediate(resolve));
        for (const peer of peers) if (!peer.isStalled && peer.read()) moved = true;
      }
    },
    advance(ms) {
      const end = time + ms;
      while (time < end) {
        time = Math.min(end, time + 50);
        const due = timers.filter(({ at }) => at <= time);
        timers = timers.filter(({ at }) => at > time);
        for (const { run } of due) run();
        if (time % 1_000 === 0) rooms.tick();
      }
    },
  };
  if ((await log.head(quote)) === null) await createQuote(rooms, quote, options.cells ?? {});
  return harness;
}

async function createQuote(rooms: Rooms, quote: QuoteId, values: Readonly<Record<string, string>>): Promise<void> {
  const all: Record<string, string> = { 'fields/status': 'draft', ...values };
  const composition: Composition = {
    cells: Object.entries(all).map(([id, value]) => ({ cell: present(parseCellId(id), `${id} is a cell`), value })),
  };
  const creator = { user: 'creator' as UserId, role: 'admin' as const, permission: 'host' as const };
  const made = await rooms.create(quote, { actor: creator, name: 'Creator', origin: 'api' }, composition);
  assert(made.ok, 'the quote could be made');
}

function createPeer(room: Room, { user, role, permission = 'editor', events = false, doc = new Y.Doc(), name }: PeerOptions): Peer {
  const awareness = new awarenessProtocol.Awareness(doc);
  // Its timer would outlive the test.
  clearInterval(awareness._checkInterval);
  const inbox: Uint8Array[] = [];
  const received: Uint8Array[] = [];
  const socket: Socket = {
    send(frame) {
      inbox.push(frame);
      received.push(frame);
    },
    unsentBytes: () => peer.unsentBytes,
    ping: (revision) => void peer.pings.push(revision),
    close(code, reason) {
      peer.closed ??= { code, reason };
    },
    terminate() {
      peer.isTerminated = true;
    },
  };
  const onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin !== 'server') send((encoder) => syncProtocol.writeUpdate(encoder, update));
  };

  function send(write: (encoder: encoding.Encoder) => void): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 0);
    write(encoder);
    peer.send(encoding.toUint8Array(encoder));
  }

  const peer: Peer = {
    doc,
    awareness,
    get connection() {
      return connection;
    },
    inbox,
    received,
    events: [],
    closed: null,
    isTerminated: false,
    isStalled: false,
    unsentBytes: 0,
    pings: [],
    read() {
      const frames = inbox.splice(0);
      for (const frame of frames) readFrame(frame);
      for (const revision of peer.pings.splice(0)) peer.connection.answered(revision);
      return frames.length > 0;
    },
    send(frame) {
      if (peer.closed === null) peer.connection.receive(frame);
    },
    disconnect() {
      doc.off('update', onUpdate);
      peer.closed ??= { code: 1000, reason: '' };
      peer.connection.closed();
    },
  };

  function readFrame(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === 0) {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, 0);
      syncProtocol.readSyncMessage(decoder, encoder, doc, 'server');
      if (encoding.length(encoder) > 1) peer.send(encoding.toUint8Array(encoder));
    } else if (type === 1) {
      awarenessProtocol.applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), 'server');
    } else if (type === 100) {
      peer.events.push(serverEventSchema.parse(JSON.parse(decoding.readVarString(decoder))));
    }
  }

  const connection = room.join({
    socket,
    actor: { user: user as UserId, role, permission },
    name: name ?? user,
    wantsEvents: events,
  });
  doc.on('update', onUpdate);
  send((encoder) => syncProtocol.writeSyncStep1(encoder, doc));
  peer.send(presenceFrame(awareness));
  return peer;
}

/** The frame with which a stock client announces its own state. */
export function presenceFrame(awareness: awarenessProtocol.Awareness): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint8Array(encoder, awarenessProtocol.encodeAwarenessUpdate(awareness, [awareness.clientID]));
  return encoding.toUint8Array(encoder);
}
