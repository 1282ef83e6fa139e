import type { QuoteId } from '../lib/ids.ts';
import { type NoteKey, formatNoteKey } from '../log/signed-note.ts';
import { startThread } from '../log/start-thread.ts';
import type { LookBack } from './look-back.ts';
import { type QuestionThread, createQuestionThread } from './question-thread.ts';

/**
 * Looks back in worker threads with database connections of their own: playing 10,000 entries takes some tenths of a
 * second, in which a server's own thread would answer nobody. One answers everybody in turns of some entries, so that whoever
 * moves through a history need not wait for another's question; deciding a whole quote again has no turns, and gets a
 * thread for as long as it takes.
 *
 * The threads see what is committed, durable or not yet: ask only for entries that the server's own log has shown.
 */
export function createSqliteLookBack(databasePath: string, keys: readonly NoteKey[]): LookBack {
  const data: LookBackThreadData = { databasePath, keys: keys.map(formatNoteKey) };
  const start = () => startThread('sqlite-look-back-worker', { beside: import.meta.url, data });
  const lasting = createQuestionThread({ start, endsWhenIdle: false });
  const passing = createQuestionThread({ start, endsWhenIdle: true });

  return {
    blame: (quote, query) => ask(lasting, 'blame', quote, query),
    diff: (quote, query) => ask(lasting, 'diff', quote, query),
    page: (quote, query) => ask(lasting, 'page', quote, query),
    timeline: (quote, query) => ask(lasting, 'timeline', quote, query),
    snapshotAt: (quote, query) => ask(lasting, 'snapshotAt', quote, query),
    verify: (quote) => ask(passing, 'verify', quote, undefined),
    vouching: (quote) => ask(lasting, 'vouching', quote, undefined),
    async close() {
      await Promise.all([lasting.close(), passing.close()]);
    },
  };
}

export interface LookBackThreadData {
  readonly databasePath: string;
  /** Each as one line. */
  readonly keys: readonly string[];
}

type Kind = Exclude<keyof LookBack, 'close'>;

/** A method of {@link LookBack} with what it takes. */
export type LookBackQuestion = {
  readonly [One in Kind]: {
    readonly kind: One;
    readonly quote: QuoteId;
    readonly query: Parameters<LookBack[One]>[1];
  };
}[Kind];

/** The thread runs the same code as is here: what comes out of it is not read again. */
const ask = <One extends Kind>(
  thread: QuestionThread,
  kind: One,
  quote: QuoteId,
  query: Parameters<LookBack[One]>[1],
): ReturnType<LookBack[One]> => thread.ask({ kind, quote, query }) as ReturnType<LookBack[One]>;
