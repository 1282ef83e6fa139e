import { unreachable } from '../lib/assert.ts';
import { UPDATE_RATE } from './budgets.ts';
import { renderCard } from './card.ts';
import { hashOf, retryAfter } from './deliver.ts';
import type { CardSignature, QuoteReader } from './quote-reader.ts';
import type { Outcome, SentMessage, SlackApi } from './slack-api.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import type { SlackStore } from './slack-store.ts';
import type { Mirror } from './sqlite-mirrors.ts';

/**
 * Keeps cards right. A card is state: it is made from the quote when it is sent, what it showed is remembered by its hash, the
 * same is not sent twice, and the last change is always sent. How often depends on how many are live, since Slack counts
 * all of a workspace together: calm, a change shows within a second or two.
 */
export interface CardSender {
  /** Looks whether the card could be another than it was, and begins what is due. `mirrors`: those that have not ended. */
  tick(mirrors: readonly Mirror[]): void;
  /** Somebody asked for it. */
  refresh(mirror: string): void;
  settled(): Promise<void>;
}

interface Deps {
  readonly store: SlackStore;
  readonly api: Pick<SlackApi, 'update'>;
  readonly reader: Pick<QuoteReader, 'card' | 'signature'>;
  readonly metrics: SlackMetrics;
  readonly refused: (about: 'workspace' | 'channel', error: string, mirror: string) => void;
  /** Before a card is made final: what is left to be told of it. */
  readonly beforeEnd: (mirror: string) => Promise<void>;
  /** ms since 1970 */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** What happens together is shown together. */
const GATHER_MS = 700;
/** Somebody came or went, a conflict, the end. */
const URGENT_MS = 400;
const INTERVAL_MS_MIN = 2_000;
/** Who has waited for so many turns comes before what is urgent. */
const OVERDUE_INTERVALS = 2;

interface Watched {
  signature: CardSignature;
  /** Since when it may show something else; null where it does not. */
  changedAt: number | null;
  isUrgent: boolean;
  sentAt: number;
  failures: number;
  retryAt: number;
  sending: Promise<void> | null;
}

export function createCardSender({
  store,
  api,
  reader,
  metrics,
  refused,
  beforeEnd,
  now,
  report,
}: Deps): CardSender {
  const { mirrors, outbox, budgets } = store;
  const watched = new Map<string, Watched>();

  function look(mirror: Mirror, at: number): Watched {
    const known = watched.get(mirror.id) ?? begin(mirror, at);
    const signature = reader.signature(mirror);
    if (signature.all !== known.signature.all) {
      known.isUrgent ||= signature.urgent !== known.signature.urgent;
      known.changedAt ??= at;
      known.signature = signature;
    }
    return known;
  }

  /** Nobody knows what happened before: the first card is made anyway, and its hash tells. It has its turn by when it was sent. */
  function begin(mirror: Mirror, at: number): Watched {
    const signature = reader.signature(mirror);
    const fresh: Watched = {
      ...{ signature, changedAt: mirror.shownAt ?? at },
      isUrgent: mirror.state === 'ending',
      ...{ sentAt: mirror.shownAt ?? 0, failures: 0, retryAt: 0, sending: null },
    };
    watched.set(mirror.id, fresh);
    return fresh;
  }

  function dueAt({ changedAt, isUrgent, sentAt, retryAt }: Watched, intervalMs: number): number {
    if (changedAt === null) return Infinity;
    const wanted = isUrgent ? changedAt + URGENT_MS : Math.max(changedAt + GATHER_MS, sentAt + intervalMs);
    return Math.max(wanted, retryAt);
  }

  async function send(mirror: Mirror, state: Watched): Promise<void> {
    const isLast = mirror.state === 'ending';
    const { changedAt, isUrgent } = state;
    Object.assign(state, { changedAt: null, isUrgent: false });
    // What changed meanwhile waits with it, as long as it and as urgently.
    const comeBack = (): void =>
      void Object.assign(state, {
        changedAt: changedAt ?? state.changedAt,
        isUrgent: isUrgent || state.isUrgent,
      });
    try {
      if (isLast) await beforeEnd(mirror.id);
      const view = await reader.card(mirror);
      if (view === null) return end(mirror, 'the quote is not there any more');
      const content = renderCard(view);
      const hash = hashOf(content);
      const known = mirrors.find(mirror.id);
      if (known === null || known.rootTs === null) return comeBack();
      if (known.shownHash === hash) {
        metrics.unchanged();
        if (isLast) end(mirror, null);
        return;
      }
      const taken = store.transact(() => {
        const token = budgets.take('update', UPDATE_RATE, now());
        // Until there is an answer nobody knows what is shown; perhaps for ever, where the process dies.
        if (token.kind === 'taken') mirrors.forgetShown(mirror.id);
        return token;
      });
      if (taken.kind === 'wait') {
        comeBack();
        state.retryAt = taken.until;
        return;
      }
      const result = await api.update({ channel: mirror.channel, ts: known.rootTs }, content);
      metrics.sent('update', result.kind);
      state.sentAt = now();
      if (result.kind === 'ok') {
        state.failures = 0;
        mirrors.shown(mirror.id, { hash, revision: view.revision, at: now() });
        if (isLast) end(mirror, null);
      } else {
        if (!isOfCard(result)) comeBack();
        failed(mirror, state, result, hash);
      }
    } catch (error) {
      comeBack();
      state.retryAt = now() + retryAfter(state.failures++);
      throw error;
    }
  }

  function failed(
    mirror: Mirror,
    state: Watched,
    result: Exclude<Outcome<SentMessage>, { readonly kind: 'ok' }>,
    hash: string,
  ): void {
    const at = now();
    switch (result.kind) {
      case 'limited':
        budgets.hold('update', at + result.waitMs, at);
        state.retryAt = at + result.waitMs;
        return;
      case 'uncertain':
        // The same again does no harm.
        state.retryAt = at + retryAfter(state.failures++);
        return;
      case 'refused':
        if (result.about !== 'message') {
          state.retryAt = at + retryAfter(state.failures++);
          refused(result.about, result.error, mirror.id);
        } else if (GONE.has(result.error)) {
          end(mirror, 'its card was deleted in Slack');
        } else {
          // Slack does not take this card: the next change makes another.
          report(new Error(`Slack does not take the card of quote ${mirror.quote}: ${result.error}`));
          mirrors.shown(mirror.id, { hash, revision: mirror.shownRevision ?? 0, at });
          if (mirror.state === 'ending') end(mirror, `Slack does not take its card (${result.error})`);
        }
        return;
      default:
        unreachable(result);
    }
  }

  function end({ id }: Mirror, why: string | null): void {
    const at = now();
    store.transact(() => {
      mirrors.setState(id, 'ended', why, at);
      if (why !== null) outbox.deadOfMirror(id, why, at);
    });
    watched.delete(id);
  }

  return {
    tick(open) {
      const at = now();
      const live = open.filter(({ state }) => state === 'live' || state === 'ending');
      const intervalMs = Math.max(INTERVAL_MS_MIN, (live.length * 60_000) / UPDATE_RATE.perMinute);
      const due: { readonly mirror: Mirror; readonly state: Watched }[] = [];
      for (const mirror of live) {
        const state = look(mirror, at);
        if (state.sending === null && mirror.rootTs !== null && dueAt(state, intervalMs) <= at)
          due.push({ mirror, state });
      }
      // Nobody waits for ever for those with whom there is always something urgent.
      const overdueSince = at - OVERDUE_INTERVALS * intervalMs;
      const rank = ({ isUrgent, changedAt }: Watched): number =>
        (changedAt ?? at) <= overdueSince ? 0 : isUrgent ? 1 : 2;
      const order = (one: Watched, other: Watched): number =>
        rank(one) - rank(other) || (one.changedAt ?? 0) - (other.changedAt ?? 0);
      for (const { mirror, state } of due.toSorted((a, b) => order(a.state, b.state))) {
        state.sending = send(mirror, state)
          .catch(report)
          .finally(() => void (state.sending = null));
      }
      const ids = new Set(open.map(({ id }) => id));
      for (const id of watched.keys()) if (!ids.has(id)) watched.delete(id);
    },
    refresh(id) {
      mirrors.forgetShown(id);
      const state = watched.get(id);
      if (state === undefined) return;
      Object.assign(state, { changedAt: state.changedAt ?? now(), isUrgent: true, retryAt: 0 });
    },
    async settled() {
      for (const { sending } of watched.values()) await sending;
    },
  };
}

/** It says nothing against the next one. */
const isOfCard = (result: Outcome<SentMessage>): boolean =>
  result.kind === 'refused' && result.about === 'message';

const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found']);
