import type { CommandContext } from './terminal.ts';

/** Work that Ctrl+C ends in order, so that it can clear away what it did not finish. */
export async function untilStopped<T>(
  { onStop }: Pick<CommandContext, 'onStop'>,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopped = new AbortController();
  const forget = onStop(() => stopped.abort());
  try {
    return await work(stopped.signal);
  } finally {
    forget();
  }
}
