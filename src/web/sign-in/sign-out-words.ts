import type { KeptQuote } from '../offline/kept-quotes.ts';
import { countOf } from '../words/count-of.ts';

/** "2 changes in “Conveyor line 4” were not sent." One sentence a quote; the rest is counted. */
export function unsentSentences(quotes: readonly KeptQuote[]): string[] {
  const named = quotes.slice(0, NAMED_MAX).map(({ title, unsent }) => {
    const name = title.trim() === '' ? 'an untitled quote' : `“${title}”`;
    return `${countOf(unsent, 'change')} in ${name} ${unsent === 1 ? 'was' : 'were'} not sent.`;
  });
  const others = quotes.length - named.length;
  return others > 0 ? [...named, `And so in ${countOf(others, 'other quote')}.`] : named;
}

const NAMED_MAX = 5;
