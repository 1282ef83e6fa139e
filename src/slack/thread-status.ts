import type { Sessions } from '../session/sessions.ts';
import { STATUS_RATE } from './budgets.ts';
import type { SentMessage, SlackApi } from './slack-api.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import type { SlackStore } from './slack-store.ts';
import type { Mirror } from './sqlite-mirrors.ts';
import { listWords, nameWords } from './words.ts';

/**
 * "Dana is editing", below a thread, while it is so: what comes nearest to a typing indicator. A courtesy: where Slack does
 * not allow it nothing is said any more, and nothing waits for it.
 */
export interface ThreadStatus {
  tick(mirrors: readonly Mirror[]): void;
  settled(): Promise<void>;
}

interface Deps {
  readonly store: Pick<SlackStore, 'budgets'>;
  readonly api: Pick<SlackApi, 'setStatus'>;
  readonly sessions: Pick<Sessions, 'ofQuote'>;
  readonly metrics: SlackMetrics;
  readonly report: (error: unknown) => void;
  /** ms since 1970 */
  readonly now: () => number;
}

/** Slack takes it away after two minutes. */
const AGAIN_MS = 90_000;
const PEOPLE_MAX = 3;
const EVERYWHERE = '*';

interface LastStatus {
  status: string;
  at: number;
}

export function createThreadStatus({ store, api, sessions, metrics, now, report }: Deps): ThreadStatus {
  const told = new Map<string, LastStatus>();
  const underWay = new Set<Promise<void>>();
  /** Threads, or methods, that take none. */
  const refused = new Set<string>();

  function statusOf({ quote, session: id }: Mirror): string {
    const session = sessions.ofQuote(quote);
    const editing = session?.id === id ? session.people.filter(({ status }) => status === 'editing') : [];
    const names = editing.slice(0, PEOPLE_MAX).map(({ name }) => nameWords(name));
    if (names.length === 0) return '';
    const more = editing.length > PEOPLE_MAX ? [`${editing.length - PEOPLE_MAX} more`] : [];
    return `${listWords([...names, ...more])} ${editing.length === 1 ? 'is' : 'are'} editing`;
  }

  async function send(mirror: string, { channel, ts }: SentMessage, status: string): Promise<void> {
    const result = await api.setStatus({ channel, ts }, status);
    metrics.sent('status', result.kind);
    if (result.kind === 'refused') refused.add(result.about === 'workspace' ? EVERYWHERE : mirror);
    if (result.kind === 'limited') store.budgets.hold('status', now() + result.waitMs, now());
  }

  return {
    tick(mirrors) {
      if (refused.has(EVERYWHERE)) return;
      const at = now();
      for (const mirror of mirrors) {
        const { id, channel, rootTs } = mirror;
        if (rootTs === null || refused.has(id)) continue;
        const status = statusOf(mirror);
        const known = told.get(id) ?? { status: '', at: 0 };
        const isStale = status !== '' && at - known.at >= AGAIN_MS;
        if (status === known.status && !isStale) continue;
        if (store.budgets.take('status', STATUS_RATE, at).kind === 'wait') continue;
        told.set(id, { status, at });
        const sending = send(id, { channel, ts: rootTs }, status)
          .catch(report)
          .finally(() => underWay.delete(sending));
        underWay.add(sending);
      }
      const ids = new Set(mirrors.map(({ id }) => id));
      for (const id of told.keys()) if (!ids.has(id)) told.delete(id);
      for (const id of refused) if (id !== EVERYWHERE && !ids.has(id)) refused.delete(id);
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
