import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import type { Permission, Role } from '../../src/authority/role.ts';
import type { UserId } from '../../src/lib/ids.ts';
import type { Room, RoomConnection } from '../../src/room/room.ts';
import type { Socket } from '../../src/room/socket.ts';
import { type ServerEvent, serverEventSchema } from '../../src/wire/messages.ts';

/** A stock client in front of a room, without a network: it does what y-websocket does, when the test lets it read. */
export interface PeerOptions {
  readonly user: string;
  readonly role: Role;
  readonly permission?: Permission;
  readonly events?: boolean;
  readonly entries?: boolean;
  readonly doc?: Y.Doc;
  readonly awareness?: awarenessProtocol.Awareness;
  readonly name?: string;
  /** When its token expires, ms since 1970; never where it is not said. */
  readonly expiresAt?: number;
  /** Sends nothing by itself. */
  readonly isMute?: boolean;
}

export interface Peer {
  readonly options: PeerOptions;
  readonly doc: Y.Doc;
  readonly awareness: awarenessProtocol.Awareness;
  readonly connection: RoomConnection;
  /** Frames that the server sent and the peer has not read. */
  readonly inbox: Uint8Array[];
  /** All frames ever sent to it. */
  readonly received: Uint8Array[];
  readonly events: ServerEvent[];
  /** Sync step 2 and update frames that it sent. */
  readonly sentFrames: number;
  closed: { readonly code: number; readonly reason: string } | null;
  isTerminated: boolean;
  /** While true it reads nothing. */
  isStalled: boolean;
  /** While true its updates are lost on the way. */
  isLossy: boolean;
  /** Null: what lies in its inbox. */
  unsentBytes: number | null;
  /** A socket that throws whatever it is given. */
  isBroken: boolean;
  pings: number[];
  /** Reads all frames, answering as a stock client does. */
  read(): boolean;
  send(frame: Uint8Array): void;
  /** `code`: how the connection ends; without one, the line is cut. */
  disconnect(code?: number): void;
  /** The client is gone, but the server has not noticed. */
  vanish(): void;
}

export function createPeer(room: Room, options: PeerOptions): Peer {
  const { user, role, permission = 'editor', events = false, doc = new Y.Doc(), name } = options;
  const { awareness = new awarenessProtocol.Awareness(doc) } = options;
  // Its timer would outlive the test.
  clearInterval(awareness._checkInterval);
  const inbox: Uint8Array[] = [];
  const received: Uint8Array[] = [];
  let sentFrames = 0;
  let isGone = false;
  const whenGone: (() => void)[] = [];
  const socket: Socket = {
    send(frame) {
      if (peer.isBroken) throw new Error('this socket takes nothing');
      inbox.push(frame);
      received.push(frame);
    },
    unsentBytes: () => peer.unsentBytes ?? inbox.reduce((bytes, frame) => bytes + frame.length, 0),
    ping: (revision) => void peer.pings.push(revision),
    close(code, reason) {
      peer.closed ??= { code, reason };
    },
    terminate() {
      peer.isTerminated = true;
    },
    onceGone(run) {
      if (isGone) run();
      else whenGone.push(run);
    },
  };
  const onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin !== 'server') send((encoder) => syncProtocol.writeUpdate(encoder, update));
  };

  /** Stock clients tell of every change that they hear of, whoever's it is. */
  const onPresence = ({
    added,
    updated,
    removed,
  }: Record<'added' | 'updated' | 'removed', number[]>): void => {
    peer.send(presenceFrame(awareness, [...added, ...updated, ...removed]));
  };

  function send(write: (encoder: encoding.Encoder) => void): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 0);
    write(encoder);
    if (!peer.isLossy) peer.send(encoding.toUint8Array(encoder));
  }

  const peer: Peer = {
    options,
    doc,
    awareness,
    get connection() {
      return connection;
    },
    get sentFrames() {
      return sentFrames;
    },
    inbox,
    received,
    events: [],
    closed: null,
    isTerminated: false,
    isStalled: false,
    isLossy: false,
    unsentBytes: null,
    isBroken: false,
    pings: [],
    read() {
      const frames = inbox.splice(0);
      for (const frame of frames) readFrame(frame);
      for (const revision of peer.pings.splice(0)) peer.connection.ponged(revision);
      return frames.length > 0;
    },
    send(frame) {
      if (peer.closed !== null) return;
      if (frame[0] === 0 && frame[1] !== 0) sentFrames += 1;
      peer.connection.receive(frame);
    },
    vanish() {
      doc.off('update', onUpdate);
      awareness.off('update', onPresence);
      peer.isStalled = true;
    },
    disconnect(code) {
      doc.off('update', onUpdate);
      awareness.off('update', onPresence);
      peer.closed ??= { code: code ?? 1006, reason: '' };
      isGone = true;
      for (const run of whenGone.splice(0)) run();
      peer.connection.closed(code);
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
    expiresAt: options.expiresAt ?? Infinity,
    wantsEvents: events,
    wantsEntries: options.entries === true,
  });
  doc.on('update', onUpdate);
  awareness.on('update', onPresence);
  if (options.isMute !== true) {
    send((encoder) => syncProtocol.writeSyncStep1(encoder, doc));
    if (awareness.getLocalState() !== null) peer.send(presenceFrame(awareness));
  }
  return peer;
}

/** The frame with which a stock client tells of clients, itself unless told otherwise. */
export function presenceFrame(
  awareness: awarenessProtocol.Awareness,
  clients: readonly number[] = [awareness.clientID],
): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint8Array(encoder, awarenessProtocol.encodeAwarenessUpdate(awareness, [...clients]));
  return encoding.toUint8Array(encoder);
}

/** How many of its frames the peer was told to be settled. */
export function acknowledged(peer: Peer): number {
  const ack = peer.events.findLast((event) => event.type === 'ack');
  return ack?.type === 'ack' ? ack.frames : 0;
}

/** The events of one type that a peer was told, oldest first. */
export const eventsOf = <Type extends ServerEvent['type']>(peer: Peer, type: Type) =>
  peer.events.filter((event): event is Extract<ServerEvent, { type: Type }> => event.type === type);

/** What the server sent, told apart by the first bytes. */
export type FrameKind = 'step1' | 'step2' | 'update' | 'presence' | 'event';

export function kindOf(frame: Uint8Array): FrameKind {
  if (frame[0] === 0) return frame[1] === 0 ? 'step1' : frame[1] === 1 ? 'step2' : 'update';
  return frame[0] === 1 ? 'presence' : 'event';
}
