import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { type Result, fail, ok } from '../lib/result.ts';
import { findProblemInBytes } from './scan-update.ts';

/** Yjs's structs and delete ranges as they lie in an update (format V1). */
export interface RawUpdate {
  readonly structs: readonly (Y.Item | Y.GC | Y.Skip)[];
  readonly deletions: ReadonlyMap<number, readonly DeleteRange[]>;
}

export interface DeleteRange {
  readonly clock: number;
  readonly len: number;
}

/**
 * Decodes an update without touching any document. The structs are Yjs's own, not yet integrated: parents are names or ids.
 * Everything that Yjs's reader throws at nonsense is one reason.
 */
export function decodeUpdate(update: Uint8Array): Result<RawUpdate> {
  try {
    const problem = findProblemInBytes(update);
    if (problem !== null) return fail(problem);
    const { structs, ds } = Y.decodeUpdate(update);
    return ok({ structs, deletions: ds.clients });
  } catch (error) {
    return fail(`not a Yjs update: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

/** An item and how many of its first clocks are left out because they are known already. */
export interface ItemFrom {
  readonly item: Y.Item;
  readonly offset: number;
}

/**
 * Encodes items and delete ranges anew, so that what is merged never is a client's own bytes. Items of one client must
 * be in the order of their clocks, without holes.
 */
export function encodeUpdate(
  items: readonly ItemFrom[],
  deletions: ReadonlyMap<number, readonly DeleteRange[]>,
): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const byClient = new Map<number, ItemFrom[]>();
  for (const one of items) {
    const own = byClient.get(one.item.id.client);
    if (own === undefined) byClient.set(one.item.id.client, [one]);
    else own.push(one);
  }
  encoding.writeVarUint(encoder.restEncoder, byClient.size);
  for (const [client, own] of byClient) {
    const first = own[0];
    encoding.writeVarUint(encoder.restEncoder, own.length);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, first === undefined ? 0 : first.item.id.clock + first.offset);
    for (const { item, offset } of own) item.write(encoder, offset);
  }
  encoding.writeVarUint(encoder.restEncoder, deletions.size);
  for (const [client, ranges] of deletions) {
    encoder.resetDsCurVal();
    encoding.writeVarUint(encoder.restEncoder, client);
    encoding.writeVarUint(encoder.restEncoder, ranges.length);
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(len);
    }
  }
  return encoder.toUint8Array();
}
