import type { Command } from 'commander';
import type { Closure, QuoteClient } from '../client/connect-quote.ts';
import { type SessionJson, sessionSchema } from '../wire/session-schemas.ts';
import { CommandFailure } from './command-errors.ts';
import { parseQuoteId } from './find-quote.ts';
import { closedFor, openLiveQuote } from './open-live-quote.ts';
import { plain } from './plain-text.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { type SessionView, describeSessionChanges, readSessionView } from './session-view.ts';
import { askSession, parseSessionId } from './session-requests.ts';
import { describeSession } from './session-text.ts';
import { type CommandContext, printLines } from './terminal.ts';

export function addSessionJoinCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('join')
    .argument('<session>', 'its id')
    .description('Take part in a session and follow it in the terminal')
    .addHelpText(
      'after',
      `
Adds a line for whoever comes or goes, for each state of the session, for a warning before it ends, and for held
conflicts. "quoteroom watch" shows the quote itself. Ctrl+C leaves; exits with 0 when the session ends, too, and with
1 if the server turns you away.

Examples:
  quoteroom session join 5f0c9a52-30c6-4a4e-8d8b-0f2b9f9b6b1e`,
    );
  addServerOptions(command).action((id: string, options: ServerOptions) => join(context, id, options));
}

async function join(context: CommandContext, text: string, options: ServerOptions): Promise<void> {
  const id = parseSessionId(text);
  const server = serverOf(options, context.env);
  const session = await askSession(server, { method: 'GET', id }, sessionSchema);
  if (session.endedAt !== undefined) throw hasEnded(session);
  const quoteId = parseQuoteId(session.quoteId);
  const quote = await openLiveQuote(server, quoteId);
  try {
    if (quote.me()?.sessionId !== id) throw hasEnded(session);
    printLines(context, [
      ...describeSession(session).map(plain),
      `"quoteroom watch ${quoteId}" shows the quote. Ctrl+C leaves.`,
    ]);
    await follow(context, quote, (closure) => closedFor(server, quoteId, closure));
  } finally {
    quote.destroy();
  }
}

const hasEnded = ({ id, quoteId }: SessionJson): Error =>
  new CommandFailure(
    'session_ended',
    `session ${id} has ended: "quoteroom session create ${quoteId}" starts another one of its quote`,
  );

/** Resolves when the person leaves or the session ends; throws when the server closes for good. */
function follow(
  context: CommandContext,
  quote: QuoteClient,
  errorOf: (closure: Closure) => Error,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: SessionView | null = null;
    let isOver = false;
    let isDue = false;
    const show = (): void => {
      const view = readSessionView(quote);
      const time = new Date(context.now()).toISOString().slice(11, 19);
      const lines = describeSessionChanges(last, view);
      // While away from the server, those who were here count as here.
      last = view.connection === 'live' ? view : { ...view, people: last?.people ?? [] };
      printLines(
        context,
        lines.map((line) => `${time}  ${line}`),
      );
    };
    // What changes in one go is shown once.
    const showSoon = (): void => {
      if (isDue) return;
      isDue = true;
      setImmediate(() => {
        isDue = false;
        if (!isOver) show();
      });
    };
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      stopListening();
      settle();
    };
    const stopListening = context.onStop(() => end(resolve));
    quote.on('closed', (closure) => {
      if (!closure.final) return;
      end(() => {
        if (closure.kind !== 'session_ended') return reject(errorOf(closure));
        show();
        resolve();
      });
    });
    quote.on('session', showSoon);
    quote.on('conflicts', showSoon);
    quote.on('state', showSoon);
    quote.presence.observe(showSoon);
    show();
  });
}
