import { createHash } from 'node:crypto';
import { unreachable } from '../lib/assert.ts';
import { POST_RATE } from './budgets.ts';
import type { MessageContent } from './blocks.ts';
import { renderCard } from './card.ts';
import type { QuoteReader } from './quote-reader.ts';
import type { MessageTarget, Outcome, SentMessage, SlackApi } from './slack-api.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import type { SlackStore } from './slack-store.ts';
import type { OutboxRow } from './sqlite-outbox.ts';
import type { Shown } from './sqlite-mirrors.ts';

/**
 * Takes messages out of the outbox and to Slack: in each lane one after the other, in order, each once.
 *
 *     remember that it is under way -> send -> remember that it is there
 *
 * Slack knows no key by which to tell a repetition. So ours goes along in the message's metadata, and where nobody knows what
 * became of a message, after a lost answer or a restart, it is looked for before it is sent again.
 */
export interface Delivery {
  /** Begins what is due; what is under way goes on by itself. */
  tick(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export interface DeliveryDeps {
  readonly store: SlackStore;
  readonly api: SlackApi;
  readonly reader: Pick<QuoteReader, 'card'>;
  readonly metrics: SlackMetrics;
  /** Slack takes nothing of us any more, or nothing in this channel. */
  readonly refused: (about: 'workspace' | 'channel', error: string, mirror: string | null) => void;
  /** ms since 1970 */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** Between two tries: doubled each time, up to the second. */
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 60_000;
/** Nobody wants to read yesterday's notice. */
const TOO_OLD_MS = 24 * 3_600_000;
/** Said of a message to one person, these say nothing against those to a channel. */
const NOT_ALLOWED = new Set([
  'missing_scope',
  'access_denied',
  'not_allowed_token_type',
  'ekm_access_denied',
]);
/** A private answer may come twice, but not for ever. */
const PRIVATE_ATTEMPTS_MAX = 5;

/** Whoever asked has gone on by then. */
const PRIVATE_TOO_OLD_MS = 2 * 60_000;
/** About an hour of answers that never come, or errors of Slack's: then others get their turn. */
const ATTEMPTS_MAX = 60;
/** Remembered; they can be asked for again. */
const DIRECT_CHANNELS_MAX = 1_000;

type Place =
  | { readonly kind: 'at'; readonly target: MessageTarget }
  | { readonly kind: 'nowhere'; readonly error: string };
type Refusal = Extract<Outcome<never>, { readonly kind: 'refused' }>;

export function createDelivery({
  store,
  api,
  reader,
  metrics,
  refused,
  now,
  report,
}: DeliveryDeps): Delivery {
  const { mirrors, outbox, budgets } = store;
  const busy = new Map<string, Promise<void>>();
  const directChannels = new Map<string, string>();

  /** Where a message goes; an `Outcome` that is not ok where that could not be found out. */
  async function placeOf({
    message,
    mirror,
  }: OutboxRow): Promise<Place | Exclude<Outcome<never>, { kind: 'ok' }>> {
    switch (message.kind) {
      case 'thread': {
        const root = mirror === null ? null : mirrors.find(mirror);
        if (root === null || root.rootTs === null) return { kind: 'nowhere', error: 'the card is not there' };
        return { kind: 'at', target: { channel: message.channel, thread: root.rootTs } };
      }
      case 'direct': {
        const known = directChannels.get(message.user);
        if (known !== undefined) return { kind: 'at', target: { channel: known } };
        const opened = await api.openDirect(message.user);
        if (opened.kind !== 'ok') return opened;
        if (directChannels.size >= DIRECT_CHANNELS_MAX) directChannels.clear();
        directChannels.set(message.user, opened.value);
        return { kind: 'at', target: { channel: opened.value } };
      }
      case 'private':
        return { kind: 'at', target: { channel: message.channel, thread: message.thread ?? undefined } };
      case 'card':
        return { kind: 'at', target: { channel: message.channel } };
      default:
        return unreachable(message);
    }
  }

  async function contentOf({
    message,
    mirror,
  }: OutboxRow): Promise<{ content: MessageContent; shown: Shown | null } | null> {
    if (message.kind !== 'card') return { content: message, shown: null };
    const known = mirror === null ? null : mirrors.find(mirror);
    const view = known === null ? null : await reader.card(known);
    if (view === null) return null;
    const content = renderCard(view);
    return { content, shown: { hash: hashOf(content), revision: view.revision, at: now() } };
  }

  async function send(row: OutboxRow): Promise<void> {
    const isPrivate = row.message.kind === 'private';
    if (now() - row.createdAt > (isPrivate ? PRIVATE_TOO_OLD_MS : TOO_OLD_MS)) return bury(row, 'too old');

    if (row.attempts >= ATTEMPTS_MAX) return bury(row, 'no answer');
    const isDoubtful = row.state === 'inflight';
    if (isDoubtful && row.message.kind === 'private' && row.attempts >= PRIVATE_ATTEMPTS_MAX)
      return bury(row, 'no answer');
    const place = await placeOf(row);
    if (place.kind === 'nowhere') return bury(row, place.error);
    if (place.kind !== 'at') return comeBack(row, place);
    const { target } = place;
    if (isDoubtful && row.message.kind !== 'private') {
      const found = await api.find(target, row.key, row.createdAt);
      if (found.kind !== 'ok') return comeBack(row, found);
      if (found.value !== null) return settle(row, target, { kind: 'ok', value: found.value }, null);
    }
    const made = await contentOf(row);
    if (made === null) return bury(row, 'the quote is not there');
    const next = store.transact(() => {
      const token = budgets.take(budgetOf(row, target), POST_RATE, now());
      if (token.kind === 'taken') return outbox.begin(row.id) ? 'send' : 'done';
      // It was looked for and is not there.
      outbox.postpone(row.id, token.until);
      return 'wait';
    });
    if (next === 'send') settle(row, target, await post(row, target, made.content), made.shown);
  }

  /** Answers to one person hold up no message to all. */
  const budgetOf = ({ message }: OutboxRow, { channel }: MessageTarget): string =>
    `${message.kind === 'private' ? 'private' : 'post'}:${channel}`;

  async function post(
    { message, key }: OutboxRow,
    target: MessageTarget,
    content: MessageContent,
  ): Promise<Outcome<SentMessage>> {
    if (message.kind !== 'private') return api.post(target, content, key);
    const posted = await api.postPrivately(target, message.user, content);
    return posted.kind === 'ok' ? { kind: 'ok', value: { channel: target.channel, ts: '' } } : posted;
  }

  /** It did not go out this time. Whether it did before is as doubtful as it was. */
  function comeBack(row: OutboxRow, problem: Exclude<Outcome<never>, { readonly kind: 'ok' }>): void {
    metrics.sent(row.message.kind, problem.kind);
    if (problem.kind === 'refused' && isFinal(row, problem)) return bury(row, problem.error);
    outbox.defer(row.id, now() + (problem.kind === 'limited' ? problem.waitMs : retryAfter(row.attempts)));
    if (problem.kind === 'refused') pause(row, problem);
  }

  /** After it went out. */
  function settle(
    row: OutboxRow,
    target: MessageTarget,
    result: Outcome<SentMessage>,
    shown: Shown | null,
  ): void {
    const at = now();
    metrics.sent(row.message.kind, result.kind);
    switch (result.kind) {
      case 'ok':
        store.transact(() => {
          outbox.sent(row.id, { ...result.value, at });
          // Found again, nobody knows what it showed: the next look sends it anew.
          if (row.message.kind === 'card' && row.mirror !== null)
            mirrors.posted(row.mirror, result.value.ts, shown ?? { hash: '', revision: 0, at });
        });
        return;
      case 'limited':
        store.transact(() => {
          budgets.hold(budgetOf(row, target), at + result.waitMs, at);
          outbox.postpone(row.id, at + result.waitMs);
        });
        return;
      case 'uncertain':
        outbox.doubt(row.id, at + retryAfter(row.attempts));
        return;
      case 'refused':
        if (isFinal(row, result)) return bury(row, result.error);
        outbox.postpone(row.id, at + retryAfter(row.attempts));
        pause(row, result);
        return;
      default:
        unreachable(result);
    }
  }

  function pause({ mirror }: OutboxRow, { about, error }: Refusal): void {
    if (about !== 'message') refused(about, error, mirror);
  }

  /** Whether there is nothing to wait for: what is seen by one person alone, or of a mirror that is over, is not worth a pause. */
  function isFinal({ message, mirror }: OutboxRow, { error, about }: Refusal): boolean {
    if (about === 'message') return true;
    const isForOne = message.kind === 'private' || message.kind === 'direct';
    if (about === 'workspace') return isForOne && NOT_ALLOWED.has(error);
    return isForOne || mirror === null || mirrors.find(mirror)?.state === 'ended';
  }

  /** It will never be sent. Without its card, nothing else of a mirror has a place. */
  function bury(row: OutboxRow, error: string): void {
    const at = now();
    store.transact(() => {
      outbox.dead(row.id, error, at);
      if (row.message.kind !== 'card' || row.mirror === null) return;
      outbox.deadOfMirror(row.mirror, error, at);
      mirrors.setState(row.mirror, 'ended', `the card could not be posted (${error})`, at);
    });
    metrics.buried(row.message.kind);
  }

  return {
    tick() {
      if (budgets.stop() !== null) return;
      const at = now();
      for (const row of outbox.heads()) {
        if (busy.has(row.lane) || row.notBefore > at) continue;
        const sending = send(row)
          .catch((error: unknown) => {
            report(error);
            outbox.defer(row.id, now() + retryAfter(row.attempts));
          })
          .catch(report)
          .finally(() => busy.delete(row.lane));
        busy.set(row.lane, sending);
      }
    },
    async settled() {
      await Promise.all(busy.values());
    },
  };
}

export const hashOf = (content: MessageContent): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex');

/** `attempts`: those before. */
export const retryAfter = (attempts: number): number => Math.min(RETRY_MS * 2 ** attempts, RETRY_MS_MAX);
