import { expect, test } from 'vitest';
import { EXPECTED } from '../../src/cli/import-report.ts';
import { readHeaders } from '../../src/quote/csv-headers.ts';

test.each(EXPECTED)('names that are told as known are known: $what', ({ column, names }) => {
  for (const name of names) expect(readHeaders([name])).toEqual([{ kind: 'line', header: name, column }]);
});
