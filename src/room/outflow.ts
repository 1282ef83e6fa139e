import * as Y from 'yjs';
import type { Gate } from '../authority/gate.ts';
import { FIRST_SYNC_MS, KEEPALIVE_MS } from '../lib/limits.ts';
import { encodePresence, encodeStep1, encodeStep2, encodeUpdateFrame } from '../wire/frames.ts';
import type { Durability } from './durability.ts';
import type { DurableUpdate } from './durable-update.ts';
import type { EntryNews } from './entry-news.ts';
import type { StateVector } from './handshake.ts';
import type { Member } from './member.ts';
import type { RoomMetrics } from './room-metrics.ts';
import { type Names, overriddenMessages, refusedMessage } from './verdict-messages.ts';

/**
 * What leaves a room. Nothing of an entry goes out before `release` says that it is durable, but its clocks, in our step 1. What is
 * released in one go, since one append made it durable, goes out in one flush:
 *
 *   sync step 2s that waited for it -> one update frame for everyone -> entries, for who asked
 *     -> verdicts, overrides -> held conflicts -> acknowledgements -> pings
 *
 * A newcomer is sent the server's step 1 at once, and the server's step 2 and all updates only after its own step 2 is judged: so
 * all that it offers there was made with what its step 1 covers, and nothing newer.
 */
export interface Outflow {
  /** A new connection: `hello`, and our step 1. */
  open(member: Member, about: { readonly sessionId: string; readonly serverTime: number }): void;
  /** A client's step 1: it is owed a step 2. */
  takeStep1(member: Member, stateVector: StateVector): void;
  /** A frame of the member's is judged, a step 2 with all that was missing before it. */
  noteJudged(member: Member, kind: 'sync' | 'update'): void;
  /** A frame of the member's stands on others that never came: our step 1 asks for them, once. */
  askForMissing(member: Member): void;
  /** An entry is durable. Entries are released in order. */
  release(update: DurableUpdate): void;
  tick(member: Member, at: number): void;
}

interface Deps {
  readonly members: ReadonlyMap<string, Member>;
  readonly gate: Gate;
  readonly durability: Durability;
  readonly names: Names;
  readonly entryNews: EntryNews;
  readonly metrics: RoomMetrics;
  readonly steadyNow: () => number;
  /** Everyone has been sent what became durable. */
  readonly everyoneTold: (updates: readonly DurableUpdate[], at: number) => void;
  readonly sendPresence: (member: Member, at: number) => void;
  /** Runs something on behalf of nobody: a bug in it ends the room. */
  readonly guarded: (run: () => void) => void;
}

export function createOutflow({
  members,
  gate,
  durability,
  names,
  entryNews,
  metrics,
  steadyNow,
  everyoneTold,
  sendPresence,
  guarded,
}: Deps): Outflow {
  let released: DurableUpdate[] = [];
  let isFlushDue = false;

  /** After all promises of one append: they resolve in one go. */
  function flushSoon(): void {
    if (isFlushDue) return;
    isFlushDue = true;
    queueMicrotask(() => guarded(flush));
  }

  /** Where an append is under way, its release flushes. */
  function flushIfIdle(): void {
    if (durability.isIdle()) flushSoon();
  }

  function flush(): void {
    isFlushDue = false;
    if (durability.isAbandoned) return;
    const updates = released;
    released = [];
    const at = steadyNow();
    for (const member of members.values()) sendAnswer(member, at);
    broadcast(updates, at);
    entryNews.tell(updates, at);
    for (const update of updates) tellVerdicts(update, at);
    if (updates.length > 0) everyoneTold(updates, at);
    for (const member of members.values()) {
      acknowledge(member, at);
      pingIfBehind(member, at);
    }
    durability.told();
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

  function tellVerdicts({ judged, verdicts, author }: DurableUpdate, at: number): void {
    if (author?.wantsEvents) {
      const refused = refusedMessage(verdicts, judged.seq, names);
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
    const { revision } = durability;
    const frames = member.frames.settleUpTo(revision);
    if (frames !== null) member.tell({ type: 'ack', frames, revision }, at);
  }

  function pingIfBehind(member: Member, at: number): void {
    if (member.isLive && member.seen < durability.revision) member.ping(durability.revision, at);
  }

  /** Where the member may be answered now: all that it lacks, to be sent once that is durable. */
  function prepareAnswer({ handshake }: Member): void {
    const stateVector = handshake.takeQuestion();
    if (stateVector === null) return;
    // Clients of which we have nothing need no answer, however many are named.
    const known = [...stateVector].filter(([client]) => gate.doc.store.clients.has(client));
    const update = Y.encodeStateAsUpdate(gate.doc, Y.encodeStateVector(new Map(known)));
    handshake.putAnswer({ revision: gate.revision, frame: encodeStep2(update) });
    flushIfIdle();
  }

  function noteOffer(member: Member): void {
    member.handshake.offer();
    prepareAnswer(member);
  }

  function sendAnswer(member: Member, at: number): void {
    const isNew = !member.isLive;
    const frame = member.handshake.takeAnswer(durability.revision);
    if (frame !== null) {
      member.sendStep2(frame, at);
      if (isNew) sendPresence(member, at);
    }
    prepareAnswer(member);
  }

  function sendStep1(member: Member, at: number): void {
    member.send(encodeStep1(Y.encodeStateVector(gate.doc)), at);
  }

  return {
    open(member, about) {
      const at = steadyNow();
      member.tell(
        {
          type: 'hello',
          user: member.user(),
          permission: member.actor.permission,
          revision: durability.revision,
          ...about,
          ...(member.penWith !== null && { penWith: member.penWith }),
        },
        at,
      );
      sendStep1(member, at);
    },
    takeStep1(member, stateVector) {
      const isFirst = member.handshake.putQuestion(stateVector);
      if (isFirst) member.sawUpTo(gate.revisionCoveredBy(stateVector));
      prepareAnswer(member);
    },
    noteJudged(member, kind) {
      if (kind === 'sync') member.frames.heal(gate.revision);
      member.frames.judged(gate.revision);
      if (kind === 'sync') noteOffer(member);
      flushIfIdle();
    },
    askForMissing(member) {
      const { state } = member.handshake;
      // The first step 1 that it was sent asks for it too, until a step 2 has come.
      const isAsked = state === 'opened' || state === 'asked' || member.frames.hasGap;
      member.frames.gap();
      if (!isAsked) sendStep1(member, steadyNow());
    },
    release(update) {
      released.push(update);
      durability.reach(update.judged.seq);
      flushSoon();
    },
    tick(member, at) {
      const isOverdue = at - member.joinedAt >= FIRST_SYNC_MS;
      if (isOverdue && member.handshake.state === 'asked') noteOffer(member);
      pingIfBehind(member, at);
      if (at - member.lastSentAt >= KEEPALIVE_MS) member.send(encodePresence([]), at);
    },
  };
}
