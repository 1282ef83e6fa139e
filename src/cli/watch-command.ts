import type { Command } from 'commander';
import type { Closure, QuoteClient } from '../client/connect-quote.ts';
import { parseQuoteId } from './find-quote.ts';
import { closedFor, openLiveQuote } from './open-live-quote.ts';
import { renderQuote } from './render-quote.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { type CommandContext, printLines } from './terminal.ts';
import { type WatchView, describeChanges, readWatchView, renderScreen } from './watch-view.ts';

export function addWatchCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('watch')
    .argument('<quote>', 'its id')
    .description('Watch a quote live in the terminal')
    .addHelpText(
      'after',
      `
Shows lines, totals, who is here and where, and what became of your own writes. Draws on the screen in place; where
standard output is a file or a pipe it adds one line for each change. Ctrl+C leaves. Exits with 1 if the server turns
you away.

Examples:
  quoteroom watch q-acme-2026 --url http://127.0.0.1:8080 --token $QUOTEROOM_TOKEN
  quoteroom watch q-acme-2026 >> changes.txt`,
    );
  addServerOptions(command).action((quote: string, options: ServerOptions) => watch(context, quote, options));
}

async function watch(context: CommandContext, text: string, options: ServerOptions): Promise<void> {
  const server = serverOf(options, context.env);
  const quoteId = parseQuoteId(text);
  const quote = await openLiveQuote(server, quoteId);
  const display = context.isScreen ? createScreen(context) : createLines(context);
  try {
    await untilLeft(context, quote, display, (closure) => closedFor(server, quoteId, closure));
  } finally {
    display.close();
    quote.destroy();
  }
}

interface Display {
  show(view: WatchView): void;
  close(): void;
}

/**
 * Resolves when the person leaves; throws when the server closes for good. What changes in one go is shown once. A
 * connection that came back counts once the server has said hello: before that it may still turn this person away.
 */
function untilLeft(
  context: CommandContext,
  quote: QuoteClient,
  display: Display,
  errorOf: (closure: Closure) => Error,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isDue = false;
    let isWelcome = true;
    const show = (): void => {
      if (isDue) return;
      isDue = true;
      setImmediate(() => {
        isDue = false;
        const isBetween = !isWelcome && quote.state().kind !== 'offline';
        if (!isOver && !isBetween) display.show(readWatchView(quote));
      });
    };
    let isOver = false;
    const end = (settle: () => void): void => {
      isOver = true;
      stopListening();
      settle();
    };
    const stopListening = context.onStop(() => end(resolve));
    quote.on('closed', (closure) => {
      if (closure.final) end(() => reject(errorOf(closure)));
    });
    quote.on('hello', () => {
      isWelcome = true;
      show();
    });
    quote.observe('all', show);
    quote.presence.observe(show);
    quote.on('state', ({ kind }) => {
      if (kind === 'offline') isWelcome = false;
      show();
    });
    quote.on('verdicts', show);
    show();
  });
}

/** The other screen of the terminal, without a cursor, drawn from the top; the last view stays when it is left. */
const ENTER_SCREEN = '\u001B[?1049h\u001B[?25l';
const LEAVE_SCREEN = '\u001B[?25h\u001B[?1049l';
const TO_TOP = '\u001B[H';
const CLEAR_TO_LINE_END = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';

function createScreen(context: CommandContext): Display {
  let last: WatchView | null = null;
  context.out(ENTER_SCREEN);
  return {
    show(view) {
      last = view;
      const lines = renderScreen(view, context.size());
      context.out(TO_TOP + lines.map((line) => line + CLEAR_TO_LINE_END).join('\r\n') + CLEAR_BELOW);
    },
    close() {
      context.out(LEAVE_SCREEN);
      if (last !== null) printLines(context, renderQuote(last.snapshot, last.totals, context.size().columns));
    },
  };
}

function createLines(context: CommandContext): Display {
  let last: WatchView | null = null;
  return {
    show(view) {
      if (last === null)
        printLines(context, [...renderQuote(view.snapshot, view.totals), '', ...view.people]);
      else {
        const time = new Date(context.now()).toISOString().slice(11, 19);
        printLines(
          context,
          describeChanges(last, view).map((line) => `${time}  ${line}`),
        );
      }
      last = view;
    },
    close: () => undefined,
  };
}
