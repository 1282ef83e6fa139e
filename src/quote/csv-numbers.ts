import { type Result, fail, ok } from '../lib/result.ts';
import type { DecimalSign, ImportProblem } from './import-result.ts';
import { type WrittenNumber, decimalSignOf } from './written-number.ts';

/** A number and where in the file it stands. */
export interface NumberAt {
  readonly line: number;
  readonly column: string;
  readonly text: string;
  readonly number: WrittenNumber;
}

/**
 * The decimal sign of a whole file: the one that its numbers prove. Fails where some number could be two different
 * ones and nothing in the file tells which, and where numbers prove different signs. `.` where it does not matter.
 */
export function settleDecimalSign(numbers: readonly NumberAt[]): Result<DecimalSign, ImportProblem> {
  const firstThat = (proves: DecimalSign | 'either'): NumberAt | undefined =>
    numbers.find(({ number }) => decimalSignOf(number) === proves);
  const point = firstThat('.');
  const comma = firstThat(',');
  const either = firstThat('either');
  if (point && comma) return fail(contradiction(point, comma));
  if (point) return ok('.');
  if (comma) return ok(',');
  return either ? fail(doubt(either)) : ok('.');
}

function contradiction(point: NumberAt, comma: NumberAt): ImportProblem {
  const [first, second] = point.line <= comma.line ? [point, comma] : [comma, point];
  return {
    line: second.line,
    column: second.column,
    message:
      `"${second.text}" and "${first.text}" (line ${first.line}) have different decimal signs; ` +
      'write all numbers of the file in one way',
  };
}

function doubt({ line, column, text, number }: NumberAt): ImportProblem {
  return {
    line,
    column,
    message:
      `"${text}" may be ${number.readings['.']} or ${number.readings[',']}, and nothing in the file tells which; ` +
      'say which sign is the decimal one: --decimal . or --decimal ,',
  };
}
