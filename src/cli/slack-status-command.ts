import type { Command } from 'commander';
import type { Stop } from '../slack/sqlite-budgets.ts';
import type { SlackStore } from '../slack/slack-store.ts';
import type { Mirror } from '../slack/sqlite-mirrors.ts';
import type { OutboxCounts } from '../slack/sqlite-outbox.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { count } from './count-text.ts';
import { openDataForReading } from './data-folder.ts';
import { showTime } from './moment.ts';
import { plain } from './plain-text.ts';
import type { SlackSettings } from './settings.ts';
import { type TableColumn, renderTable } from './table.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface StatusOptions extends DataOptions {
  readonly json?: true;
}

/** How Slack does, as the data folder says. */
interface SlackStatus {
  readonly mode: 'off' | 'http' | 'socket';
  readonly stop: Stop | null;
  /** Those that have not ended. */
  readonly mirrors: readonly Mirror[];
  readonly outbox: OutboxCounts;
  /** What somebody should look at; none where all is well. */
  readonly problems: readonly string[];
}

export function addSlackStatusCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('status')
    .description('How Slack does: cards in channels, messages that wait, and what Slack refuses')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads the data folder, also while the server runs. Ends with 1 where Slack refuses the app or a channel, or where a
message has waited for more than 10 minutes.

Examples:
  quoteroom slack status
  quoteroom slack status --data ./deals --json`,
    );
  addDataOptions(command).action((options: StatusOptions) => showStatus(context, options));
}

async function showStatus(context: CommandContext, options: StatusOptions): Promise<void> {
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    const status = readStatus(settings.slack, data.slack, context.now());
    if (options.json) printJson(context, statusJson(status));
    else printLines(context, describe(status));
    if (status.problems.length > 0) context.end(1);
  } finally {
    await data.close();
  }
}

function readStatus(
  slack: SlackSettings,
  { budgets, mirrors, outbox }: SlackStore,
  now: number,
): SlackStatus {
  const found = { stop: budgets.stop(), mirrors: mirrors.open(), outbox: outbox.counts() };
  return { mode: modeOf(slack), ...found, problems: problemsOf(found, now) };
}

function modeOf(slack: SlackSettings): SlackStatus['mode'] {
  if (slack.kind === 'off') return 'off';
  return slack.appToken === null ? 'http' : 'socket';
}

const WAITED_MS_MAX = 10 * 60_000;

function problemsOf(
  { stop, mirrors, outbox }: Pick<SlackStatus, 'stop' | 'mirrors' | 'outbox'>,
  now: number,
): string[] {
  const paused = mirrors.filter(({ state }) => state === 'paused').length;
  const waited = outbox.oldestWaiting === null ? 0 : now - outbox.oldestWaiting;
  return [
    ...(stop === null ? [] : [`nothing is sent since ${showTime(stop.at)} UTC: ${plain(stop.why)}`]),
    ...(paused === 0 ? [] : [`${count(paused, 'card is', 'cards are')} paused`]),
    ...(waited <= WAITED_MS_MAX ? [] : [`a message has waited for ${Math.floor(waited / 60_000)} minutes`]),
  ];
}

const statusJson = ({ mode, stop, mirrors, outbox, problems }: SlackStatus) => ({
  ok: problems.length === 0,
  problems,
  enabled: mode !== 'off',
  socketMode: mode === 'socket',
  stopped: stop === null ? null : { why: stop.why, since: stop.at },
  mirrors: mirrors.map(({ quote, channelName: channel, state, why, stateAt: since }) => ({
    ...{ quote, channel, state, why, since },
  })),
  outbox,
});

const MODES: Record<SlackStatus['mode'], string> = {
  off: 'These settings have Slack switched off, or not its tokens; a server may have others.',
  http: 'Slack is switched on, over HTTP.',
  socket: 'Slack is switched on, in Socket Mode.',
};

function describe({ mode, mirrors, outbox, problems }: SlackStatus): string[] {
  return [
    MODES[mode],
    ...problems.map((problem) => `PROBLEM: ${problem}`),
    '',
    ...(mirrors.length === 0 ? ['No cards in channels.'] : renderTable(COLUMNS, mirrors.map(cellsOf))),
    '',
    outboxLine(outbox),
    ...(outbox.lastError === null ? [] : [`The last that was given up: ${plain(outbox.lastError)}`]),
  ];
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'Quote' },
  { title: 'Channel', widthMax: 40 },
  { title: 'State' },
  { title: 'Since (UTC)' },
  { title: 'Why', widthMax: 60 },
];

const cellsOf = ({ quote, channelName, state, why, stateAt }: Mirror): string[] => [
  ...[quote, `#${channelName}`, state, showTime(stateAt), why ?? ''],
];

function outboxLine({ pending, inflight, sent, dead, oldestWaiting }: OutboxCounts): string {
  const since = oldestWaiting === null ? '' : `, the oldest since ${showTime(oldestWaiting)} UTC`;
  return `Messages: ${pending} waiting, ${inflight} under way${since}; ${sent} sent, ${dead} given up.`;
}
