import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Log } from '../log/log.ts';
import type { DurableUpdate } from '../room/durable-update.ts';
import type { Session, SessionChange, Sessions } from '../session/sessions.ts';
import { createBatchCloser } from './close-batches.ts';
import { createCardSender } from './card-sender.ts';
import { createDelivery } from './deliver.ts';
import { createLogFollower } from './follow-log.ts';
import { warningNotice } from './notices.ts';
import type { Rooms } from '../room/rooms.ts';
import type { QuoteReader } from './quote-reader.ts';
import type { SlackApi } from './slack-api.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import type { SlackStore } from './slack-store.ts';
import type { Mirror } from './sqlite-mirrors.ts';
import { createThreadStatus } from './thread-status.ts';

/**
 * Quotes as Slack sees them. The mirror looks on: it is told nothing that it could not find out by itself later, and no edit
 * waits for it.
 *
 *   log      -> follow-log -> batches -> close-batches -> outbox -> deliver -> thread, direct messages
 *   sessions -> card-sender -> card
 */
export interface SlackMirror {
  /** Goes on where a former process ended. Resolves at once; where Slack takes nothing of us, that is tried again. */
  start(): void;
  /** Everything that hangs on time; called every {@link MIRROR_TICK_MS}. */
  tick(): void;
  /** Entries that became durable, in order. */
  told(quote: QuoteId, updates: readonly DurableUpdate[]): void;
  /** Somebody asked for a card, or shared the quote again: what was paused is tried. */
  refresh(mirror: string): void;
  /** The channel takes nothing of us, or does again. */
  pauseChannel(channel: string, why: string): void;
  resumeChannel(channel: string): void;
  /** Nothing more is shown there. */
  endChannel(channel: string, why: string): void;
  /** Nothing of us is taken any more. */
  stop(why: string): void;
  /** Resolves when nothing is under way. For tests, and before the end. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface SlackMirrorDeps {
  readonly reader: QuoteReader;
  readonly rooms: Pick<Rooms, 'peek'>;
  readonly publicUrl: () => string;
  readonly store: SlackStore;
  readonly api: SlackApi;
  readonly log: Pick<Log, 'entries'>;
  readonly sessions: Pick<Sessions, 'ofQuote' | 'watch'>;
  /** The Slack user of one of our people, if they may be told what a quote holds now; else null. */
  readonly readerOf: (user: string, quote: QuoteId) => Promise<string | null>;
  readonly metrics: SlackMetrics;
  /** ms since 1970 */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

export const MIRROR_TICK_MS = 250;
/** To read a quote takes some milliseconds, of the same thread that takes edits. */
const READ_EVERY_MS = 1_000;
/** What is paused is tried again after this. */
const PAUSED_MS = 15 * 60_000;
/** Whether Slack takes anything of us again is asked this often. */
const ASK_EVERY_MS = 60_000;
/** What is done is kept this long, so that nothing is told twice. */
const KEPT_MS = 30 * 24 * 3_600_000;
/** Slack repeats for five minutes, by the times that we take. */
const ANSWERS_KEPT_MS = 10 * 60_000;
/** Slack tells of it, but not surely. */
const LOOK_EVERY_MS = 10 * 60_000;
const LOOK_AGAIN_MS = 5_000;
const CHANNELS_AT_ONCE = 5;
export const READ_BY_OTHERS = 'people of other companies read the channel now';
const REFRESH_EVERY_MS = 5_000;
const PRUNE_EVERY_MS = 3_600_000;

const stopped = (why: string): Fault =>
  new Fault({ code: 'slack_stopped', message: `nothing is sent to Slack any more: ${why}`, retryable: true });

const paused = ({ quote, channelName }: Mirror, why: string): Fault =>
  new Fault({
    code: 'slack_paused',
    message: `the card of ${quote} in #${channelName} is paused: ${why}`,
    retryable: true,
  });

/** In words, with Slack's own for whoever looks it up. */
function channelRefusal(error: string): string {
  const words = CHANNEL_REFUSALS[error];
  return words === undefined ? `Slack refuses the channel: ${error}` : `${words} (${error})`;
}

const CHANNEL_REFUSALS: Readonly<Record<string, string>> = {
  is_archived: 'the channel is archived',
  not_in_channel: 'Quoteroom is not in the channel any more',
  channel_not_found: 'Quoteroom is not in the channel any more',
  restricted_action: 'not everybody may write in the channel',
  restricted_action_read_only_channel: 'not everybody may write in the channel',
};

export function createSlackMirror(given: SlackMirrorDeps): SlackMirror {
  let isClosed = false;
  /** What is still under way at the end may find the database closed: it is found again by the next process. */
  const report = (error: unknown): void => {
    if (!isClosed) given.report(error);
  };
  const deps = { ...given, report };
  const { store, api, sessions, now } = deps;
  const { mirrors, outbox, inbox, accounts, budgets } = store;
  const follower = createLogFollower(deps);
  const closer = createBatchCloser(deps);
  const delivery = createDelivery({ ...deps, refused });
  const cards = createCardSender({
    ...deps,
    refused,
    async beforeEnd(id) {
      await readToEnd(id);
      await closer.close({ all: id });
    },
  });
  const status = createThreadStatus(deps);
  /** One thing of a kind at a time. */
  const underWay = new Map<string, Promise<void>>();
  /** Mirrors whose quotes nobody has looked at since we began. */
  let unread = new Set<string>();
  const readAt = new Map<string, number>();
  let lookedAt = -Infinity;
  let hasLooked = false;
  let askedAt = -Infinity;
  let prunedAt = -Infinity;
  let forgottenAt = -Infinity;

  function once(what: string, work: () => Promise<void>): void {
    if (isClosed || underWay.has(what)) return;
    const working = work()
      .catch(report)
      .finally(() => underWay.delete(what));
    underWay.set(what, working);
  }

  function refused(about: 'workspace' | 'channel', error: string, mirror: string | null): void {
    const at = now();
    if (about === 'workspace') {
      const why = `Slack refuses the app: ${error}`;
      if (budgets.stop() === null) report(stopped(why));
      budgets.setStop({ why, at });
      askedAt = at;
    } else if (mirror !== null) pause(mirror, channelRefusal(error));
  }

  /** Without its card, nothing of it has a place any more. */
  function end(id: string, why: string): void {
    store.transact(() => {
      mirrors.setState(id, 'ended', why, now());
      outbox.deadOfMirror(id, why, now());
    });
  }

  function pause(id: string, why: string): void {
    const known = mirrors.find(id);
    if (known === null || known.state === 'ended') return;
    // What is over and cannot be said so is left as it is.
    if (known.state === 'ending') end(id, why);
    else {
      mirrors.setState(id, 'paused', why, now());
      report(paused(known, why));
    }
  }

  async function readToEnd(id: string): Promise<void> {
    for (;;) {
      const mirror = mirrors.find(id);
      if (mirror === null || !(await follower.follow(mirror))) return;
    }
  }

  function hasNews({ id, quote, followedSeq }: Mirror): boolean {
    if (unread.has(id)) return true;
    const room = deps.rooms.peek(quote);
    return room !== null && room.gate.revision > followedSeq;
  }

  function followNews(open: readonly Mirror[], at: number): void {
    for (const mirror of open) {
      if (!hasNews(mirror) || at - (readAt.get(mirror.id) ?? -Infinity) < READ_EVERY_MS) continue;
      readAt.set(mirror.id, at);
      once(`follow ${mirror.id}`, async () => {
        await readToEnd(mirror.id);
        unread.delete(mirror.id);
      });
    }
  }

  /** Sessions that ended while we were not there, too. */
  function endOver(open: readonly Mirror[]): void {
    for (const { id, quote, session, state } of open) {
      if (state === 'ending' || sessions.ofQuote(quote)?.id === session) continue;
      // One that is paused is tried a last time.
      mirrors.setState(id, 'ending', null, now());
    }
  }

  function retryPaused(open: readonly Mirror[], at: number): void {
    for (const { id, state, stateAt } of open) {
      if (state === 'paused' && at - stateAt >= PAUSED_MS) mirrors.setState(id, 'live', null, at);
    }
  }

  /**
   * Channels may have been opened to other companies while nobody listened: until each is known nothing is sent. Gives whether they
   * are.
   */
  async function lookAtChannels(): Promise<boolean> {
    const channels = [...new Set(mirrors.open().map(({ channel }) => channel))];
    let isKnown = true;
    for (let from = 0; from < channels.length; from += CHANNELS_AT_ONCE) {
      const some = channels.slice(from, from + CHANNELS_AT_ONCE);
      const found = await Promise.all(some.map((channel) => api.channel(channel)));
      some.forEach((channel, index) => {
        const known = found[index];
        // What Slack refuses takes no message either.
        if (known?.kind !== 'ok') isKnown &&= known?.kind === 'refused';
        else if (known.value.isShared) endChannel(channel, READ_BY_OTHERS);
        else mirrors.renameChannel(channel, known.value.name);
      });
    }
    return isKnown;
  }

  async function look(at: number): Promise<void> {
    if (await lookAtChannels()) hasLooked = true;
    else lookedAt = at - LOOK_EVERY_MS + LOOK_AGAIN_MS;
  }

  function endChannel(channel: string, why: string): void {
    for (const mirror of mirrors.open()) if (mirror.channel === channel) end(mirror.id, why);
  }

  /** A token may be put right while we run. */
  function askAgain(at: number): void {
    if (at - askedAt < ASK_EVERY_MS) return;
    askedAt = at;
    once('ask', async () => {
      if ((await api.whoAmI()).kind === 'ok') budgets.setStop(null);
    });
  }

  function prune(at: number): void {
    if (at - forgottenAt >= ANSWERS_KEPT_MS / 2) {
      forgottenAt = at;
      inbox.forgetAnswers(at - ANSWERS_KEPT_MS);
      accounts.pruneCodes(at);
    }
    if (at - prunedAt < PRUNE_EVERY_MS) return;
    prunedAt = at;
    readAt.clear();
    store.transact(() => {
      mirrors.prune(at - KEPT_MS);
      outbox.prune(at - KEPT_MS);
      inbox.prune(at - KEPT_MS);
    });
  }

  function sessionChanged(session: Session, { kind }: SessionChange): void {
    if (kind !== 'warned') return;
    const { quote, endsAt, warnedAt } = session;
    for (const { id, channel, state, session: of } of mirrors.ofQuote(quote)) {
      if (state !== 'live' || of !== session.id) continue;
      const message = warningNotice(endsAt, { quote, mirror: id, revision: 0 });
      const key = `warning:${id}:${warnedAt ?? endsAt}`;
      outbox.add({ key, mirror: id, message: { kind: 'thread', channel, ...message }, at: now() });
    }
  }

  const stopWatching = sessions.watch((session, change) => {
    try {
      sessionChanged(session, change);
    } catch (error) {
      report(error);
    }
  });

  function tick(): void {
    const at = now();
    prune(at);
    if (budgets.stop() !== null) {
      askAgain(at);
      return;
    }
    if (at - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = at;
      once('look', () => look(at));
    }
    if (!hasLooked) return;
    retryPaused(mirrors.open(), at);
    endOver(mirrors.open());
    const open = mirrors.open();
    followNews(open, at);
    once('close', () => closer.close());
    delivery.tick();
    cards.tick(mirrors.open());
    status.tick(open.filter(({ state }) => state === 'live'));
  }

  async function settled(): Promise<void> {
    await Promise.all(underWay.values());
    await Promise.all([delivery.settled(), cards.settled(), status.settled()]);
  }

  return {
    start() {
      unread = new Set(mirrors.open().map(({ id }) => id));
      // A new token, or a channel that was opened again: everything is tried once.
      budgets.setStop(null);
      for (const { id, state } of mirrors.open())
        if (state === 'paused') mirrors.setState(id, 'live', null, now());
    },
    tick() {
      if (isClosed) return;
      try {
        tick();
      } catch (error) {
        report(error);
      }
    },
    told(quote, updates) {
      for (const { judged } of updates) {
        if (judged.overridden.length === 0) continue;
        once(`overridden ${quote} ${judged.seq}`, () =>
          follower.noteOverridden(quote, judged.overridden, judged.seq),
        );
      }
    },
    refresh(id) {
      const known = mirrors.find(id);
      if (known?.state === 'paused') mirrors.setState(id, 'live', null, now());
      // It was just sent: whoever presses again and again gets nothing for it.
      if (known !== null && known.shownAt !== null && now() - known.shownAt < REFRESH_EVERY_MS) return;
      cards.refresh(id);
    },
    pauseChannel(channel, why) {
      for (const mirror of mirrors.open()) if (mirror.channel === channel) pause(mirror.id, why);
    },
    resumeChannel(channel) {
      for (const { id, channel: of, state } of mirrors.open())
        if (of === channel && state === 'paused') mirrors.setState(id, 'live', null, now());
    },
    endChannel,
    stop(why) {
      budgets.setStop({ why, at: now() });
      askedAt = now();
    },
    settled,
    async close() {
      stopWatching();
      isClosed = true;
      await settled();
    },
  };
}
