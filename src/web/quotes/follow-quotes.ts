import { z } from 'zod';
import { listedQuoteSchema } from '../../wire/http-schemas.ts';
import type { LiveRows } from './loaded-quotes.ts';

/**
 * Follows `/api/events`. The browser opens the stream anew when it ends or breaks, but gives up where the server turns it
 * down (full, restarting): then it is asked again here, later each time. What happened between two streams nobody
 * tells: `onGap` says that there was such a time.
 */
export interface FollowDeps {
  readonly open: (url: string) => EventStream;
  /** Returns how to call it off. */
  readonly later: (ms: number, run: () => void) => () => void;
  readonly onRows: (live: LiveRows) => void;
  readonly onGap: () => void;
}

/** What is used of an `EventSource`. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(kind: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

const AGAIN_FIRST_MS = 2_000;
const AGAIN_MS_MAX = 30_000;
/** `EventSource.CLOSED` */
const CLOSED = 2;

const rowsSchema = z.object({ quotes: z.array(listedQuoteSchema) });

/** Returns the function that ends it. */
export function followQuotes(token: string, { open, later, onRows, onGap }: FollowDeps): () => void {
  let stream: EventStream | null = null;
  let callOff: (() => void) | null = null;
  let againMs = AGAIN_FIRST_MS;
  let wasOpen = false;

  function start(): void {
    const own = open(`/api/events?token=${encodeURIComponent(token)}`);
    stream = own;
    own.addEventListener('open', () => {
      againMs = AGAIN_FIRST_MS;
      if (wasOpen) onGap();
      wasOpen = true;
    });
    for (const kind of ['snapshot', 'change'] as const) {
      own.addEventListener(kind, ({ data }) => {
        const rows = parseRows(data);
        if (rows !== null) onRows({ kind, quotes: rows.quotes });
      });
    }
    own.addEventListener('error', () => {
      if (own.readyState !== CLOSED || stream !== own) return;
      stream = null;
      callOff = later(againMs, start);
      againMs = Math.min(againMs * 2, AGAIN_MS_MAX);
    });
  }

  start();
  return () => {
    callOff?.();
    const last = stream;
    stream = null;
    last?.close();
  };
}

/** Null for what a newer server may send. */
function parseRows(data: unknown): z.infer<typeof rowsSchema> | null {
  if (typeof data !== 'string') return null;
  try {
    return rowsSchema.parse(JSON.parse(data));
  } catch {
    return null;
  }
}
