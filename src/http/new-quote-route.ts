import { REASON_TEXTS } from '../authority/explain-refusal.ts';
import { type QuoteId, isQuoteId } from '../lib/ids.ts';
import { cellIdOf } from '../quote/cell.ts';
import type { ImportProblem } from '../quote/import-result.ts';
import { findOversize, newQuoteBodySchema, newQuoteOfBody } from '../quote/new-quote-body.ts';
import {
  type NewQuote,
  type NewQuoteContent,
  cellsOfNewQuote,
  withDefaultFields,
} from '../quote/new-quote.ts';
import { readSnapshot } from '../quote/snapshot.ts';
import type { ExplainedVerdict } from '../room/explain-verdicts.ts';
import { type CreateProblem, creatorOf } from '../room/quote-maker.ts';
import type { Room } from '../room/room.ts';
import type { Person } from '../session/directory.ts';
import { type ProblemDetail, quoteSchema } from '../wire/http-schemas.ts';
import { quoteJson } from '../wire/quote-json.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { HttpProblem, invalidRequest } from './problem.ts';

/** `POST /api/quotes`: the values are judged as writes of the creator, who becomes the quote's host. */
export function addNewQuoteRoute(app: App, deps: RouteDeps): void {
  app.route({
    method: 'POST',
    url: '/quotes',
    schema: {
      summary: 'Make a quote',
      description:
        'Values count as written by the caller: one that their role may not write refuses the whole quote. ' +
        'Takes back what `GET /api/quotes/{id}` gives. The caller becomes its host.',
      body: newQuoteBodySchema,
      response: { 201: quoteSchema, ...errorAnswers(400, 409, 413) },
    },
    async preValidation(request) {
      const oversize = findOversize(request.body, deps.limits);
      if (oversize !== null) throw invalidRequest([{ message: oversize }]);
    },
    async handler(request, reply) {
      const quote = newQuoteOfBody(request.body, deps.limits);
      if (!quote.ok) throw invalidRequest(quote.reason.map(detailOf));
      const room = await create(deps, personOf(request), quote.value);
      const answer = await room.readDurably((gate) =>
        quoteJson({ id: room.quote, revision: gate.revision }, readSnapshot(gate.doc)),
      );
      return reply.code(201).header('location', `/api/quotes/${room.quote}`).send(answer);
    },
  });
}

async function create(deps: RouteDeps, person: Person, given: NewQuote): Promise<Room> {
  const id = given.id ?? deps.newId();
  if (!isQuoteId(id)) throw new TypeError('ids that are made have the form of one');
  const content = cellsOfNewQuote(withDefaultFields(given, person.name), deps.newId);
  const created = await deps.rooms.create(id, creatorOf(person, 'api'), content);
  if (created.ok) return created.value;
  throw problemOf(id, created.reason, content);
}

const detailOf = ({ cell, message }: ImportProblem): ProblemDetail => ({
  ...(cell !== undefined && { field: cell }),
  message,
});

function problemOf(id: QuoteId, problem: CreateProblem, content: NewQuoteContent): HttpProblem {
  if (problem.kind === 'refused') return refusedValues(problem.verdicts, content);
  if (problem.kind === 'taken') {
    const message = `There is, or was, a quote ${id} already. Choose another id.`;
    return new HttpProblem({ status: 409, code: 'id_taken', message });
  }
  const message = `No quote was made: ${problem.reason}.`;
  return new HttpProblem({ status: 400, code: 'not_taken', message });
}

function refusedValues(verdicts: readonly ExplainedVerdict[], { cells }: NewQuoteContent): HttpProblem {
  const places = new Map<string, string>(
    cells.map(({ cell, source: { root, index, column } }) => [
      cellIdOf(cell.root, cell.key),
      index === null ? `${root}.${column}` : `${root}[${index}].${column}`,
    ]),
  );
  return new HttpProblem({
    status: 400,
    code: 'refused_values',
    message: 'You may not write some of these values, so no quote was made; the details name them.',
    details: verdicts.map(({ cell, reason, message }) => {
      const field = places.get(cell);
      const said = reason ?? 'not_permitted';
      return {
        ...(field !== undefined && { field }),
        cell,
        reason: said,
        message: message ?? REASON_TEXTS[said],
      };
    }),
  });
}
