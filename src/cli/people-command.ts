import type { Command } from 'commander';
import { addPeopleEraseCommand } from './people-erase-command.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { showTime } from './moment.ts';
import { renderTable } from './table.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface ListOptions extends DataOptions {
  readonly json?: true;
}

export function addPeopleCommands(parent: Command, context: CommandContext): void {
  const people = parent.command('people').description('Who signed in to this data folder');
  const list = people
    .command('list')
    .argument('[text]', 'part of the name, e-mail or id')
    .description('List people with their ids, roles and when they were last seen')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Works while the server runs. Whoever never signed in, and was only given a permission, is not in it.

Examples:
  quoteroom people list
  quoteroom people list rita --data ./deals`,
    );
  addDataOptions(list).action((text: string | undefined, options: ListOptions) =>
    listPeople(context, text ?? '', options),
  );
  addPeopleEraseCommand(people, context);
}

async function listPeople(context: CommandContext, text: string, options: ListOptions): Promise<void> {
  const data = openDataForReading(storeSettingsOf(context, options));
  try {
    const all = await data.directory.everyone();
    const wanted = text.toLowerCase();
    const people = all.filter(({ user, name, email }) =>
      [user, name, email ?? ''].some((one) => one.toLowerCase().includes(wanted)),
    );
    if (options.json) {
      const shown = people.map(({ user, name, email, role, seenAt }) => ({
        user,
        name,
        email,
        role,
        seenAt,
      }));
      printJson(context, { people: shown });
    } else if (people.length === 0) {
      printLines(context, [text === '' ? 'Nobody signed in yet.' : `Nobody here is called "${text}".`]);
    } else {
      const rows = people.map(({ user, name, email, role, seenAt }) => [
        ...[user, name, email ?? '', role],
        // People of the demo are there before they sign in.
        seenAt === 0 ? 'never' : `${showTime(seenAt)} UTC`,
      ]);
      printLines(context, renderTable(COLUMNS, rows));
    }
  } finally {
    await data.close();
  }
}

const COLUMNS = [
  { title: 'ID' },
  { title: 'NAME', widthMax: 40 },
  { title: 'E-MAIL', widthMax: 40 },
  { title: 'ROLE' },
  { title: 'LAST SEEN' },
] as const;
