import type { Composition } from '../authority/compose-update.ts';
import { mayEdit } from '../authority/role.ts';
import { type Cell, type CellValue, parseCellId } from '../quote/cell.ts';
import { cellValueOf } from '../quote/json-value.ts';
import type { WriteOutcome, WriteRequest } from '../room/direct-writes.ts';
import type { ExplainedVerdict } from '../room/explain-verdicts.ts';
import type { Room } from '../room/room.ts';
import type { Person } from '../session/directory.ts';
import {
  type PatchBody,
  type VerdictJson,
  patchAnswerSchema,
  patchBodySchema,
  quotePathSchema,
} from '../wire/http-schemas.ts';
import type { App, RouteDeps } from './app.ts';
import { personOf } from './authenticate.ts';
import { errorAnswers } from './error-answers.ts';
import { type PeopleNames, readPeopleNames } from './people-names.ts';
import { forbidden, invalidRequest } from './problem.ts';
import { actorIn, openRoom } from './quote-access.ts';
import { verdictJson } from './verdict-json.ts';

/**
 * `PATCH /api/quotes/:id/cells`: writes through the same gate as everyone's, all in one update. Each gets its verdict;
 * one that is refused does not stop the others.
 */
export function addCellsRoute(app: App, deps: RouteDeps): void {
  app.route({
    method: 'PATCH',
    url: '/quotes/:id/cells',
    schema: {
      summary: 'Write cells',
      description:
        'Every write is decided like one made live. `base` is the revision you had looked at: writes of others since ' +
        'then count as unseen by you. Without it all count as seen. Answers 200 with a verdict for each write; ' +
        '`message` says more for a person: what the cell takes, the limit that was passed, or that the row is not on ' +
        'the quote.',
      params: quotePathSchema,
      body: patchBodySchema,
      response: { 200: patchAnswerSchema, ...errorAnswers(400, 403, 404, 413) },
    },
    async handler(request) {
      const person = personOf(request);
      const { quote } = await editorIn(deps, person, request.params.id);
      const { base, writes } = request.body;
      requireEachOnce(writes);
      const room = await openRoom(deps, quote);
      // What they may do can have changed while the quote was opened.
      const { actor } = await editorIn(deps, person, quote);
      const { revision, verdicts } = await write(room, compositionOf(writes), {
        actor,
        name: person.name,
        origin: 'api',
        kind: 'update',
        ...(base !== undefined && { base }),
      });
      const names = await readPeopleNames(
        deps.directory,
        verdicts.flatMap(({ by }) => (by === null ? [] : [by.user])),
      );
      const verdictOf = answerWith(verdicts, names);
      return { revision, verdicts: writes.map(verdictOf) };
    },
  });
}

async function editorIn(
  deps: RouteDeps,
  person: Person,
  id: string,
): Promise<Awaited<ReturnType<typeof actorIn>>> {
  const found = await actorIn(deps, person, id);
  if (mayEdit(found.actor.permission)) return found;
  throw forbidden('You may only view this quote. Ask a host for permission to edit.');
}

type Offer = PatchBody['writes'][number];

function requireEachOnce(writes: readonly Offer[]): void {
  const first = new Map<string, number>();
  const twice = writes.flatMap(({ cell }, index) => {
    const before = first.get(cell);
    first.set(cell, before ?? index);
    return before === undefined
      ? []
      : [
          {
            field: `writes[${index}].cell`,
            cell,
            message: `is written by writes[${before}] too; write a cell once`,
          },
        ];
  });
  if (twice.length > 0) throw invalidRequest(twice);
}

/** What names no cell at all cannot be written, and is answered without the gate. */
const compositionOf = (writes: readonly Offer[]): Composition => ({
  cells: writes.flatMap(({ cell: id, value }): { cell: Cell; value: CellValue }[] => {
    const cell = parseCellId(id);
    return cell === null ? [] : [{ cell, value: cellValueOf(value) }];
  }),
});

async function write(
  room: Room,
  composition: Composition,
  from: Omit<WriteRequest, 'composition'>,
): Promise<WriteOutcome> {
  if (composition.cells.length > 0) return room.write({ ...from, composition });
  return { revision: await room.readDurably((gate) => gate.revision), verdicts: [] };
}

function answerWith(
  verdicts: readonly ExplainedVerdict[],
  names: PeopleNames,
): (write: Offer) => VerdictJson {
  const byCell = new Map<string, ExplainedVerdict>(verdicts.map((verdict) => [verdict.cell, verdict]));
  return ({ cell }) => {
    const verdict = byCell.get(cell);
    if (verdict === undefined) return noCell(cell);
    return verdictJson(verdict, names);
  };
}

/** The gate was not asked: see {@link compositionOf}. */
const noCell = (name: string): VerdictJson => ({
  cell: name,
  accepted: false,
  reason: 'invalid_value',
  kept: null,
  message: `${name} is not a cell of a quote`,
});
