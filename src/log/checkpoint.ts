import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { type Gate, createGate } from '../authority/gate.ts';
import { GATE_VERSION } from '../authority/gate-version.ts';
import type { QuoteId } from '../lib/ids.ts';
import { readSnapshot } from '../quote/snapshot.ts';
import { decodeMemory, encodeMemory } from './checkpoint-memory.ts';
import type { Checkpoint } from './log.ts';

/** A checkpoint is a gate put to sleep: its document, and all that it remembers beside it. */
export function createCheckpoint(quote: QuoteId, gate: Gate): Checkpoint {
  return sealCheckpoint({
    quote,
    seq: gate.revision,
    gateVersion: GATE_VERSION,
    state: deflateSync(Y.encodeStateAsUpdateV2(gate.doc)),
    snapshot: JSON.stringify(readSnapshot(gate.doc, { removed: true })),
    memory: encodeMemory(gate.remember()),
  });
}

/** The document alone, which asks nothing of the gate's version. */
export function openDocument({ state }: Pick<Checkpoint, 'state'>): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdateV2(doc, inflateSync(state));
  return doc;
}

/** The gate as it was after the checkpoint's entry. Ask {@link isIntact} first. */
export const openCheckpoint = ({ state, memory }: Checkpoint): Gate =>
  createGate({ state: inflateSync(state), memory: decodeMemory(memory) });

export const sealCheckpoint = (content: Omit<Checkpoint, 'hash'>): Checkpoint => ({
  ...content,
  hash: hashOfCheckpoint(content),
});

/**
 * Is it what was written? Finds damage by accident. Whoever can write to the database can make another hash, too: against
 * them `audit verify` decides everything from the first entry.
 */
export const isIntact = (checkpoint: Checkpoint): boolean =>
  Buffer.compare(hashOfCheckpoint(checkpoint), checkpoint.hash) === 0;

/** In the encodings of `entry-hash.ts`, so that no two checkpoints have the same bytes. */
function hashOfCheckpoint(content: Omit<Checkpoint, 'hash'>): Uint8Array {
  const head = encoding.encode((to) => {
    encoding.writeVarString(to, 'quoteroom checkpoint v1');
    encoding.writeVarString(to, content.quote);
    encoding.writeVarUint(to, content.seq);
    encoding.writeVarUint(to, content.gateVersion);
    encoding.writeVarUint(to, content.state.length);
    encoding.writeVarUint(to, content.memory.length);
  });
  const hash = createHash('sha256').update(head);
  hash.update(content.state).update(content.memory).update(content.snapshot, 'utf8');
  return Uint8Array.from(hash.digest());
}
