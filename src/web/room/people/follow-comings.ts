import type { OtherPresence, QuoteClient } from '../../../client/connect-quote.ts';

/** People come in bunches, and the server notes a moment later that somebody left. */
const SETTLED_MS = 300;

/**
 * Calls back a moment after somebody came, went, fell silent or spoke again: what was read about people is out of date then.
 * Returns the function that ends it.
 */
export function followComings({ presence }: Pick<QuoteClient, 'presence'>, listener: () => void): () => void {
  let latest = attendanceOf(presence.others());
  let timer: ReturnType<typeof setTimeout> | undefined;
  const off = presence.observe(() => {
    const now = attendanceOf(presence.others());
    if (now === latest) return;
    latest = now;
    clearTimeout(timer);
    timer = setTimeout(listener, SETTLED_MS);
  });
  return () => {
    off();
    clearTimeout(timer);
  };
}

const attendanceOf = (others: readonly OtherPresence[]): string =>
  others
    .map(({ clientId, user, status }) => `${clientId} ${user.id} ${isQuiet(status) ? status : ''}`)
    .join('\n');

const isQuiet = (status: string | null | undefined): boolean => status === 'idle' || status === 'away';
