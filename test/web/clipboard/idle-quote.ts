import { type QuoteClient, connectQuote } from '../../../src/client/connect-quote.ts';

/** A quote whose server never answers: everything that is local works. */
export function openIdleQuote(): QuoteClient {
  let rows = 0;
  return connectQuote({
    url: 'ws://quotes.example',
    quoteId: 'q1',
    token: 'token',
    WebSocketPolyfill: NeverOpens,
    newRowId: () => `l${(rows += 1)}`,
  });
}

class NeverOpens {
  binaryType = '';
  readonly readyState = 0;
  send(): void {}
  close(): void {}
}
