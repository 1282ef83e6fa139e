import * as Y from 'yjs';
import type { Gate } from '../authority/gate.ts';
import { isKnownGateVersion } from '../authority/gate-version.ts';
import type { QuoteId } from '../lib/ids.ts';
import { isIntact, openCheckpoint } from '../log/checkpoint.ts';
import type { Head } from '../log/log.ts';
import { headOf } from './check-chain.ts';
import { type SeenInStretch, createListCheck } from './check-list.ts';
import { readEntries } from './read-entries.ts';
import { type AuditedLog, createWalk } from './walk-quote.ts';

/**
 * Entries from one checkpoint up to another one, or to the last entry. A stretch is sound if its entries are, and lead
 * from the checkpoint before it to the one at its end: so all stretches of a quote together are the walk from entry 1, and can
 * be gone through at the same time.
 */
export interface Stretch {
  /** The entry of the checkpoint that it begins after; 0 for the beginning. */
  readonly from: number;
  readonly to: number;
}

export interface SoundStretch {
  readonly entries: number;
  readonly seen: SeenInStretch;
  /** The document after its last entry. */
  readonly state: Uint8Array;
}

/** Null where anything is wrong with it: what, only the walk from entry 1 can say. */
export async function checkStretch(
  log: AuditedLog,
  quote: QuoteId,
  { from, to }: Stretch,
): Promise<SoundStretch | null> {
  const start = await findStart(log, quote, from);
  if (start === null) return null;
  const walk = createWalk(log, quote, { to, ...(start !== 'beginning' && { start }) });
  const list = createListCheck(log, { isFromStart: from === 0 });
  let entries = 0;
  for await (const { entry, findings } of walk.steps()) {
    if (entry === null || findings.length > 0) return null;
    entries += 1;
    list.see(entry);
  }
  if (walk.head?.seq !== to) return null;
  return { entries, seen: list.seen(), state: Y.encodeStateAsUpdate(walk.gate.doc) };
}

async function findStart(
  log: AuditedLog,
  quote: QuoteId,
  seq: number,
): Promise<{ readonly gate: Gate; readonly head: Head } | 'beginning' | null> {
  if (seq === 0) return 'beginning';
  const checkpoint = await log.checkpoint(quote, seq);
  if (checkpoint?.seq !== seq || !isKnownGateVersion(checkpoint.gateVersion) || !isIntact(checkpoint))
    return null;
  for await (const read of readEntries(log, quote, { after: seq - 1, to: seq })) {
    if (read.kind === 'unreadable') return null;
    const gate = openCheckpoint(checkpoint);
    return gate.revision === seq ? { gate, head: headOf(read.entry) } : null;
  }
  return null;
}
