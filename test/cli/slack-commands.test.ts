import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';
import { createSecret } from '../../src/cli/secret.ts';
import { slackAddress } from '../../src/cli/slack-address.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { slackManifest } from '../../src/slack/manifest.ts';
import { type SlackStore, createSlackStore } from '../../src/slack/slack-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, createTestTerminal, runCommand } from '../support/test-terminal.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const MINUTE_MS = 60_000;
const SWITCHED_ON = {
  QUOTEROOM_SLACK_ENABLED: 'true',
  QUOTEROOM_SLACK_BOT_TOKEN: 'xoxb-1',
  QUOTEROOM_SLACK_SIGNING_SECRET: '0123456789abcdef',
};

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

function run(env: Record<string, string>, ...argv: string[]): Promise<CommandResult> {
  return runCommand({ cwd: folder, env, now: () => NOW }, 'slack', ...argv);
}

describe('manifest', () => {
  test('is for the address that is given, or that people reach by the settings', async () => {
    const url = 'https://quotes.example.com';
    const expected = slackManifest(url, { socketMode: false });
    expect((await run({}, 'manifest', '--url', url)).json()).toEqual(expected);
    expect((await run({ QUOTEROOM_PUBLIC_URL: url }, 'manifest')).json()).toEqual(expected);
  });

  test('in Socket Mode needs no address, nor anything else of the settings', async () => {
    const { code, json } = await run({ QUOTEROOM_SLACK_ENABLED: 'true' }, 'manifest', '--socket-mode');
    expect(code).toBe(0);
    expect(json()).toEqual(slackManifest('', { socketMode: true }));
  });

  test.each([
    [
      'http://quotes.example.com',
      /Slack calls https only, not http:\/\/quotes\.example\.com: .*--socket-mode/,
    ],
    ['http://localhost:8080', /this machine only: .*--url .*--socket-mode/],
    ['https://127.0.0.1:8443', /this machine only/],
    ['http://[::1]:8080', /this machine only/],
    ['quotes.example.com', /like https:\/\/quotes\.example\.com, not "quotes\.example\.com"/],
    ['https://quotes.example.com/?token=secret', /nothing behind it/],
    ['https://me:secret@quotes.example.com', /no name before it/],
  ])('refuses %s', async (url, message) => {
    const { code, out, err } = await run({}, 'manifest', '--url', url);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toContain('secret');
  });

  test('refuses the address that a server has if nobody gave another, and says what to do', async () => {
    const { code, err } = await run({}, 'manifest');
    expect(code).toBe(2);
    expect(err).toContain('Slack cannot call http://127.0.0.1:8080, which is this machine only');
  });
});

