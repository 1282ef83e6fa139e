import type { QuoteClient, SaveState } from '../../client/connect-quote.ts';
import type { KeptQuotes } from './kept-quotes.ts';

/** Edits that the server is not known to have. */
function unsentOf(state: SaveState): number {
  if (state.kind === 'saved') return 0;
  return state.kind === 'saving' ? state.pending : state.unsent;
}

/** While edits go out one after the other, the list is not written for each of them. */
const SAVING_NOTE_MS = 300;

/** Writes down how many edits are not sent, as it changes. Returns the function that ends it. */
export function followUnsent(
  quote: Pick<QuoteClient, 'quoteId' | 'state' | 'on' | 'readCell'>,
  kept: KeptQuotes,
): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let noted: number | null = null;

  function note(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const unsent = unsentOf(quote.state());
    if (unsent === noted) return;
    noted = unsent;
    const title = quote.readCell('fields/title');
    kept.note(quote.quoteId, { title: typeof title === 'string' ? title : '', unsent });
  }

  const off = quote.on('state', ({ kind }) => {
    if (kind === 'saving') timer ??= setTimeout(note, SAVING_NOTE_MS);
    else note();
  });
  window.addEventListener('pagehide', note);
  return () => {
    if (timer !== null) note();
    off();
    window.removeEventListener('pagehide', note);
  };
}
