import { createContext, use, useMemo } from 'react';
import { minorUnitsOf } from '../../quote/currency.ts';
import { present } from '../../lib/assert.ts';
import { useNow } from '../words/use-now.ts';
import type { Frame } from './frames.ts';
import { type FrozenQuote, frozenQuoteOf, textOf } from './frozen-quote.ts';
import { type Tints, tintsOf } from './tints.ts';

/** The quote at the point that is looked at, for the parts that show it. */
export interface Frozen {
  readonly frame: Frame;
  readonly quote: FrozenQuote;
  readonly tints: Tints;
  readonly currency: string;
  /** Decimals of the currency. */
  readonly decimals: number;
  /** The time, ms since 1970, for what is said of today. */
  readonly now: number;
}

export const FrozenContext = createContext<Frozen | null>(null);

export const useFrozen = (): Frozen => present(use(FrozenContext), 'a frozen quote is shown above');

export function useFrozenOf(frame: Frame, withRemoved: boolean): Frozen {
  const now = useNow();
  return useMemo(() => {
    const tints = tintsOf(frame.diff);
    const currency = textOf(frame.quote.fields['currency']);
    return {
      frame,
      tints,
      quote: frozenQuoteOf(frame.quote, { tints, withRemoved }),
      currency,
      decimals: minorUnitsOf(currency),
      now,
    };
  }, [frame, withRemoved, now]);
}
