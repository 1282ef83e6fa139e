import { Command } from 'commander';
import { addAuditExportCommand } from './audit-export-command.ts';
import { addAuditHeadCommand } from './audit-head-command.ts';
import { addAuditKeyCommand } from './audit-key-command.ts';
import { addAuditBlameCommand } from './audit-blame-command.ts';
import { addAuditDiffCommand } from './audit-diff-command.ts';
import { addAuditLogCommand } from './audit-log-command.ts';
import { addAuditReplayCommand } from './audit-replay-command.ts';
import { addAuditVerifyCommand } from './audit-verify-command.ts';
import { addBackupCommand } from './backup-command.ts';
import { addMigrateCommand } from './migrate-command.ts';
import { addPeopleCommands } from './people-command.ts';
import { addPurgeCommand } from './purge-command.ts';
import { addQuoteImportCommand } from './quote-import-command.ts';
import { addQuoteListCommand } from './quote-list-command.ts';
import { addQuoteNameVersionCommand } from './quote-name-version-command.ts';
import { addQuoteShowCommand } from './quote-show-command.ts';
import { addQuoteVersionsCommand } from './quote-versions-command.ts';
import { addServeCommand } from './serve-command.ts';
import { addReportCommand } from './report-command.ts';
import { addSessionCommands } from './session-command.ts';
import { addSetCommand } from './set-command.ts';
import { addSlackCommands } from './slack-command.ts';
import type { CommandContext, ExitCode, Terminal } from './terminal.ts';
import { addTokenCommand } from './token-command.ts';
import { programVersion } from './program-version.ts';
import { explain, onOneLine } from './command-errors.ts';
import { addWatchCommand } from './watch-command.ts';

/** Runs a command line, `['quote', 'list']`, to its end. All errors are told to the person and become an exit code. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const context: CommandContext = { ...terminal, end: (ended) => void (code = ended) };
  try {
    const program = createProgram(context);
    if (hasUnknownOption(createProgram(context), argv)) withoutMandatoryOptions(program);
    await program.parseAsync(isKnown(program, argv) ? argv : withoutHelp(argv), { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, terminal, { json: argv.includes('--json') });
  }
}

/**
 * Commander names missing options before unknown ones, so that somebody who mistyped one is told that it is missing.
 * Looking for them leaves its mark in the program, which is to be thrown away.
 */
function hasUnknownOption(program: Command, argv: readonly string[]): boolean {
  const { command, rest } = commandOf(program, argv);
  return command.parseOptions([...rest]).unknown[0]?.startsWith('-') === true;
}

function withoutMandatoryOptions(program: Command): void {
  for (const command of program.commands) {
    for (const option of command.options) option.mandatory = false;
    withoutMandatoryOptions(command);
  }
}

/** The command that the first words lead to, and the words after its name. */
function commandOf(
  program: Command,
  [word, ...rest]: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } {
  const next = program.commands.find((one) => one.name() === word);
  return next === undefined
    ? { command: program, rest: word === undefined ? [] : [word, ...rest] }
    : commandOf(next, rest);
}

/** Whether the words before the first option lead to a command. */
function isKnown(program: Command, argv: readonly string[]): boolean {
  let command = program;
  for (const word of argv) {
    if (word.startsWith('-') || word === 'help' || command.commands.length === 0) return true;
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) return false;
    command = next;
  }
  return true;
}

/** Asked to help with a command that is not there, commander would say nothing of that, and exit with 0. */
const withoutHelp = (argv: readonly string[]): string[] =>
  argv.filter((word) => word !== '--help' && word !== '-h');

function createProgram(context: CommandContext): Command {
  const program = new Command('quoteroom')
    .description(
      'A live room for each sales quote: many people edit it at once, authority decides, a log proves it.',
    )
    .version(programVersion())
    .exitOverride()
    .configureOutput({
      writeOut: context.out,
      writeErr: context.err,
      outputError: (text, write) => write(onOneLine(text)),
    })
    .configureHelp({ helpWidth: 110, showGlobalOptions: false })
    .showHelpAfterError('(--help says how it is used)')
    .addHelpText(
      'after',
      `
Examples:
  quoteroom serve --dev                     try it out
  quoteroom quote import lines.csv          make a quote out of a file
  quoteroom watch q-acme-2026               watch it live
  quoteroom audit verify                    check the whole log

"quoteroom COMMAND --help" says more about each.`,
    );
  addServeCommand(program, context);
  addTokenCommand(program, context);
  const quote = program.command('quote').description('Quotes in the data folder, or at a running server');
  addQuoteImportCommand(quote, context);
  addQuoteListCommand(quote, context);
  addQuoteShowCommand(quote, context);
  addQuoteVersionsCommand(quote, context);
  addQuoteNameVersionCommand(quote, context);
  addWatchCommand(program, context);
  addSetCommand(program, context);
  addSessionCommands(program, context);
  const audit = program
    .command('audit')
    .description('What happened to a quote, and whether the log can be believed');
  addAuditVerifyCommand(audit, context);
  addAuditReplayCommand(audit, context);
  addAuditExportCommand(audit, context);
  addAuditLogCommand(audit, context);
  addAuditBlameCommand(audit, context);
  addAuditDiffCommand(audit, context);
  addAuditHeadCommand(audit, context);
  addAuditKeyCommand(audit, context);
  addReportCommand(program, context);
  addMigrateCommand(program, context);
  addBackupCommand(program, context);
  addPeopleCommands(program, context);
  addPurgeCommand(program, context);
  addSlackCommands(program, context);
  return program;
}
