import type { z } from 'zod';
import { type CellFilter, parseCellFilter } from '../audit/cell-filter.ts';
import type { LogQuery } from '../audit/log-selection.ts';
import { type LogEntry, type LogWrite, viewLog } from '../audit/log-view.ts';
import type { Actor } from '../authority/actor.ts';
import { mayManage } from '../authority/role.ts';
import {
  type LoggedEntry,
  type LoggedWrite,
  logPageSchema,
  logQuerySchema,
  quotePathSchema,
} from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { type PeopleNames, readPeopleNames } from './people-names.ts';
import { invalidRequest } from './problem.ts';
import { actorIn, missingQuote } from './quote-access.ts';

/** `GET /api/quotes/:id/log`: every attempt to change the quote and what was decided, for whoever may see it. */
export function addLogRoute(app: App, deps: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/quotes/:id/log',
    schema: {
      summary: 'Read the log of a quote',
      description:
        'Oldest entry first; `next` is the `after` of the next page. With `user`, `role`, `cell`, `refused`, `since` or ' +
        '`until` only entries and writes that all of them take; a page then ends after some thousand entries that were ' +
        'looked at, and may be empty though there is a next one. What was offered in refused writes is shown to its ' +
        'author, to hosts and to admins.',
      params: quotePathSchema,
      querystring: logQuerySchema,
      response: { 200: logPageSchema, ...errorAnswers(400, 403, 404) },
    },
    async handler(request) {
      const { actor, quote } = await actorIn(deps, personOf(request), request.params.id);
      const query = queryOf(request.query);
      const { entries, next } = await viewLog(deps.log, quote, query, { entriesMax: ENTRIES_PER_PAGE });
      if (entries.length === 0 && (await deps.log.head(quote)) === null)
        throw await missingQuote(deps, quote);
      const names = await readPeopleNames(deps.directory, peopleIn(entries));
      return {
        entries: entries.map((entry) => loggedEntry(entry, actor, names)),
        ...(next !== undefined && { next }),
      };
    },
  });
}

/** Entries that are looked at for one page: some tens of milliseconds, in turns with others. */
const ENTRIES_PER_PAGE = 2_000;

function queryOf({ after, limit, refused, cell, ...by }: z.output<typeof logQuerySchema>): LogQuery {
  return {
    after,
    limit,
    ...(refused !== undefined && { refused }),
    ...(cell !== undefined && { cells: cellsOf(cell) }),
    ...(by.user !== undefined && { user: by.user }),
    ...(by.role !== undefined && { role: by.role }),
    ...(by.since !== undefined && { since: by.since }),
    ...(by.until !== undefined && { until: by.until }),
  };
}

/** Throws where no cell is meant by it. */
export function cellsOf(text: string): CellFilter {
  const cells = parseCellFilter(text);
  if (cells.ok) return cells.value;
  throw invalidRequest([{ field: 'cell', message: cells.reason }]);
}

const peopleIn = (entries: readonly LogEntry[]): string[] =>
  entries.flatMap(({ user, writes }) => [
    user,
    ...writes.flatMap(({ by }) => (by === undefined ? [] : [by.id])),
  ]);

function loggedEntry(entry: LogEntry, reader: Actor, names: PeopleNames): LoggedEntry {
  const seesRefused = reader.user === entry.user || mayManage(reader);
  return {
    ...entry,
    name: names.nameOf(entry.user),
    writes: entry.writes.map((write) => loggedWrite(write, names, seesRefused)),
  };
}

function loggedWrite(write: LogWrite, names: PeopleNames, seesRefused: boolean): LoggedWrite {
  const { offered, by, verdict, ...shown } = write;
  return {
    ...shown,
    ...((verdict === 'accepted' || seesRefused) && { offered }),
    ...(by !== undefined && { by: names.author({ user: by.id, role: by.role }) }),
  };
}
