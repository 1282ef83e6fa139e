import * as Y from 'yjs';
import type { IncomingItem } from './incoming-update.ts';
import type { Judgement } from './judge.ts';
import { STRUCT_BYTES } from './update-bounds.ts';

const encoder = new TextEncoder();

/** About how many bytes the new structs of an update add to the document. What it deletes adds next to nothing. */
export const freshBytesOf = (items: readonly IncomingItem[]): number =>
  items.reduce((sum, one) => sum + STRUCT_BYTES + nameBytesOf(one) + contentBytesOf(one.item), 0);

/**
 * About how many bytes of the document the refusals of an update take: their empty structs with the names they carry,
 * and what is written to undo them. They stay for good, in every replica.
 */
export function refusedBytesOf({ cells, texts }: Judgement): number {
  let bytes = 0;
  for (const { write, refusal } of cells) {
    if (refusal !== null) bytes += STRUCT_BYTES + emptyBytesOf(write.items);
  }
  for (const { edit, refusal } of texts) {
    if (refusal !== null) bytes += STRUCT_BYTES * edit.deletions.length + emptyBytesOf(edit.items);
  }
  return bytes;
}

const emptyBytesOf = (items: readonly IncomingItem[]): number =>
  items.reduce((sum, one) => sum + STRUCT_BYTES + nameBytesOf(one), 0);

/** A struct without neighbours names its place. */
function nameBytesOf({ item, origin, place }: IncomingItem): number {
  if (origin !== null || item.rightOrigin !== null) return 0;
  return encoder.encode(place.kind === 'cell' ? place.cell : place.root).length;
}

function contentBytesOf({ content }: Y.Item): number {
  if (content instanceof Y.ContentString) return encoder.encode(content.str).length;
  const value: unknown = content instanceof Y.ContentAny ? content.arr[0] : null;
  return typeof value === 'string' ? encoder.encode(value).length : 0;
}
