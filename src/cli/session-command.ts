import type { Command } from 'commander';
import { addSessionAuditCommand } from './session-audit-command.ts';
import { addSessionConflictsCommand } from './session-conflicts-command.ts';
import { addSessionCreateCommand } from './session-create-command.ts';
import { addSessionEndCommand } from './session-end-command.ts';
import { addSessionJoinCommand } from './session-join-command.ts';
import { addSessionKeepOpenCommand } from './session-keep-open-command.ts';
import { addSessionListCommand } from './session-list-command.ts';
import { addSessionParticipantsCommand } from './session-participants-command.ts';
import { addSessionSettleCommand } from './session-settle-command.ts';
import type { CommandContext } from './terminal.ts';

export function addSessionCommands(program: Command, context: CommandContext): void {
  const session = program
    .command('session')
    .description('Sessions of live work on quotes, at a running server')
    .addHelpText(
      'after',
      `
All of these ask the server of --url (or QUOTEROOM_URL), as the person of --token (or QUOTEROOM_TOKEN).

Examples:
  quoteroom session create q-acme-2026 --share editor
  quoteroom session list
  quoteroom session settle q-acme-2026 1 parked`,
    );
  addSessionCreateCommand(session, context);
  addSessionJoinCommand(session, context);
  addSessionListCommand(session, context);
  addSessionParticipantsCommand(session, context);
  addSessionAuditCommand(session, context);
  addSessionKeepOpenCommand(session, context);
  addSessionEndCommand(session, context);
  addSessionConflictsCommand(session, context);
  addSessionSettleCommand(session, context);
}
