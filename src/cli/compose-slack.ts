import { createSlackCounters } from '../http/slack-metrics.ts';
import type { Metrics } from '../http/metrics.ts';
import type { SlackService, SlackServiceDeps } from '../slack/slack-service.ts';
import type { SlackStore } from '../slack/slack-store.ts';
import type { StoreSettings } from './settings.ts';

/** Slack, where the settings switch it on; null elsewhere. */
export async function composeSlack(
  { slack, collaboration }: Pick<StoreSettings, 'slack' | 'collaboration'>,
  deps: Omit<
    SlackServiceDeps,
    'credentials' | 'roleMaxAgeDays' | 'metrics' | 'sessionsMax' | 'participantsMax'
  > & { readonly metrics: Pick<Metrics, 'registry'> },
): Promise<SlackService | null> {
  if (slack.kind === 'off') return null;
  // Bolt takes a moment to load, which no other command should wait for.
  const { createSlackService } = await import('../slack/slack-service.ts');
  const { botToken, signingSecret, appToken, apiUrl, roleMaxAgeDays } = slack;
  const service: SlackService = createSlackService({
    ...deps,
    credentials: {
      botToken: botToken.reveal(),
      signingSecret: signingSecret.reveal(),
      appToken: appToken?.reveal() ?? null,
      apiUrl,
    },
    roleMaxAgeDays,
    sessionsMax: collaboration.maxSessions,
    participantsMax: collaboration.maxParticipants,
    metrics: createSlackCounters(deps.metrics.registry, () => ({
      ...standingOf(deps.store, deps.now()),
      isConnected: service.isConnected(),
    })),
  });
  return service;
}

function standingOf({ mirrors, outbox, budgets }: SlackStore, at: number) {
  const open = mirrors.open();
  const { pending, inflight, oldestWaiting } = outbox.counts();
  return {
    waiting: pending + inflight,
    oldestWaitingAge: oldestWaiting === null ? 0 : Math.max(0, at - oldestWaiting),
    live: open.filter(({ state }) => state === 'live').length,
    paused: open.filter(({ state }) => state === 'paused').length,
    isStopped: budgets.stop() !== null,
  };
}
