import type { Command } from 'commander';
import { type Replay, replayQuote } from '../audit/replay.ts';
import { quoteJson } from '../wire/quote-json.ts';
import { type LocalOptions, addLocalOptions, refuseServer } from './audit-options.ts';
import { storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { findEntry, findQuote, parseQuoteId } from './find-quote.ts';
import { showTime } from './moment.ts';
import { renderQuote } from './render-quote.ts';
import { showProgress } from './show-progress.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface ReplayOptions extends LocalOptions {
  readonly to?: string;
  readonly json?: true;
}

export function addAuditReplayCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('replay')
    .argument('<quote>', 'its id')
    .description('Decide a quote again from its first entry, and show what it led to')
    .option('--to <seq|time>', 'up to that entry or that time')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Every decision is made anew and compared with what was recorded. The first difference ends the replay and is shown
with both sides; the exit code is 1 then. A time is as 2026-03-01 or 2026-03-01T12:00:00Z; a day alone is its first
second in UTC. "quote show --at" shows the same without deciding anything again, and asks a server, too.

Examples:
  quoteroom audit replay q-acme-2026
  quoteroom audit replay q-acme-2026 --to 2026-03-01T12:00:00Z`,
    );
  addLocalOptions(command).action((quote: string, options: ReplayOptions) => replay(context, quote, options));
}

async function replay(context: CommandContext, text: string, options: ReplayOptions): Promise<void> {
  const quote = parseQuoteId(text);
  refuseServer('audit replay', options);
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    const found = await findQuote(data.log, quote, settings.data);
    const to =
      options.to === undefined
        ? undefined
        : await findEntry(data.log, found, { flag: '--to', text: options.to });
    const result = await replayQuote(data.log, quote, {
      to,
      onProgress: options.json ? undefined : showProgress(context),
    });
    if (options.json) printJson(context, replayJson(result));
    else printLines(context, describe(result));
    context.end(result.ok ? 0 : 1);
  } finally {
    await data.close();
  }
}

const replayJson = ({ snapshot, totals: _totals, ...result }: Replay): unknown => ({
  ...result,
  state: quoteJson({ id: result.quote, revision: result.revision }, snapshot),
});

function describe({ quote, revision, at, hash, difference, snapshot, totals }: Replay): string[] {
  const until =
    revision === 0 ? 'before its first entry' : `after entry ${revision} of ${showTime(at ?? 0)} UTC`;
  const summary =
    difference === null
      ? ['Every decision came out as recorded.']
      : [
          `Entry ${difference.seq} differs from what comes out now:`,
          ...(difference.difference === undefined
            ? [`  ${difference.message}`]
            : [
                `  ${difference.difference.of}`,
                `    recorded  ${difference.difference.recorded}`,
                `    came out  ${difference.difference.cameOut}`,
              ]),
        ];
  return [
    `${quote}, ${until}`,
    ...renderQuote(snapshot, totals),
    '',
    ...(hash === null ? [] : [`Hash ${hash}`]),
    ...summary,
  ];
}
