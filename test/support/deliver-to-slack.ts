import { WebClient } from '@slack/web-api';
import type { QuoteId } from '../../src/lib/ids.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createDelivery } from '../../src/slack/deliver.ts';
import { API_OPTIONS, createSlackApi } from '../../src/slack/slack-api.ts';
import { createSlackStore } from '../../src/slack/slack-store.ts';

/**
 * A process that sends what waits in an outbox and then ends: `deliver-to-slack.ts DATABASE API TOKEN SPEED DIE_AFTER`. Its
 * clock runs SPEED times as fast as the true one. It kills itself after so many answers to posts, before it takes note of the last.
 */
const [database = '', slackApiUrl = '', token = '', speed = '1', dieAfter = '0'] = process.argv.slice(2);

const store = createSlackStore(openDatabase(database));
const api = createSlackApi(new WebClient(token, { ...API_OPTIONS, slackApiUrl }));
let answersLeft = Number(dieAfter);

const delivery = createDelivery({
  store,
  api: {
    ...api,
    async post(...of) {
      const outcome = await api.post(...of);
      if (--answersLeft === 0) process.kill(process.pid, 'SIGKILL');
      return outcome;
    },
  },
  reader: {
    card: async ({ id, quote }) => ({
      ...{
        mirror: id,
        quote: quote as QuoteId,
        revision: 1,
        url: 'https://quotes.test/q/q1',
        title: 'Bolts',
      },
      ...{ customer: 'ACME', status: 'Draft', total: '1.00 EUR', lines: 1, state: 'solo', conflicts: 0 },
      ...{ people: [], lastChange: null, endsAt: null, ended: null },
    }),
  },
  metrics: {
    sent: () => undefined,
    buried: () => undefined,
    unchanged: () => undefined,
    received: () => undefined,
  },
  refused: (_about, error) => {
    throw new Error(`Slack refused: ${error}`);
  },
  now: () => Date.now() * Number(speed),
  report: (error) => {
    throw error;
  },
});

const TICK_MS = 5;
const ticking = setInterval(() => {
  delivery.tick();
  const { pending, inflight } = store.outbox.counts();
  if (pending + inflight === 0) clearInterval(ticking);
}, TICK_MS);
