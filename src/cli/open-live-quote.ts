import { WebSocket } from 'ws';
import { type Closure, type QuoteClient, connectQuote } from '../client/connect-quote.ts';
import type { QuoteId } from '../lib/ids.ts';
import { later } from './process-clock.ts';
import { noQuoteThere } from './find-quote.ts';
import { plain } from './plain-text.ts';
import { type ServerAddress, badToken, cannotReach } from './server-options.ts';
import { CommandFailure } from './command-errors.ts';

/** How long the server may take until it answers, the quote is there, or an edit stored. */
const ANSWER_MS = 15_000;

/**
 * Joins a quote as a live client and waits until all of it is here. Throws a `CommandFailure` where the server cannot
 * be reached or closes for good. Destroy the client when done.
 */
export async function openLiveQuote(server: ServerAddress, quoteId: QuoteId): Promise<QuoteClient> {
  const quote = connectQuote({ url: server.url, token: server.token, quoteId, WebSocketPolyfill: WebSocket });
  try {
    await Promise.race([withinTime(server, quote.whenSynced()), untilUnreachable(server, quote)]);
    return quote;
  } catch (error) {
    const state = quote.state();
    quote.destroy();
    const isClosed = state.kind === 'readonly' && state.because.kind === 'closed';
    throw isClosed ? closedFor(server, quoteId, state.because.closure) : error;
  }
}

/** A final close, in words for a person at a terminal. */
export function closedFor({ url }: ServerAddress, quoteId: QuoteId, closure: Closure): Error {
  const { kind, detail, message } = closure;
  switch (kind) {
    case 'unauthenticated':
      return badToken(url, detail);
    case 'no_such_quote':
      return noQuoteThere(quoteId, url);
    case 'forbidden':
      return new CommandFailure(
        'forbidden',
        detail === ''
          ? `you have no access to quote ${quoteId}: ask one of its hosts for it`
          : `the server shut you out of quote ${quoteId}: ${plain(detail)}`,
      );
    default:
      return new CommandFailure(kind, message);
  }
}

/** Rejects at the first attempt that ends without an answer: nobody waits in a terminal for a server to be started. */
const untilUnreachable = ({ url }: ServerAddress, quote: QuoteClient): Promise<never> =>
  new Promise((_resolve, reject) => {
    quote.on('state', (state) => {
      if (state.kind === 'offline' && state.because?.kind === 'network') reject(cannotReach(url));
    });
  });

/** Throws a `CommandFailure` where the answer takes longer. The timer keeps the process alive until then. */
export async function withinTime<T>(
  { url, answerMs = ANSWER_MS }: Omit<ServerAddress, 'token'>,
  answer: Promise<T>,
): Promise<T> {
  let cancel = (): void => undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    const message = `${url} did not answer within ${answerMs / 1000} seconds: try again`;
    cancel = later(answerMs, () => reject(new CommandFailure('no_answer', message)));
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    cancel();
  }
}