describe('status', () => {
  let store: SlackStore;
  beforeEach(() => {
    const db = openDatabase(join(folder, 'data/quoteroom.db'));
    onTestFinished(() => void db.close());
    migrateUp(db);
    store = createSlackStore(db);
  });

  function share(id: string, channelName: string): void {
    store.mirrors.add({
      ...{ id, quote: `q-${id}` as QuoteId, session: `s-${id}`, channel: `C-${id}`, channelName },
      ...{ sharedBy: 'rita' as UserId, createdAt: NOW, followedSeq: 1, followedTotal: '0.00 EUR' },
    });
  }

  const say = (key: string, at: number): void =>
    store.outbox.add({
      ...{ key, mirror: null, at },
      message: { kind: 'direct', user: `U-${key}`, text: 'Hello', blocks: [] },
    });

  test('of a server without Slack', async () => {
    const { code, out } = await run({}, 'status');
    expect(code).toBe(0);
    expect(out).toBe(
      'These settings have Slack switched off, or not its tokens; a server may have others.\n\nNo cards in channels.\n\n' +
        'Messages: 0 waiting, 0 under way; 0 sent, 0 given up.\n',
    );
  });

  test('is good while cards are live and nothing waits for long', async () => {
    share('m1', 'deals');
    say('k1', NOW - 2 * MINUTE_MS);
    say('k2', NOW - 3 * MINUTE_MS);
    const [first] = store.outbox.heads();
    store.outbox.dead(first?.id ?? 0, 'invalid_blocks', NOW);
    const { code, out } = await run(SWITCHED_ON, 'status');
    expect(out).toContain('Slack is switched on, over HTTP.\n');
    expect(out).toMatch(/^q-m1 +#deals +live +2026-03-01 12:00:00$/m);
    expect(out).toContain(
      'Messages: 1 waiting, 0 under way, the oldest since 2026-03-01 11:57:00 UTC; 0 sent, 1 given up.\n' +
        'The last that was given up: invalid_blocks\n',
    );
    expect(out).not.toContain('PROBLEM');
    expect(code).toBe(0);
  });

  test('is bad where Slack refuses the app', async () => {
    store.budgets.setStop({ why: 'Slack refuses the app: token_revoked', at: NOW - MINUTE_MS });
    const { code, out } = await run(SWITCHED_ON, 'status');
    expect(code).toBe(1);
    expect(out).toContain(
      'PROBLEM: nothing is sent since 2026-03-01 11:59:00 UTC: Slack refuses the app: token_revoked\n',
    );
  });

  test('is bad where a channel is refused, and where a message waits', async () => {
    share('m1', 'deals');
    share('m2', 'old');
    store.mirrors.setState('m2', 'paused', 'Slack refuses the channel: is_archived', NOW - MINUTE_MS);
    say('k1', NOW - 10 * MINUTE_MS);
    const onlyPaused = await run(SWITCHED_ON, 'status', '--json');
    expect(onlyPaused.code).toBe(1);
    expect(onlyPaused.json()).toEqual({
      ok: false,
      problems: ['1 card is paused'],
      enabled: true,
      socketMode: false,
      stopped: null,
      mirrors: [
        { quote: 'q-m1', channel: 'deals', state: 'live', why: null, since: NOW },
        {
          ...{ quote: 'q-m2', channel: 'old', state: 'paused' },
          ...{ why: 'Slack refuses the channel: is_archived', since: NOW - MINUTE_MS },
        },
      ],
      outbox: {
        ...{ pending: 1, inflight: 0, sent: 0, dead: 0 },
        ...{ oldestWaiting: NOW - 10 * MINUTE_MS, lastError: null },
      },
    });
    say('k2', NOW - 11 * MINUTE_MS);
    expect((await run(SWITCHED_ON, 'status', '--json')).json()).toMatchObject({
      problems: ['1 card is paused', 'a message has waited for 11 minutes'],
    });
  });

  test('shows names of channels and reasons without what would change the terminal', async () => {
    share('m1', 'de\u001b[31mals');
    store.mirrors.setState('m1', 'paused', 'because\u001b[2J', NOW);
    const { out } = await run({ ...SWITCHED_ON, QUOTEROOM_SLACK_APP_TOKEN: 'xapp-1' }, 'status');
    expect(out).toContain('in Socket Mode');
    expect(out).not.toContain('\u001b');
  });
});

describe('serve', () => {
  test('says where Slack calls', async () => {
    // Nothing of this leaves the machine.
    const nowhere = { QUOTEROOM_SLACK_API_URL: 'http://127.0.0.1:9/api/' };
    const env = { ...SWITCHED_ON, ...nowhere, QUOTEROOM_SECRET: 'a secret for served folders, long enough' };
    const terminal = createTestTerminal({ cwd: folder, env });
    const ended = runCommandLine(['serve', '--port', '0'], terminal);
    await terminal.untilWritten('Slack');
    terminal.stop();
    expect(await ended).toBe(0);
    expect(terminal.written.out).toMatch(
      /^Slack calls http:\/\/127\.0\.0\.1:\d+\/slack\/events, but it takes https only: see docs\/slack\.md\.$/m,
    );
  });

  test('says so over https, in Socket Mode, and nothing without Slack', () => {
    const url = 'https://quotes.example.com';
    const on = {
      kind: 'on',
      botToken: createSecret('xoxb-1'),
      signingSecret: createSecret('0123'),
      appToken: null,
      apiUrl: null,
      roleMaxAgeDays: 30,
    } as const;
    expect(slackAddress(on, url)).toBe('Slack calls https://quotes.example.com/slack/events.');
    expect(slackAddress({ ...on, appToken: createSecret('xapp-1') }, url)).toBe('Slack: Socket Mode.');
    expect(slackAddress({ kind: 'off', roleMaxAgeDays: 30 }, url)).toBeNull();
  });
});
