import type { Command } from 'commander';
import { type ParticipantJson, participantsSchema } from '../wire/session-schemas.ts';
import { showTime } from './moment.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { askSession, parseSessionId } from './session-requests.ts';
import { describeStatus } from './session-text.ts';
import { type TableColumn, renderTable } from './table.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface ParticipantsOptions extends ServerOptions {
  readonly json?: true;
}

export function addSessionParticipantsCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('participants')
    .argument('<session>', 'its id')
    .description('List who takes or took part in a session, and what they do now')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  quoteroom session participants 5f0c9a52-30c6-4a4e-8d8b-0f2b9f9b6b1e`,
    );
  addServerOptions(command).action((id: string, options: ParticipantsOptions) =>
    participants(context, id, options),
  );
}

async function participants(
  context: CommandContext,
  text: string,
  options: ParticipantsOptions,
): Promise<void> {
  const id = parseSessionId(text);
  const server = serverOf(options, context.env);
  const answer = await askSession(server, { method: 'GET', id, what: 'participants' }, participantsSchema);
  if (options.json) printJson(context, answer);
  else if (answer.participants.length === 0) context.out('Nobody took part yet.\n');
  else printLines(context, renderTable(COLUMNS, answer.participants.map(cellsOf)));
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'Person', widthMax: 30 },
  { title: 'Id', widthMax: 30 },
  { title: 'Role' },
  { title: 'Permission' },
  { title: 'Now', widthMax: 50 },
  { title: 'Joined (UTC)' },
  { title: 'Last activity (UTC)' },
  { title: 'Left (UTC)' },
];

const cellsOf = (participant: ParticipantJson): string[] => [
  participant.user.name,
  participant.user.id,
  participant.user.role,
  participant.permission,
  describeStatus(participant),
  showTime(participant.joinedAt),
  showTime(participant.lastActivityAt),
  participant.leftAt === undefined ? '' : showTime(participant.leftAt),
];
