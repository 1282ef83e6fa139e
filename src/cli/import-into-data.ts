import { createPolicy } from '../authority/policy.ts';
import { ROLES, isRole } from '../authority/role.ts';
import { Fault } from '../lib/fault.ts';
import { isUserId } from '../lib/ids.ts';
import { noMetrics } from '../room/room-metrics.ts';
import { createSteadyClock } from '../room/steady-clock.ts';
import { createSessions } from '../session/live-sessions.ts';
import { CommandFailure, UsageError } from './command-errors.ts';
import { storeSettingsOf } from './command-settings.ts';
import { composeRooms } from './compose-rooms.ts';
import { type QuoteCreator, createQuote, mayBeginWith } from './create-quote.ts';
import { type WritableData, openDataForWriting } from './data-folder.ts';
import { parseQuoteId } from './find-quote.ts';
import type { CheckedImport } from './import-options.ts';
import { type ImportedQuote, reportImport } from './import-report.ts';
import { newId } from './process-clock.ts';
import { openImport, quoteToMake, readOrProblems } from './read-import.ts';
import type { StoreSettings } from './settings.ts';
import type { CommandContext } from './terminal.ts';

/** Makes a quote out of a file in a data folder that no server uses. */
export async function importIntoData(
  context: CommandContext,
  file: string,
  options: CheckedImport,
): Promise<ImportedQuote> {
  const creator = creatorOf(context, options);
  const settings = storeSettingsOf(context, options);
  const mayWrite = mayBeginWith(createPolicy(settings.policy, settings.limits), creator.role);
  const opened = openImport(file, { ...options, cwd: context.cwd, limits: settings.limits });
  const imported = readOrProblems(file, opened, { ...options, mayWrite });
  const quote = quoteToMake(imported.quote, options.quote, file);
  const id = parseQuoteId(quote.id);
  const data = await openUnused(settings, context.now);
  try {
    const sessions = createSessions({
      store: data.sessionStore,
      settings: settings.session,
      newId,
      report: () => undefined,
    });
    const steadyNow = createSteadyClock(context.now);
    await sessions.recover(steadyNow());
    const rooms = composeRooms(data, settings, {
      sessions,
      steadyNow,
      // The server makes the first one when it needs it.
      checkpointer: { checkpoint: () => Promise.resolve(), close: () => Promise.resolve() },
      metrics: noMetrics,
      now: context.now,
      // Whoever creates the quote is told of the same fault.
      report: () => undefined,
    });
    const revision = await createQuote(rooms, id, quote, creator);
    await rooms.shutDown();
    await sessions.close();
    return { id, revision, report: reportImport(imported, opened.columns(), options.quote) };
  } finally {
    await data.close();
  }
}

async function openUnused(settings: StoreSettings, now: () => number): Promise<WritableData> {
  try {
    return await openDataForWriting(settings, now);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'data_locked') throw error;
    throw new CommandFailure(
      'data_locked',
      `${error.message}. While a server runs, import through it: ` +
        'quoteroom quote import FILE --url URL --token TOKEN, or POST /api/quotes',
    );
  }
}

function creatorOf({ account }: CommandContext, { as, role = 'admin' }: CheckedImport): QuoteCreator {
  const user = as ?? account ?? 'import';
  if (!isUserId(user))
    throw new UsageError(`--as takes the id of a user: 1 to 128 characters without spaces, not "${user}"`);
  if (!isRole(role)) throw new UsageError(`--role is one of ${ROLES.join(', ')}, not "${role}"`);
  return { user, name: user, role };
}
