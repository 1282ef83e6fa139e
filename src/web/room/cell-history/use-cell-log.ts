import { useEffect, useState } from 'react';
import { type BlameJson, blameSchema } from '../../../wire/audit-schemas.ts';
import { type LoggedEntry, logPageSchema } from '../../../wire/http-schemas.ts';
import type { Api } from '../../api/api.ts';
import { useApi } from '../../api/use-api.ts';
import { problemOf } from '../../words/problem-of.ts';
import { useQuote } from '../use-room.ts';

/** What the log has of one cell. */
export interface CellLog {
  readonly blame: BlameJson;
  /** Oldest first, each with its writes to the cell only. */
  readonly entries: readonly LoggedEntry[];
}

export interface CellLogHere {
  /** Null until it is read. */
  readonly log: CellLog | null;
  /** Why it could not be read, for a person. */
  readonly problem: string | null;
}

/** Read when it is asked for, and again when somebody writes to the cell. */
export function useCellLog(cell: string): CellLogHere {
  const quote = useQuote();
  const api = useApi();
  const [here, setHere] = useState<CellLogHere>({ log: null, problem: null });

  useEffect(() => {
    const leaving = new AbortController();
    const path = `/api/quotes/${encodeURIComponent(quote.quoteId)}`;
    const read = (): void => {
      readCellLog(api, { path, cell }, leaving.signal).then(
        (log) => setHere({ log, problem: null }),
        (error: unknown) => {
          if (!leaving.signal.aborted) setHere((last) => ({ ...last, problem: problemOf(error) }));
        },
      );
    };
    read();
    const off = quote.on('entries', ({ entries }) => {
      if (entries.some(({ writes }) => writes.some((write) => write.cell === cell))) read();
    });
    return () => {
      leaving.abort();
      off();
    };
  }, [api, quote, cell]);
  return here;
}

async function readCellLog(
  api: Api,
  { path, cell }: { readonly path: string; readonly cell: string },
  signal: AbortSignal,
): Promise<CellLog> {
  const asked = new URLSearchParams({ cell });
  const blame = api.get(`${path}/blame?${asked}`, blameSchema, signal);
  const [found, entries] = await Promise.all([blame, readEntries()]);
  return { blame: found, entries };

  async function readEntries(): Promise<readonly LoggedEntry[]> {
    const all: LoggedEntry[] = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: { entries: LoggedEntry[]; next?: number | undefined } = await api.get(
        `${path}/log?${asked}&after=${after}`,
        logPageSchema,
        signal,
      );
      all.push(...page.entries);
      after = page.next;
    }
    return all;
  }
}
