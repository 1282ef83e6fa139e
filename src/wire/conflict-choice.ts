import { z } from 'zod';
import { unreachable } from '../lib/assert.ts';
import type { CellValue } from '../quote/cell.ts';
import { cellValueOf } from '../quote/json-value.ts';

/** How a person settles a held conflict. */
const kept = z.strictObject({ choose: z.literal('kept') });
/** The newest, or that of a revision. */
const parked = z.strictObject({
  choose: z.literal('parked'),
  revision: z.int('takes the number of a revision').optional(),
});
const third = z.strictObject({
  choose: z.literal('value'),
  value: z
    .union([z.string(), z.number(), z.boolean(), z.null()], 'takes text, a number, true, false or null')
    .transform(cellValueOf),
});
export type ConflictChoice = z.infer<typeof kept> | z.infer<typeof parked> | z.infer<typeof third>;

const withBase = { base: z.int('takes the number of a revision').min(0).optional() };

/** A choice, and with `base` the revision that its author had looked at. */
export const settleBodySchema = z.discriminatedUnion(
  'choose',
  [kept.extend(withBase), parked.extend(withBase), third.extend(withBase)],
  'takes kept, parked or value',
);

/** What can be chosen from, oldest first; a value that the reader may not see is not there. */
interface Choosable {
  readonly kept: { readonly value: CellValue };
  readonly parked: readonly { readonly value?: CellValue | undefined; readonly revision: number }[];
}

/** The value that a choice means; undefined where it names nothing that is parked, or what the reader may not see. */
export function chosenValue(from: Choosable, choice: ConflictChoice): CellValue | undefined {
  switch (choice.choose) {
    case 'kept':
      return from.kept.value;
    case 'value':
      return choice.value;
    case 'parked': {
      const { revision } = choice;
      const one =
        revision === undefined ? from.parked.at(-1) : from.parked.find((it) => it.revision === revision);
      return one?.value;
    }
    default:
      return unreachable(choice);
  }
}
