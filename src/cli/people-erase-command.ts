import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type QuoteId, type UserId, isUserId } from '../lib/ids.ts';
import type { Log } from '../log/log.ts';
import { CommandFailure, UsageError } from './command-errors.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { confirm } from './confirm.ts';
import { databaseIn, openDataForWriting } from './data-folder.ts';
import { plain } from './plain-text.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface EraseOptions extends DataOptions {
  readonly yes?: true;
  readonly json?: true;
}

export function addPeopleEraseCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('erase')
    .argument('<user>', 'their id: "quoteroom people list" shows it')
    .description('Replace the name of a person wherever it is shown, and drop their e-mail')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Stop the server first. The name becomes "Erased person (ID)", wherever names are shown: pages, answers, sessions,
share links and versions. A sign-in that was issued before does not bring it back. Let the company's sign-in forget
them first: whoever signs in anew says their name anew, and it is shown again. Then the database is written anew, so
that its file does not hold what was replaced; that takes room for twice its size.

The log of each quote keeps what proves it: their id, their role, when they wrote, and what. No entry is changed: then
nothing could be proven any more. Texts that name them, such as the field "owner", the authors of notes or the name of
a version, belong to the quote: change them there. What those said before stays in the log until the whole quote is
purged ("quoteroom purge"). Exports and backups that were made before hold the name.

Examples:
  quoteroom people erase rita
  quoteroom people erase rita --data ./deals --yes --json`,
    );
  addDataOptions(command).action((user: string, options: EraseOptions) => erase(context, user, options));
}

interface Erased {
  readonly user: UserId;
  readonly name: string;
  readonly replaced: { readonly name: string; readonly email: string | null; readonly sessions: number };
  /** Quotes whose field `owner` is still the name. */
  readonly ownerOf: readonly QuoteId[];
}

async function erase(context: CommandContext, user: string, options: EraseOptions): Promise<void> {
  if (!isUserId(user))
    throw new UsageError(`"${user}" cannot be a person's id: those have 1 to 128 characters`);
  const settings = storeSettingsOf(context, options);
  const path = databaseIn(settings.data);
  if (!existsSync(path))
    throw new CommandFailure('no_database', `there is no database ${path}: give its folder with --data`);
  const data = await openDataForWriting(settings, context.now);
  try {
    const known = await data.directory.person(user);
    if (known === null) {
      throw new CommandFailure(
        'not_found',
        `nobody with the id ${user} ever signed in to ${settings.data}: "quoteroom people list" shows those who did`,
      );
    }
    await confirm(context, `Erase the name "${plain(known.name)}" of ${user} for good?`, options);
    const name = `Erased person (${user})`;
    // First where it can be found again: if the rest fails, the command is run once more.
    const sessions = await data.sessionStore.rename(user, name);
    // Tokens count whole seconds, so those of this one count as issued before.
    const issuedFrom = Math.floor(context.now() / 1_000) + 1;
    await data.directory.erase({ user, name, issuedFrom });
    data.slack.accounts.unlinkAllOf(user);
    data.overwriteDeleted();
    const erased: Erased = {
      user,
      name,
      replaced: { name: known.name, email: known.email, sessions },
      ownerOf: await quotesOwnedBy(data.log, known.name),
    };
    if (options.json) printJson(context, { ...erased, kept: KEPT });
    else printLines(context, describe(erased));
  } finally {
    await data.close();
  }
}

const PAGE = 500;

async function quotesOwnedBy(log: Pick<Log, 'quotes'>, name: string): Promise<QuoteId[]> {
  const found: QuoteId[] = [];
  for (let after: string | undefined; ;) {
    const page = await log.quotes({ limit: PAGE, ...(after !== undefined && { after }) });
    found.push(...page.quotes.filter(({ owner }) => owner === name).map(({ id }) => id));
    if (page.next === null) return found;
    after = page.next;
  }
}

const KEPT = [
  'in the log of each quote: their id, role and permission, when they wrote, and what; without these nothing could be proven',
  'in quotes: texts that name them, such as "owner", authors of notes, notes and names of versions; change them on the quote',
  'their id and role, and the permissions that they have, so that rights and the log stay readable',
  'what was made before: exports and backups; delete those that are no longer needed',
];

function describe({ user, name, replaced, ownerOf }: Erased): string[] {
  const { email, sessions } = replaced;
  return [
    `${user}: the name "${plain(replaced.name)}" was replaced by "${name}"${inSessions(sessions)}`,
    email === null ? 'There was no e-mail.' : `The e-mail ${plain(email)} was dropped.`,
    'The database was written anew, so that its file holds neither where they were replaced.',
    'Kept:',
    ...KEPT.map((what) => `  - ${what}`),
    ...(ownerOf.length === 0 ? [] : [`The field "owner" still says so in: ${ownerOf.join(', ')}`]),
    'If they sign in again, their name is shown again.',
  ];
}

const inSessions = (count: number): string =>
  count === 0 ? '' : `, in ${count} ${count === 1 ? 'session' : 'sessions'} too`;
