import type { Command } from 'commander';
import type { UsageProgress } from '../audit/sqlite-usage.ts';
import { parseDuration } from '../lib/duration.ts';
import { type LocalOptions, addLocalOptions, refuseServer } from './audit-options.ts';
import { storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { parseMoment } from './moment.ts';
import { renderReport } from './report-text.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { UsageError } from './command-errors.ts';

interface ReportOptions extends LocalOptions {
  readonly since?: string;
  readonly json?: true;
}

export function addReportCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('report')
    .description('Show the figures of use: people at once, edit to sight, conflicts, sessions, shared edits')
    .option(
      '--since <time>',
      'of what happened from then on: 2026-03-01, 2026-03-01T12:00:00Z, or 7d for the last seven days',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads the log and what is kept of sessions, of each quote and of all together; works while the server runs. The
formula of each figure is in docs/figures.md.

Examples:
  quoteroom report
  quoteroom report --since 30d --data ./deals
  quoteroom report --since 2026-03-01 --json`,
    );
  addLocalOptions(command).action((options: ReportOptions) => report(context, options));
}

async function report(context: CommandContext, options: ReportOptions): Promise<void> {
  refuseServer('report', options);
  const since = options.since === undefined ? null : sinceOf(options.since, context.now());
  const data = openDataForReading(storeSettingsOf(context, options));
  try {
    const usage = data.usage({ since, progress: options.json ? undefined : showProgress(context) });
    if (options.json) printJson(context, usage);
    else printLines(context, renderReport(usage));
  } finally {
    await data.close();
  }
}

function sinceOf(text: string, now: number): number {
  const ago = parseDuration(text);
  if (ago.ok) return now - ago.value;
  const moment = parseMoment(text);
  if (moment.ok && moment.value.kind === 'time') return moment.value.at;
  throw new UsageError(
    `--since takes a time (2026-03-01, 2026-03-01T12:00:00Z) or how long ago (7d, 12h), not "${text}"`,
  );
}

/** One line that is written over, where there is a screen to do it on. */
function showProgress(context: CommandContext): ((progress: UsageProgress) => void) | undefined {
  if (!context.isScreen) return undefined;
  return ({ done, of }) => context.err(done === of ? '\r\u001b[K' : `\r\u001b[K${done} of ${of} entries`);
}
