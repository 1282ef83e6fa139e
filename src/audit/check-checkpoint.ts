import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import type { Gate } from '../authority/gate.ts';
import { isKnownGateVersion } from '../authority/gate-version.ts';
import { isSameBytes } from '../lib/bytes.ts';
import type { QuoteId } from '../lib/ids.ts';
import { decodeMemory } from '../log/checkpoint-memory.ts';
import { createCheckpoint, isIntact, openDocument } from '../log/checkpoint.ts';
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
 * Is the checkpoint what the entries lead to? `gate` stands right after its entry. What a gate of an unknown version
 * remembered cannot be compared, and is never loaded; its document can, and is.
 */
export function checkCheckpoint(checkpoint: Checkpoint, gate: Gate): Finding[] {
  const wrong = partsThatDiffer(checkpoint, gate);
  if (wrong.length === 0) return [];
  const message = `the checkpoint after entry ${checkpoint.seq} is not what the entries lead to: its ${wrong.join(', ')}`;
  return [{ seq: checkpoint.seq, kind: 'checkpoint', message }];
}

function partsThatDiffer(checkpoint: Checkpoint, gate: Gate): string[] {
  const expected = createCheckpoint(checkpoint.quote, gate);
  const parts: [name: string, isSame: boolean][] = [
    ['document', holds(() => isSameBytes(documentOf(openDocument(checkpoint)), documentOf(gate.doc)))],
    // Cells come in the order in which this document learned of them.
    ['snapshot', holds(() => isDeepStrictEqual(valueOf(checkpoint), valueOf(expected)))],
    [
      'memory',
      !isKnownGateVersion(checkpoint.gateVersion) ||
        holds(() => isDeepStrictEqual(decodeMemory(checkpoint.memory), decodeMemory(expected.memory))),
    ],
    // Of bytes that another version of zlib may have written: they are compared by what they hold.
    ['hash', isIntact(checkpoint)],
  ];
  return parts.filter(([, isSame]) => !isSame).map(([name]) => name);
}

const valueOf = ({ snapshot }: Checkpoint): unknown => JSON.parse(snapshot);

const documentOf = (doc: Y.Doc): Uint8Array => Y.encodeStateAsUpdate(doc);

/** What cannot even be opened is not the same. */
function holds(compare: () => boolean): boolean {
  try {
    return compare();
  } catch {
    return false;
  }
}
