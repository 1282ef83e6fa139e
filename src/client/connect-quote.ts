import * as Y from 'yjs';
import { Fault } from '../lib/fault.ts';
import { isQuoteId } from '../lib/ids.ts';
import { destroyedHere } from './closure.ts';
import { type TokenSource, createConnection } from './connection.ts';
import { createEmitter } from './emitter.ts';
import { createForesight } from './foresight.ts';
import type { Later } from './held-cells.ts';
import { createPresence } from './presence.ts';
import { createProgressTracker } from './progress-tracker.ts';
import type { QuoteClient, QuoteEvents } from './quote-client.ts';
import { createQuoteEditor } from './quote-editor.ts';
import { createQuoteObservers } from './quote-observers.ts';
import { createQuoteView } from './quote-view.ts';
import { createServerEventHandler } from './server-event-handler.ts';
import { createSessionCalls } from './session-calls.ts';
import { createUndoHistory } from './undo-history.ts';
import { type WebSocketConstructor, webSocketOf } from './web-socket.ts';

export type { CellId, QuoteId } from '../lib/ids.ts';
export type { CellValue, RowRoot } from '../quote/cell.ts';
export type { DiscountTotal, LineTotal, Totals } from '../quote/pricing.ts';
export type { NoteRow, Row, Snapshot } from '../quote/snapshot.ts';
export type { CellChange, Write } from './cell-store.ts';
export type { Closure, ClosureKind } from './closure.ts';
export type { TokenSource } from './connection.ts';
export type { Foreseen, Foresight } from './foresight.ts';
export type { OtherPresence, OwnPresence, Presence, PresenceUser } from './presence.ts';
export type { Me, QuoteClient, QuoteEvents } from './quote-client.ts';
export type { Place } from './row-writes.ts';
export type { SaveState } from './save-state.ts';
export type { ConflictChoice } from '../wire/conflict-choice.ts';
export type { SettleOutcome } from './session-calls.ts';
export type { UndoOutcome } from './undo-history.ts';
export type { Verdict } from './verdicts.ts';
export type { SessionEvent } from '../wire/messages.ts';
export type { ConflictJson } from '../wire/session-schemas.ts';
export type { WebSocketConstructor } from './web-socket.ts';

export type ConnectOptions = ConnectTarget & Credentials;

/** A token, or a function that gets one: called before the first connection and when the server turns one down. */
export type Credentials = { readonly token: string } | { readonly getToken: TokenSource };

export interface ConnectTarget {
  /** Where the server is: `https://quotes.example`, `ws://127.0.0.1:8080`. */
  readonly url: string;
  readonly quoteId: string;
  /** The class of the `ws` package, where the runtime has no WebSocket of its own (Node before 22). */
  readonly WebSocketPolyfill?: WebSocketConstructor;
  /** A document of the caller's, perhaps filled from local storage; it outlives the client. Default: a new one. */
  readonly doc?: Y.Doc;
  /** Edits in `doc` from a former visit that the server may lack: counted as unsent until it has them. Default: none. */
  readonly unsent?: number;
  /** Asks the server for every entry as it becomes durable, and for its rules. Default: no. */
  readonly entries?: boolean;
  /** Longest pause between two attempts to connect. Default 2,500 ms. */
  readonly maxBackoffMs?: number;
  /** The time, ms since 1970. Default: `Date.now`. */
  readonly now?: () => number;
  /** Ids of new rows: 1 to 64 letters, digits, `_` or `-`, never the same twice. Default: 96 random bits. */
  readonly newRowId?: () => string;
}

/**
 * Opens a quote and keeps it in sync until `destroy`. Returns at once; `whenSynced()` tells when the quote is there.
 * Throws a `Fault` for an impossible quote id or a runtime without WebSocket.
 *
 *   const quote = connectQuote({ url: 'https://quotes.example', quoteId: 'acme-2026', token });
 *   await quote.whenSynced();
 *   quote.setCell('lineItems/l1/quantity', '3');
 *   await quote.whenSaved();
 */
export function connectQuote(options: ConnectOptions): QuoteClient {
  const { quoteId, doc = new Y.Doc(), now = Date.now, newRowId = randomRowId } = options;
  if (!isQuoteId(quoteId)) throw badQuoteId(quoteId);
  const webSocket = webSocketOf(options.WebSocketPolyfill);

  const events = createEmitter<QuoteEvents>();
  const { close: closeView, ...view } = createQuoteView(doc);
  const observers = createQuoteObservers(doc);
  const tracker = createProgressTracker((state) => events.emit('state', state), options.unsent);
  const undo = createUndoHistory(doc, () =>
    events.emit('undo', { canUndo: undo.can('undo'), canRedo: undo.can('redo') }),
  );
  const editor = createQuoteEditor({ doc, undo, newRowId, state: tracker.state });
  const connection = createConnection(
    {
      url: options.url,
      quoteId,
      doc,
      token: 'token' in options ? options.token : options.getToken,
      entries: options.entries === true,
      webSocket,
      maxBackoffMs: options.maxBackoffMs,
    },
    {
      progressed: tracker.advance,
      received: (event) => server.received(event),
      ended: (closure) => events.emit('closed', closure),
    },
  );
  const { awareness } = connection;
  const presence = createPresence(awareness);
  const foresight = createForesight({ doc, awareness, presence, later });
  const server = createServerEventHandler({ events, tracker, undo, foresight, now });
  const calls = createSessionCalls({
    url: options.url,
    quoteId,
    token: connection.token,
    sessionId: () => server.session()?.sessionId ?? server.me()?.sessionId ?? null,
  });
  let isDestroyed = false;

  return {
    ...view,
    ...editor,
    ...calls,
    quoteId,
    doc,
    awareness,
    observe: observers.observe,
    noteText: undo.noteText,
    canUndo: () => undo.can('undo'),
    canRedo: () => undo.can('redo'),
    presence,
    foresight,
    me: server.me,
    verdicts: server.verdicts,
    session: server.session,
    conflicts: server.conflicts,
    state: tracker.state,
    on: events.on,
    whenSynced: tracker.whenSynced,
    whenSaved: tracker.whenSaved,
    setToken: connection.setToken,
    reconnect: connection.reconnect,
    disconnect: connection.disconnect,
    destroy() {
      if (isDestroyed) return;
      isDestroyed = true;
      tracker.advance({ kind: 'closed', because: destroyedHere });
      foresight.close();
      connection.close();
      undo.close();
      observers.close();
      closeView();
      events.clear();
      if (options.doc === undefined) doc.destroy();
    },
  };
}

function badQuoteId(quoteId: string): Fault {
  return new Fault({
    code: 'client_bad_quote_id',
    message: `"${quoteId.slice(0, 80)}" cannot be a quote's id: use 1 to 64 letters, digits, _ or -.`,
    retryable: false,
  });
}

const later: Later = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

const ID_BYTES = 12;
const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** Not `randomUUID`: browsers have that on secure origins only. */
function randomRowId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array((ID_BYTES * 8) / 6));
  return Array.from(bytes, (byte) => ID_LETTERS.charAt(byte % ID_LETTERS.length)).join('');
}
