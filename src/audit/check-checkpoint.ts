import { isDeepStrictEqual } from 'node:util';
import { inflateSync } from 'node:zlib';
import { type Gate, GATE_VERSION } from '../authority/gate.ts';
import type { QuoteId } from '../lib/ids.ts';
import { createCheckpoint, hashOfState, openCheckpoint } from '../log/checkpoint.ts';
import { isSameBytes } from '../log/load-gate.ts';
import type { Checkpoint, Log } from '../log/log.ts';
import type { Finding } from './finding.ts';

/** The numbers of the entries after which a checkpoint was kept. Holds one checkpoint in memory at a time. */
export async function checkpointedEntries(
  log: Pick<Log, 'checkpoint'>,
  quote: QuoteId,
): Promise<Set<number>> {
  const found = new Set<number>();
  let checkpoint = await log.checkpoint(quote);
  while (checkpoint !== null && !found.has(checkpoint.seq)) {
    found.add(checkpoint.seq);
    checkpoint = await log.checkpoint(quote, checkpoint.seq - 1);
  }
  return found;
}

/**
 * Is the checkpoint what the entries lead to? `gate` stands right after its entry. One made by another version of the
 * gate's rules is never loaded, so nothing is asked of it.
 */
export function checkCheckpoint(checkpoint: Checkpoint, gate: Gate): Finding[] {
  if (checkpoint.gateVersion !== GATE_VERSION) return [];
  const wrong = partsThatDiffer(checkpoint, gate);
  if (wrong.length === 0) return [];
  const message = `the checkpoint after entry ${checkpoint.seq} is not what the entries lead to: its ${wrong.join(', ')}`;
  return [{ seq: checkpoint.seq, kind: 'checkpoint', message }];
}

function partsThatDiffer(checkpoint: Checkpoint, gate: Gate): string[] {
  const expected = createCheckpoint(checkpoint.quote, gate);
  const parts: [name: string, isSame: boolean][] = [
    ['document', holds(() => isSameBytes(hashOfState(openCheckpoint(checkpoint)), expected.stateHash))],
    ['state hash', isSameBytes(checkpoint.stateHash, expected.stateHash)],
    ['snapshot', checkpoint.snapshot === expected.snapshot],
    ['memory', holds(() => isDeepStrictEqual(readMemory(checkpoint), readMemory(expected)))],
  ];
  return parts.filter(([, isSame]) => !isSame).map(([name]) => name);
}

const readMemory = ({ memory }: Checkpoint): unknown => JSON.parse(inflateSync(memory).toString());

/** What cannot even be opened is not the same. */
function holds(compare: () => boolean): boolean {
  try {
    return compare();
  } catch {
    return false;
  }
}
