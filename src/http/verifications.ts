import type { QuoteVerification } from '../audit/verify.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { VerificationJson } from '../wire/history-schemas.ts';
import type { RouteDeps } from './app.ts';
import { createTurns } from './turns.ts';

/**
 * What checking quotes came to. Each check takes all of a processor for up to some seconds, so there is one at a time, and
 * its result is kept until the quote changes; who asks while a check of the same quote is under way waits for that one. What
 * signed heads say is asked each time: they come later than the entries that they cover.
 */
export interface Verifications {
  /** `revision`: the quote's newest entry. */
  of(quote: QuoteId, revision: number): Promise<VerificationJson>;
}

const CHECKING = { atOnce: 1, waitingMax: 16 };
/** Quotes whose results are kept. */
const KEPT_MAX = 200;

interface Checked extends Pick<QuoteVerification, 'entries' | 'problems'> {
  readonly at: number;
  readonly revision: number;
}

interface Check {
  readonly revision: number;
  readonly checked: Promise<Checked>;
  isUnderWay: boolean;
}

export function createVerifications({ lookBack, now }: Pick<RouteDeps, 'lookBack' | 'now'>): Verifications {
  const turns = createTurns(CHECKING);
  const checks = new Map<QuoteId, Check>();

  async function check(quote: QuoteId, revision: number): Promise<Checked> {
    const { entries, problems } = await turns.run(() => lookBack.verify(quote));
    // It may have seen entries that were appended meanwhile.
    return { at: now(), revision: Math.max(revision, entries), entries, problems };
  }

  function checkOf(quote: QuoteId, revision: number): Check {
    const known = checks.get(quote);
    if (known !== undefined && (known.isUnderWay || known.revision === revision)) return known;
    const made: Check = { revision, checked: check(quote, revision), isUnderWay: true };
    checks.delete(quote);
    checks.set(quote, made);
    made.checked.then(
      () => (made.isUnderWay = false),
      // What failed is tried again; whoever asked is told.
      () => checks.get(quote) === made && checks.delete(quote),
    );
    const [oldest] = checks.keys();
    if (checks.size > KEPT_MAX && oldest !== undefined) checks.delete(oldest);
    return made;
  }

  return {
    async of(quote, revision) {
      const { checked } = checkOf(quote, revision);
      const found = await checked;
      const { head, problem } = await lookBack.vouching(quote);
      return {
        quote,
        ...found,
        problems: [...found.problems, ...(problem === null ? [] : [problem])],
        head,
      };
    },
  };
}
