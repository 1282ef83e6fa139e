import type { Judgement } from './judge.ts';
import { REFUSED_STRUCT_BYTES } from './update-bounds.ts';
import type { IncomingItem } from './incoming-update.ts';

const encoder = new TextEncoder();

/**
 * About how many bytes of the document the refusals of an update take: their empty structs with the names they carry,
 * and what is written to undo them. They stay for good, in every replica.
 */
export function refusedBytesOf({ cells, texts }: Judgement): number {
  let bytes = 0;
  for (const { write, refusal } of cells) {
    if (refusal !== null) bytes += REFUSED_STRUCT_BYTES + bytesOf(write.items);
  }
  for (const { edit, refusal } of texts) {
    if (refusal !== null) bytes += REFUSED_STRUCT_BYTES * edit.deletions.length + bytesOf(edit.items);
  }
  return bytes;
}

const bytesOf = (items: readonly IncomingItem[]): number =>
  items.reduce((sum, one) => sum + REFUSED_STRUCT_BYTES + nameBytesOf(one), 0);

/** A struct without neighbours names its place. */
function nameBytesOf({ item, origin, place }: IncomingItem): number {
  if (origin !== null || item.rightOrigin !== null) return 0;
  return encoder.encode(place.kind === 'cell' ? place.cell : place.root).length;
}
