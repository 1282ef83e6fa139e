import * as Y from 'yjs';
import type { Gate, Judged } from '../authority/gate.ts';
import { Fault } from '../lib/fault.ts';
import { FIRST_SYNC_MS, KEEPALIVE_MS } from '../lib/limits.ts';
import { encodePresence, encodeStep1, encodeStep2, encodeUpdateFrame } from '../wire/frames.ts';
import type { Member } from './member.ts';
import type { RoomMetrics } from './room-metrics.ts';
import { type Names, overriddenMessages, refusedMessage } from './verdict-messages.ts';

/**
 * What leaves a room. Nothing of an entry goes out before `release` says that it is durable. What is released in one go, since
 * one append made it durable, goes out in one flush:
 *
 *   sync step 2s that waited for it -> one update frame for everyone -> verdicts, overrides -> acknowledgements -> pings
 *
 * A newcomer is sent the server's step 1 at once, and the server's step 2 and all updates only after its own step 2 is settled: so
 * all that it offers there was made with what its step 1 covers, and nothing newer.
 *
 * Frames are acknowledged in the order in which they came, so that a client knows by their number which ones are safe. A frame
 * beyond a gap holds up those after it until a step 2 heals the gap.
 */
export interface Outflow {
  /** A new connection: our step 1, and `hello`. */
  welcome(member: Member, about: { readonly sessionId: string; readonly serverTime: number }): void;
  /** A client's step 1: it is owed a step 2. */
  greet(member: Member, stateVector: ReadonlyMap<number, number>): void;
  /** A frame of the member's is judged: it counts as settled once the present revision is durable. */
  settle(member: Member, kind: 'sync' | 'update'): void;
  /** A frame of the member's stands on others that never came: they are asked for. */
  askAgain(member: Member): void;
  /** An entry is durable. Entries are released in order. */
  release(update: DurableUpdate): void;
  /** Resolves when a revision is durable; rejects when the room is closed before. */
  durable(revision: number): Promise<void>;
  /** Runs `run` once everyone was told of the present revision. */
  afterFlush(run: () => void): void;
  tick(member: Member, at: number): void;
  /** True if nothing waits to become durable. */
  isIdle(): boolean;
  /** The room is closed: nobody will be told. */
  abandon(): void;
}

export interface DurableUpdate {
  readonly judged: Judged;
  /** The connection it came over; null where it came without one. */
  readonly author: Member | null;
  readonly receivedAt: number;
}

interface Deps {
  readonly members: ReadonlyMap<string, Member>;
  readonly gate: Gate;
  readonly names: Names;
  readonly metrics: RoomMetrics;
  readonly now: () => number;
  readonly sendPresence: (member: Member, at: number) => void;
  /** Runs something on behalf of nobody: a bug in it ends the room. */
  readonly guarded: (run: () => void) => void;
}

