import type { Totals } from '../../../client/connect-quote.ts';
import { Exact } from '../../../quote/money.ts';

/** What the optional lines come to, which is in no total; null where there is none. Exact, with the total's decimals. */
export function optionalSum({ lines, subtotal }: Totals): string | null {
  const optional = lines.filter((line) => line.optional);
  if (optional.length === 0) return null;
  const decimals = subtotal.split('.')[1]?.length ?? 0;
  return optional.reduce((sum, line) => sum.plus(line.total), new Exact(0)).toFixed(decimals);
}
