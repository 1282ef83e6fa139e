import type { Blame, OutvotedWrite } from '../audit/blame.ts';
import type { Change } from '../audit/course.ts';
import type { QuoteDiff } from '../audit/diff.ts';
import type { BlameJson, ChangeJson, DiffJson } from '../wire/audit-schemas.ts';
import type { PeopleNames } from './people-names.ts';

/** What was found in a quote's past is shown with people's names. */
type Names = Pick<PeopleNames, 'nameOf'>;

interface BlameReader extends Names {
  /** What this person offered in vain is left out for whoever may not see it. */
  seesOfferOf(user: string): boolean;
}

export const peopleInBlame = ({ cells, notes }: Blame): string[] =>
  [...cells, ...notes].flatMap((one) => {
    const change = 'cell' in one ? one.set : one.changed;
    return [...(change === null ? [] : [change.user]), ...one.outvoted.map(({ user }) => user)];
  });

export function blameJson({ quote, revision, cells, notes }: Blame, reader: BlameReader): BlameJson {
  const shown = ({ offered, ...write }: OutvotedWrite) => ({
    ...named(write, reader),
    ...(reader.seesOfferOf(write.user) && { offered }),
  });
  return {
    quote,
    revision,
    cells: cells.map(({ set, outvoted, ...cell }) => ({
      ...cell,
      set: set === null ? null : named(set, reader),
      outvoted: outvoted.map(shown),
    })),
    notes: notes.map(({ changed, outvoted, ...note }) => ({
      ...note,
      changed: changed === null ? null : named(changed, reader),
      outvoted: outvoted.map(shown),
    })),
  };
}

export const peopleInDiff = ({ cells, notes }: QuoteDiff): string[] =>
  [...cells, ...notes].map(({ change }) => change.user);

export const diffJson = ({ cells, rows, notes, ...points }: QuoteDiff, names: Names): DiffJson => ({
  ...points,
  cells: cells.map((cell) => ({ ...cell, change: named(cell.change, names) })),
  rows: rows.map((row) => ({ ...row, change: named(row.change, names) })),
  notes: notes.map((note) => ({ ...note, change: named(note.change, names) })),
});

const named = <One extends Change>(change: One, names: Names): One & Pick<ChangeJson, 'name'> => ({
  ...change,
  name: names.nameOf(change.user),
});
