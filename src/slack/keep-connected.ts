import type { SocketModeReceiver } from '@slack/bolt';
import { Fault } from '../lib/fault.ts';

/**
 * Keeps a line of Socket Mode open: Slack closes it every now and then, and a network does at any time. The library's own way of
 * coming back gives up at the first refusal, and ends the process where nobody catches that; so it is switched off.
 */
export interface SocketLine {
  readonly isConnected: boolean;
  close(): Promise<void>;
}

const AGAIN_MS = 1_000;
const AGAIN_MS_MAX = 30_000;

export function keepConnected(receiver: SocketModeReceiver, report: (error: unknown) => void): SocketLine {
  let isConnected = false;
  let isClosed = false;
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;

  function comeBack(): void {
    isConnected = false;
    if (isClosed || timer !== null) return;
    const ms = Math.min(AGAIN_MS * 2 ** failures, AGAIN_MS_MAX);
    timer = setTimeout(() => {
      timer = null;
      void connect();
    }, ms);
  }

  async function connect(): Promise<void> {
    try {
      await receiver.start();
      isConnected = true;
      failures = 0;
    } catch (error) {
      // Once is enough: it goes on until it is mended.
      if (failures++ === 0 && !isClosed) report(notConnected(error));
      comeBack();
    }
  }

  receiver.client.on('disconnected', comeBack);
  void connect();

  return {
    get isConnected() {
      return isConnected;
    },
    async close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await receiver.stop().catch(() => undefined);
    },
  };
}

const notConnected = (cause: unknown): Fault =>
  new Fault({
    code: 'slack_not_connected',
    message:
      'Socket Mode does not connect to Slack, so commands and buttons do nothing; it is tried again. Check slack.appToken, and ' +
      'that this machine reaches Slack',
    retryable: true,
    cause,
  });
