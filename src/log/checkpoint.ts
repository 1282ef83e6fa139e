import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import * as Y from 'yjs';
import { type Gate, type GateMemory, GATE_VERSION, createGate } from '../authority/gate.ts';
import type { QuoteId } from '../lib/ids.ts';
import { readSnapshot } from '../quote/snapshot.ts';
import type { Checkpoint } from './log.ts';

/** A checkpoint is a gate put to sleep: its document, and all that it remembers beside it. */
export function createCheckpoint(quote: QuoteId, gate: Gate): Checkpoint {
  return {
    quote,
    seq: gate.revision,
    gateVersion: GATE_VERSION,
    state: deflateSync(Y.encodeStateAsUpdateV2(gate.doc)),
    stateHash: hashOfState(gate),
    snapshot: JSON.stringify(readSnapshot(gate.doc, { removed: true })),
    memory: deflateSync(JSON.stringify(gate.remember())),
  };
}

/** The gate as it was after the checkpoint's entry. */
export function openCheckpoint({ state, memory }: Checkpoint): Gate {
  // Written by us and covered by the checks of `audit verify`: not parsed again.
  const recalled = JSON.parse(inflateSync(memory).toString()) as GateMemory;
  return createGate({ state: inflateSync(state), memory: recalled });
}

/** SHA-256 of the document as one V1 update. */
export const hashOfState = (gate: Gate): Uint8Array =>
  Uint8Array.from(createHash('sha256').update(Y.encodeStateAsUpdate(gate.doc)).digest());
