import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { CLIENT_ID_MAX } from '../lib/limits.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { MESSAGE_EVENT, type ServerEvent } from './messages.ts';

/**
 * Frames as y-websocket sends them: a message type, then its body; one message a frame, binary only.
 *
 *   0 sync         0 step 1: state vector | 1 step 2: update | 2 update
 *   1 awareness    presence: states of Yjs clients
 *   2 auth         never sent, ignored
 *   3 query        asks for all presence
 *   100 event      see messages.ts; server to client only
 */
const MESSAGE_SYNC = 0;
const MESSAGE_AWARENESS = 1;
const MESSAGE_QUERY_AWARENESS = 3;
const SYNC_STEP_1 = 0;
const SYNC_STEP_2 = 1;
const SYNC_UPDATE = 2;

export type ClientFrame =
  | { readonly kind: 'step1'; readonly stateVector: ReadonlyMap<number, number> }
  | { readonly kind: 'step2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'presence'; readonly states: readonly SaidState[] }
  | { readonly kind: 'queryPresence' }
  /** Of a type that we do not know: ignored, so that newer clients can talk to older servers. */
  | { readonly kind: 'unknown' };

/** One Yjs client's presence, as it is sent to others. */
export interface PresenceState {
  readonly client: number;
  /** Grows with each change and renewal of the state. */
  readonly clock: number;
  /** A JSON object, or `null` for a client that is gone. */
  readonly json: string;
}

/**
 * One Yjs client's presence, as it came in. A stock client says again what it hears of others, so in a full room all but one in
 * fifty are not its own and of no interest: they stay bytes of the frame until someone asks, see {@link parseSaidState}.
 */
export interface SaidState {
  readonly client: number;
  readonly clock: number;
  /** Holds the JSON, in UTF-8. */
  readonly frame: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export const GONE = 'null';

/** Bound on what a peer can make us allocate for its state vector. */
const STATE_VECTOR_CLIENTS_MAX = 100_000;

/** True for a frame whose size is bounded as a sync frame; all others have the smaller bound. */
export const isSyncFrame = (frame: Uint8Array): boolean => frame[0] === MESSAGE_SYNC;

/** Decodes one frame of a client. The reason names what is wrong; nothing of the content is in it. */
export function decodeClientFrame(frame: Uint8Array): Result<ClientFrame> {
  try {
    const decoder = decoding.createDecoder(frame);
    switch (decoding.readVarUint(decoder)) {
      case MESSAGE_SYNC:
        return isSyncFrame(frame) ? decodeSync(decoder) : fail('a message type that is written too long');
      case MESSAGE_AWARENESS:
        return decodePresence(decoder);
      case MESSAGE_QUERY_AWARENESS:
        return ok({ kind: 'queryPresence' });
      default:
        return ok({ kind: 'unknown' });
    }
  } catch {
    return fail('the frame is cut short or no y-protocols message');
  }
}

function decodeSync(decoder: decoding.Decoder): Result<ClientFrame> {
  const step = decoding.readVarUint(decoder);
  const body = decoding.readVarUint8Array(decoder);
  if (step === SYNC_STEP_1) return decodeStateVector(body);
  if (step === SYNC_STEP_2) return ok({ kind: 'step2', update: body });
  if (step === SYNC_UPDATE) return ok({ kind: 'update', update: body });
  return fail(`a sync message of the unknown kind ${step}`);
}

function decodeStateVector(body: Uint8Array): Result<ClientFrame> {
  const decoder = decoding.createDecoder(body);
  const count = decoding.readVarUint(decoder);
  if (count > STATE_VECTOR_CLIENTS_MAX) return fail('a state vector of too many clients');
  const stateVector = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    stateVector.set(decoding.readVarUint(decoder), decoding.readVarUint(decoder));
  }
  return ok({ kind: 'step1', stateVector });
}

/** Clocks beyond this are nobody's honest count of presence changes. */
const PRESENCE_CLOCK_MAX = 2 ** 48;

function decodePresence(frame: decoding.Decoder): Result<ClientFrame> {
  const body = decoding.readVarUint8Array(frame);
  const decoder = decoding.createDecoder(body);
  const count = decoding.readVarUint(decoder);
  const states: SaidState[] = [];
  for (let index = 0; index < count; index++) {
    const client = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    const bytes = decoding.readVarUint(decoder);
    if (client > CLIENT_ID_MAX) return fail('presence of a client id that no client may have');
    if (clock > PRESENCE_CLOCK_MAX) return fail('a presence clock of no sensible size');
    const start = decoder.pos;
    const end = start + bytes;
    if (end > body.length) return fail('a presence state that is cut short');
    decoder.pos = end;
    states.push({ client, clock, frame: body, start, end });
  }
  return ok({ kind: 'presence', states });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The same as {@link parsePresenceState}, of a state as it came in. */
export function parseSaidState({ frame, start, end }: SaidState): ReturnType<typeof parsePresenceState> {
  try {
    return parsePresenceState(utf8.decode(frame.subarray(start, end)));
  } catch {
    return fail('a presence state that is no text');
  }
}

/** Objects and lists within each other in a state. What comes deeper could not be written as JSON again. */
const PRESENCE_DEPTH_MAX = 64;

/** What a state says: the object, or null where its client is gone. */
export function parsePresenceState(json: string): Result<Record<string, unknown> | null> {
  const problem = fail('a presence state that is no JSON object');
  try {
    const value: unknown = JSON.parse(json);
    if (value === null) return ok(null);
    if (typeof value !== 'object' || Array.isArray(value)) return problem;
    return isDeeperThan(value, PRESENCE_DEPTH_MAX)
      ? fail('a presence state of too many levels')
      : ok({ ...value });
  } catch {
    return problem;
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}

/** The server's state vector, encoded: asks for everything that it does not cover. */
export const encodeStep1 = (stateVector: Uint8Array): Uint8Array => encodeSync(SYNC_STEP_1, stateVector);
export const encodeStep2 = (update: Uint8Array): Uint8Array => encodeSync(SYNC_STEP_2, update);
export const encodeUpdateFrame = (update: Uint8Array): Uint8Array => encodeSync(SYNC_UPDATE, update);

function encodeSync(step: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

/** One awareness message; without states it only keeps stock clients from hanging up. */
export const encodePresence = (states: readonly PresenceState[]): Uint8Array =>
  joinPresence(states.map(encodePresenceState));

/** A state as it stands in an awareness message: what goes out to many, in several messages, is encoded once. */
export function encodePresenceState({ client, clock, json }: PresenceState): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
  encoding.writeVarString(encoder, json);
  return encoding.toUint8Array(encoder);
}

/** One awareness message of encoded states. */
export function joinPresence(states: readonly Uint8Array[]): Uint8Array {
  const count = encoding.createEncoder();
  encoding.writeVarUint(count, states.length);
  const bytes = states.reduce((sum, { length }) => sum + length, encoding.length(count));
  const head = encoding.createEncoder();
  encoding.writeVarUint(head, MESSAGE_AWARENESS);
  encoding.writeVarUint(head, bytes);
  encoding.writeUint8Array(head, encoding.toUint8Array(count));
  const start = encoding.toUint8Array(head);
  const frame = new Uint8Array(start.length + bytes - encoding.length(count));
  frame.set(start);
  let at = start.length;
  for (const state of states) {
    frame.set(state, at);
    at += state.length;
  }
  return frame;
}

export function encodeEvent(event: ServerEvent): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_EVENT);
  encoding.writeVarString(encoder, JSON.stringify(event));
  return encoding.toUint8Array(encoder);
}
