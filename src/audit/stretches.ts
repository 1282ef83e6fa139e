import * as Y from 'yjs';
import type { QuoteId } from '../lib/ids.ts';
import type { Log } from '../log/log.ts';
import { checkpointedEntries } from './check-checkpoint.ts';
import type { SoundStretch, Stretch } from './check-stretch.ts';
import { type SeenInStretch, createListCheck } from './check-list.ts';

/** Goes through stretches of quotes in other threads, several at a time. */
export interface StretchThreads {
  /** Quotes with fewer entries are walked: starting a thread takes its time. */
  readonly entriesMin: number;
  /** At the end of each stretch a checkpoint has to be made, to compare it with. */
  readonly stretchEntriesMin: number;
  /** Null where it is not sound. */
  check(quote: QuoteId, stretch: Stretch): Promise<SoundStretch | null>;
}

export interface SoundQuote {
  readonly entries: number;
  readonly seen: SeenInStretch;
  /** As it is after the last entry. */
  readonly doc: Y.Doc;
}

/**
 * A long quote, gone through in several threads at a time. Null where it is short, or where anything at all is wrong with it: then it has
 * to be walked from entry 1, which says what.
 */
export async function checkInStretches(
  { log, threads }: { readonly log: Pick<Log, 'checkpoint' | 'entries'>; readonly threads: StretchThreads },
  quote: QuoteId,
  { to, onDone }: { readonly to: number; onDone(entries: number): void },
): Promise<SoundQuote | null> {
  if (to < threads.entriesMin) return null;
  const stretches = stretchesOf(await checkpointedEntries(log, quote), to, threads.stretchEntriesMin);
  if (stretches.length < 2) return null;
  let entries = 0;
  const results = await Promise.all(
    stretches.map(async (stretch) => {
      const result = await threads.check(quote, stretch);
      entries += result?.entries ?? 0;
      onDone(entries);
      return result;
    }),
  );
  const sound = results.filter((result) => result !== null);
  const last = sound.at(-1);
  if (sound.length < stretches.length || last === undefined) return null;
  const list = createListCheck(log);
  for (const { seen } of sound) list.join(seen);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, last.state);
  return { entries, seen: list.seen(), doc };
}

/** None is shorter than `min`, if there is more than one. */
export function stretchesOf(checkpointed: ReadonlySet<number>, to: number, min: number): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const seq of [...checkpointed].toSorted((one, other) => one - other)) {
    if (seq - from < min || to - seq < min) continue;
    stretches.push({ from, to: seq });
    from = seq;
  }
  return [...stretches, { from, to }];
}
