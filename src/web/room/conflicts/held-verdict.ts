import type { Verdict } from '../../../client/connect-quote.ts';

/** The reader's write was parked, to wait for a person who chooses. */
export const isHeldVerdict = (verdict: Verdict | null): boolean =>
  verdict?.kind === 'refused' && verdict.reason === 'held';
