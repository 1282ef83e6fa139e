import type { z } from 'zod';
import type { LogEntry, LogWrite } from '../audit/log-view.ts';
import type { PageQuery } from '../audit/look-back.ts';
import type { Actor } from '../authority/actor.ts';
import { seesOfferOf } from '../authority/role.ts';
import {
  type LoggedEntry,
  type LoggedWrite,
  logPageSchema,
  logQuerySchema,
  quotePathSchema,
} from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { cellsOf } from './cells-query.ts';
import { errorAnswers } from './error-answers.ts';
import { type PeopleNames, readPeopleNames } from './people-names.ts';
import { newestEntry } from './newest-entry.ts';
import { actorIn } from './quote-access.ts';
import { createTurns } from './turns.ts';

/** `GET /api/quotes/:id/log`: every attempt to change the quote and what was decided, for whoever may see it. */
export function addLogRoute(app: App, deps: RouteDeps): void {
  const turns = createTurns(READING);

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
      const person = personOf(request);
      const { actor, quote } = await actorIn(deps, person, request.params.id);
      const query = queryOf(request.query, await newestEntry(deps, quote));
      const { entries, next } = await turns.run(() => deps.lookBack.page(quote, query), person.user);
      const names = await readPeopleNames(deps.directory, peopleIn(entries));
      return {
        entries: entries.map((entry) => loggedEntry(entry, actor, names)),
        ...(next !== undefined && { next }),
      };
    },
  });
}

/** A page may look through some thousand entries, some tenths of a second, in the one thread that answers for everybody. */
const READING = { atOnce: 2, waitingMax: 64, ofPersonMax: 6 };

function queryOf(
  { after, limit, refused, cell, ...by }: z.output<typeof logQuerySchema>,
  to: number,
): PageQuery {
  if (cell !== undefined) cellsOf(cell);
  return {
    to,
    after,
    limit,
    ...(refused !== undefined && { refused }),
    ...(cell !== undefined && { cells: cell }),
    ...(by.user !== undefined && { user: by.user }),
    ...(by.role !== undefined && { role: by.role }),
    ...(by.since !== undefined && { since: by.since }),
    ...(by.until !== undefined && { until: by.until }),
  };
}

const peopleIn = (entries: readonly LogEntry[]): string[] =>
  entries.flatMap(({ user, writes }) => [
    user,
    ...writes.flatMap(({ by }) => (by === undefined ? [] : [by.id])),
  ]);

function loggedEntry(entry: LogEntry, reader: Actor, names: PeopleNames): LoggedEntry {
  const seesRefused = seesOfferOf(reader, entry.user);
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
