import type { Actor } from '../authority/actor.ts';
import type { WriteVerdict } from '../authority/verdict.ts';
import type { Entry } from '../log/log.ts';
import { targetOf } from '../log/write-target.ts';
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
import { noSuchQuote } from './problem.ts';
import { actorIn } from './quote-access.ts';

/** `GET /api/quotes/:id/log`: every attempt to change the quote and what was decided, for whoever may see it. */
export function addLogRoute(app: App, deps: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/quotes/:id/log',
    schema: {
      summary: 'Read the log of a quote',
      description:
        'Oldest entry first; `next` is the `after` of the next page. What was offered in refused writes is shown to ' +
        'its author, to hosts and to admins.',
      params: quotePathSchema,
      querystring: logQuerySchema,
      response: { 200: logPageSchema, ...errorAnswers(400, 403, 404) },
    },
    async handler(request) {
      const { actor, quote } = await actorIn(deps, personOf(request), request.params.id);
      const { after, limit } = request.query;
      const found = await deps.log.entries(quote, { after, limit: limit + 1 });
      if (found.length === 0 && (await deps.log.head(quote)) === null) throw noSuchQuote();
      const page = found.slice(0, limit);
      const names = await readPeopleNames(deps.directory, peopleIn(page));
      const last = page.at(-1);
      return {
        entries: page.map((entry) => loggedEntry(entry, actor, names)),
        ...(found.length > limit && last !== undefined && { next: last.seq }),
      };
    },
  });
}

const peopleIn = (entries: readonly Entry[]): string[] =>
  entries.flatMap(({ actor, writes }) => [
    actor.user,
    ...writes.flatMap(({ by }) => (by === null ? [] : [by.user])),
  ]);

function loggedEntry(entry: Entry, reader: Actor, names: PeopleNames): LoggedEntry {
  const { user, role, permission } = entry.actor;
  const seesRefused = reader.user === user || reader.permission === 'host' || reader.role === 'admin';
  return {
    seq: entry.seq,
    at: entry.at,
    user,
    name: names.nameOf(user),
    role,
    permission,
    session: entry.session,
    origin: entry.origin,
    hash: Buffer.from(entry.hash).toString('hex'),
    writes: entry.writes.map((write) => loggedWrite(write, names, seesRefused)),
  };
}

function loggedWrite(write: WriteVerdict, names: PeopleNames, seesRefused: boolean): LoggedWrite {
  const { cell, operation, before, offered, applied, verdict, reason, by } = write;
  return {
    cell,
    operation,
    target: targetOf(cell),
    before,
    ...((verdict === 'accepted' || seesRefused) && { offered }),
    applied,
    ...(reason !== null && { reason }),
    ...(by !== null && { by: names.author(by) }),
  };
}
