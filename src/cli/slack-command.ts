import type { Command } from 'commander';
import { addSlackManifestCommand } from './slack-manifest-command.ts';
import { addSlackStatusCommand } from './slack-status-command.ts';
import type { CommandContext } from './terminal.ts';

export function addSlackCommands(parent: Command, context: CommandContext): void {
  const slack = parent
    .command('slack')
    .description('The Slack app: what to make it from, and how it does')
    .addHelpText(
      'after',
      `
docs/slack.md says how to set it up.

Examples:
  quoteroom slack manifest --url https://quotes.example.com
  quoteroom slack status`,
    );
  addSlackManifestCommand(slack, context);
  addSlackStatusCommand(slack, context);
}