interface Waiting {
  readonly revision: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export function createOutflow({ members, gate, names, metrics, now, sendPresence, guarded }: Deps): Outflow {
  let durable = gate.revision;
  let released: DurableUpdate[] = [];
  let waiting: Waiting[] = [];
  let isFlushDue = false;
  let isAbandoned = false;

  /** After all promises of one append: they resolve in one go. */
  function flushSoon(): void {
    if (isFlushDue) return;
    isFlushDue = true;
    queueMicrotask(() => guarded(flush));
  }

  function flush(): void {
    isFlushDue = false;
    if (isAbandoned) return;
    const updates = released;
    released = [];
    const at = now();
    for (const member of members.values()) sendAnswers(member, at);
    broadcast(updates, at);
    for (const update of updates) tellVerdicts(update, at);
    for (const member of members.values()) {
      acknowledge(member, at);
      if (member.isLive && member.seen < durable) member.ask(durable, at);
    }
    const due = waiting.filter(({ revision }) => revision <= durable);
    waiting = waiting.filter(({ revision }) => revision > durable);
    for (const { resolve } of due) resolve();
  }

  function broadcast(updates: readonly DurableUpdate[], at: number): void {
    const merged = updates.flatMap(({ judged }) => (judged.merged === null ? [] : [judged.merged]));
    const [first] = merged;
    if (first === undefined) return;
    const frame = encodeUpdateFrame(merged.length === 1 ? first : Y.mergeUpdates(merged));
    let count = 0;
    for (const member of members.values()) {
      if (!member.isLive) continue;
      member.send(frame, at);
      count += 1;
    }
    metrics.sent(frame.length, count);
    if (count === 0) return;
    for (const { judged, receivedAt } of updates) if (judged.merged !== null) metrics.seen(at - receivedAt);
  }

  function tellVerdicts({ judged, author }: DurableUpdate, at: number): void {
    if (author?.wantsEvents) {
      const refused = refusedMessage(judged.verdicts, judged.seq, names);
      if (refused !== null) author.tell(refused, at);
    }
    if (judged.overridden.length === 0) return;
    const messages = overriddenMessages(judged.overridden, judged.seq, names);
    for (const member of members.values()) {
      const message = messages.get(member.actor.user);
      if (message !== undefined) member.tell(message, at);
    }
  }

  function acknowledge(member: Member, at: number): void {
    const open = member.unsettled.findIndex((revision) => revision > durable);
    const settled = open < 0 ? member.unsettled.length : open;
    if (settled === 0) return;
    member.unsettled.splice(0, settled);
    member.settledFrames += settled;
    member.tell({ type: 'ack', frames: member.settledFrames, revision: durable }, at);
  }

  /** Where the member may be answered now: all that it lacks, to be sent once that is durable. */
  function answer({ handshake }: Member): void {
    const stateVector = handshake.takeQuestion();
    if (stateVector === null) return;
    const update = Y.encodeStateAsUpdate(gate.doc, Y.encodeStateVector(new Map(stateVector)));
    handshake.putAnswer({ revision: gate.revision, frame: encodeStep2(update) });
    flushIfDurable();
  }

  function offered(member: Member): void {
    member.handshake.offer();
    answer(member);
  }

  function flushIfDurable(): void {
    if (gate.revision === durable) flushSoon();
  }

  function sendAnswers(member: Member, at: number): void {
    const isNew = !member.isLive;
    const frame = member.handshake.takeAnswer(durable);
    if (frame !== null) {
      member.sendStep2(frame, at);
      if (isNew) sendPresence(member, at);
    }
    answer(member);
  }

  return {
    welcome(member, about) {
      const at = now();
      member.tell(
        {
          type: 'hello',
          user: member.user(),
          permission: member.actor.permission,
          revision: durable,
          ...about,
        },
        at,
      );
      member.send(encodeStep1(Y.encodeStateVector(gate.doc)), at);
    },
    greet(member, stateVector) {
      const isFirst = member.handshake.ask(stateVector);
      if (isFirst) member.seen = Math.max(member.seen, gate.revisionCoveredBy(stateVector));
      answer(member);
    },
    settle(member, kind) {
      if (kind === 'sync') {
        member.unsettled = member.unsettled.map((revision) => Math.min(revision, gate.revision));
      }
      member.unsettled.push(gate.revision);
      if (kind === 'sync') offered(member);
      flushIfDurable();
    },
    askAgain(member) {
      const { state } = member.handshake;
      const isAsked = state === 'opened' || state === 'asked' || member.unsettled.includes(Infinity);
      member.unsettled.push(Infinity);
      if (!isAsked) member.send(encodeStep1(Y.encodeStateVector(gate.doc)), now());
    },
    release(update) {
      released.push(update);
      durable = update.judged.seq;
      flushSoon();
    },
    durable(revision) {
      if (revision <= durable) return Promise.resolve();
      if (isAbandoned) return Promise.reject(roomClosed());
      return new Promise((resolve, reject) => waiting.push({ revision, resolve, reject }));
    },
    afterFlush(run) {
      waiting.push({ revision: gate.revision, resolve: run, reject: () => undefined });
      flushIfDurable();
    },
    tick(member, at) {
      const isOverdue = at - member.joinedAt >= FIRST_SYNC_MS;
      if (isOverdue && member.handshake.state === 'asked') offered(member);
      if (member.isLive && member.seen < durable) member.ask(durable, at);
      if (at - member.lastSentAt >= KEEPALIVE_MS) member.send(encodePresence([]), at);
    },
    isIdle: () => durable === gate.revision && !isFlushDue,
    abandon() {
      isAbandoned = true;
      for (const { reject } of waiting) reject(roomClosed());
      waiting = [];
    },
  };
}

/** Whatever was asked of the room can be asked of the one that is loaded next. */
export const roomClosed = (): Fault =>
  new Fault({
    code: 'room_closed',
    message: 'The quote was closed meanwhile. Try again in a moment.',
    retryable: true,
  });
