import type { Gate } from '../authority/gate.ts';
import type { QuoteId } from '../lib/ids.ts';
import { createCheckpoint } from './checkpoint.ts';
import { continueGate, loadGate } from './load-gate.ts';
import type { Log } from './log.ts';

/**
 * Makes checkpoints from the log alone. The gates of the last few quotes are kept awake, so that the next checkpoint of a
 * live quote costs no more than the entries since.
 *
 * Of the checkpoints within a span of entries only the newest stays: it is the one that a room is opened from, and the others
 * are there to show older revisions soon.
 */
export interface CheckpointMaker {
  /** Makes and stores a checkpoint after the last entry. Gives the number of entries since the one before. */
  make(quote: QuoteId): Promise<number>;
}

/** Gates kept awake; each holds a document of up to `documentBytes` and some numbers for each entry. */
const AWAKE_MAX = 4;
const ENTRIES_PER_KEPT_CHECKPOINT = 2_000;

interface Awake {
  readonly gate: Gate;
  readonly checkpointSeq: number;
}

export function createCheckpointMaker(log: Log): CheckpointMaker {
  const awake = new Map<QuoteId, Awake>();

  async function bringUp(quote: QuoteId): Promise<Awake | null> {
    const known = awake.get(quote);
    // Whatever happens next, this gate is not where it was.
    awake.delete(quote);
    if (known !== undefined && (await continueGate(log, quote, known.gate))) return known;
    return loadGate(log, quote);
  }

  function keep(quote: QuoteId, gate: Gate): void {
    awake.set(quote, { gate, checkpointSeq: gate.revision });
    const [oldest] = awake.keys();
    if (awake.size > AWAKE_MAX && oldest !== undefined) awake.delete(oldest);
  }

  return {
    async make(quote) {
      const found = await bringUp(quote);
      if (found === null) return 0;
      const { gate, checkpointSeq } = found;
      if (gate.revision > checkpointSeq) {
        await log.saveCheckpoint(
          createCheckpoint(quote, gate),
          isInSpanOf(checkpointSeq, gate.revision) ? checkpointSeq : undefined,
        );
      }
      keep(quote, gate);
      return gate.revision - checkpointSeq;
    },
  };
}

/** Of the checkpoints in each span of so many entries one stays, so 1,999 and 2,001 may both. */
const isInSpanOf = (before: number, seq: number): boolean =>
  Math.floor(before / ENTRIES_PER_KEPT_CHECKPOINT) === Math.floor(seq / ENTRIES_PER_KEPT_CHECKPOINT);
