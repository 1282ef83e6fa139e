import { mayEdit } from '../authority/role.ts';
import { isRefused } from '../authority/verdict.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { type CellValue, parseCellId } from '../quote/cell.ts';
import { isOfAuthor } from '../room/direct-writes.ts';
import type { Rooms } from '../room/rooms.ts';
import type { Access } from '../session/access.ts';
import type { Person } from '../session/directory.ts';
import type { QuoteReader } from './quote-reader.ts';
import { noSuchQuote } from './share-quote.ts';
import { cellWords, refusalWords } from './words.ts';

/** Writes of people in Slack: through the gate like everyone's, with the revision that they were looking at. */
export interface CellWriter {
  /** Failures are sentences for the person: nothing was written then. */
  write(person: Person, quote: QuoteId, asked: CellWrites): Promise<Result<WrittenCells>>;
}

export interface CellWrites {
  readonly writes: readonly CellWrite[];
  /** Writes of others since then count as unseen. */
  readonly base: number;
}

export interface CellWrite {
  readonly cell: string;
  readonly value: CellValue;
}

export interface WrittenCells {
  /** In words: "Discount of Line 3". */
  readonly accepted: readonly string[];
  readonly refused: readonly RefusedCell[];
}

export interface RefusedCell {
  readonly cell: string;
  readonly what: string;
  /** A sentence without its full stop. */
  readonly why: string;
}

export interface CellWriterDeps {
  readonly access: Pick<Access, 'actorIn'>;
  readonly rooms: Pick<Rooms, 'open'>;
  readonly reader: Pick<QuoteReader, 'read' | 'names'>;
}

export function createCellWriter({ access, rooms, reader }: CellWriterDeps): CellWriter {
  return {
    async write(person, quote, { writes, base }) {
      const actor = await access.actorIn(person, quote);
      const room = actor === null ? null : await rooms.open(quote);
      if (actor === null || room === null) return fail(noSuchQuote(quote));
      if (!mayEdit(actor.permission)) return fail('You may only view this quote. Ask a host for more.');
      const cells = writes.flatMap(({ cell: id, value }) => {
        const cell = parseCellId(id);
        return cell === null ? [] : [{ cell, value }];
      });
      const written = await tryWrite(() =>
        room.write({
          actor,
          name: person.name,
          origin: 'slack',
          kind: 'update',
          composition: { cells },
          base,
        }),
      );
      if (!written.ok) return written;
      const { verdicts } = written.value;
      const quoteNow = await reader.read(quote);
      if (quoteNow === null) return fail(noSuchQuote(quote));
      const nameOf = await reader.names(verdicts.flatMap(({ by }) => (by === null ? [] : [by.user])));
      const what = (cell: string): string => cellWords(cell, quoteNow.snapshot);
      return ok({
        accepted: verdicts.filter((verdict) => !isRefused(verdict)).map(({ cell }) => what(cell)),
        refused: verdicts.filter(isRefused).map(({ cell, reason, message, applied, by }) => ({
          cell,
          what: what(cell),
          why: refusalWords({
            cell,
            reason: reason ?? 'not_permitted',
            message,
            kept: applied,
            by: by === null ? null : { name: nameOf(by.user), role: by.role },
          }),
        })),
      });
    },
  };
}

/** What a person may be told of why it was not written: only their own faults, never ours with their paths. */
export async function tryWrite<T>(write: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await write());
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return fail(
      isOfAuthor(error) ? error.message : 'The server cannot do this right now. Try again in a moment.',
    );
  }
}
