import { setImmediate } from 'node:timers/promises';
import type { QuoteId } from '../lib/ids.ts';
import type { Decision, Log } from './log.ts';

/** Read, and gone through, before others get their turn. */
const DECISIONS_AT_ONCE = 250;

/** What was decided in entries `after + 1` to `to`, in order, some at a time. Ends early where the log does. */
export async function* readDecisions(
  log: Pick<Log, 'decisions'>,
  quote: QuoteId,
  range: { readonly after: number; readonly to: number },
): AsyncGenerator<readonly Decision[]> {
  for (let { after } = range; after < range.to;) {
    const decisions = await log.decisions(quote, {
      after,
      limit: Math.min(DECISIONS_AT_ONCE, range.to - after),
    });
    const last = decisions.at(-1);
    if (last === undefined) return;
    yield decisions;
    after = last.seq;
    await setImmediate();
  }
}
