import type { Composition } from '../authority/compose-update.ts';
import type { CellReader } from '../authority/policy.ts';
import type { RefusalReason, WriteVerdict } from '../authority/verdict.ts';
import { present } from '../lib/assert.ts';
import { type CellId, isQuoteId } from '../lib/ids.ts';
import { type CellValue, parseCellId } from '../quote/cell.ts';
import type { ImportProblem } from '../quote/import-result.ts';
import { findOversize, newQuoteBodySchema, newQuoteOfBody } from '../quote/new-quote-body.ts';
import {
  type NewQuote,
  type NewQuoteContent,
  cellsOfNewQuote,
  withDefaultFields,
} from '../quote/new-quote.ts';
import { readSnapshot } from '../quote/snapshot.ts';
import type { Room } from '../room/room.ts';
import type { Person } from '../session/directory.ts';
import { type ProblemDetail, quoteSchema } from '../wire/http-schemas.ts';
import { quoteJson } from '../wire/quote-json.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { explainRefusal } from './explain-refusal.ts';
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
  const { user, role, name } = person;
  const creator = { actor: { user, role, permission: 'host' as const }, name, origin: 'api' as const };
  const created = await deps.rooms.create(id, creator, compositionOf(content));
  if (created.ok) return created.value;
  if (created.reason.kind === 'taken') {
    throw new HttpProblem({
      status: 409,
      code: 'id_taken',
      message: `There is a quote ${id} already. Choose another id.`,
    });
  }
  const values = new Map<CellId, CellValue>(content.cells.map(({ cell, value }) => [cell, value]));
  const after: CellReader = (cell) => values.get(cell) ?? null;
  throw refusedValues(created.reason.verdicts, content, (cell) =>
    explainRefusal(deps.policy, { role, cell, value: after(cell) }, { before: () => null, after }),
  );
}

const compositionOf = ({ cells, texts }: NewQuoteContent): Composition => ({
  cells: cells.map(({ cell, value }) => ({
    cell: present(parseCellId(cell), 'a checked quote names cells'),
    value,
  })),
  texts,
});

const detailOf = ({ cell, message }: ImportProblem): ProblemDetail => ({
  ...(cell !== undefined && { field: cell }),
  message,
});

const REASONS: Readonly<Record<RefusalReason, string>> = {
  authority_overridden: 'belongs to someone of a higher role',
  not_permitted: 'is more than your role may write',
  invalid_value: 'takes another value, or the quote is full',
  locked: "is closed to your role by the quote's status",
  held: 'waits for a person to choose',
};

function refusedValues(
  verdicts: readonly WriteVerdict[],
  { cells }: NewQuoteContent,
  explain: (cell: CellId) => string | null,
): HttpProblem {
  const places = new Map<string, string>(
    cells.map(({ cell, source: { root, index, column } }) => [
      cell,
      index === null ? `${root}.${column}` : `${root}[${index}].${column}`,
    ]),
  );
  return new HttpProblem({
    status: 400,
    code: 'refused_values',
    message: 'You may not write some of these values, so no quote was made; the details name them.',
    details: verdicts.map(({ cell, reason }) => {
      const field = places.get(cell);
      const why = reason === 'not_permitted' ? explain(cell) : null;
      return {
        ...(field !== undefined && { field }),
        cell,
        reason: reason ?? 'not_permitted',
        message: why ?? REASONS[reason ?? 'not_permitted'],
      };
    }),
  });
}
