import * as decoding from 'lib0/decoding';
import { STRUCTS_MAX } from '../lib/limits.ts';
import { DELETE_RANGES_MAX, FORMAT_CHARS_MAX, VALUE_DEPTH_MAX } from './update-bounds.ts';

/**
 * Walks over the bytes of an update (format V1) before Yjs decodes them, and makes nothing of them. Yjs's decoder
 * builds an object for everything it reads: 2 MiB of nested documents are 600 MB and seconds. What gets through here has
 * a bounded number of structs and ranges, no content that a quote cannot hold, and ends where its bytes end.
 *
 * Null, or what is wrong. Throws what lib0 throws where the bytes end too early.
 */
export function findProblemInBytes(update: Uint8Array): string | null {
  const decoder = decoding.createDecoder(update);
  return (
    scanStructs(decoder) ??
    scanDeletions(decoder) ??
    (decoding.hasContent(decoder) ? 'bytes after its end' : null)
  );
}

/** How Yjs marks a struct: five bits of content, and three for what is written before it. */
const KIND_BITS = 31;
const HAS_ORIGIN = 128;
const HAS_RIGHT_ORIGIN = 64;
const HAS_KEY = 32;
const SKIP = 10;
const CONTENT_DELETED = 1;
const CONTENT_STRING = 4;
const CONTENT_FORMAT = 6;
const CONTENT_ANY = 8;

function scanStructs(decoder: decoding.Decoder): string | null {
  let structs = 0;
  for (let clients = decoding.readVarUint(decoder); clients > 0; clients--) {
    const count = decoding.readVarUint(decoder);
    structs += count;
    if (structs > STRUCTS_MAX) return `more than ${STRUCTS_MAX} structs in one update`;
    skipNumbers(decoder, 2);
    for (let left = count; left > 0; left--) {
      const problem = scanStruct(decoder);
      if (problem !== null) return problem;
    }
  }
  return null;
}

function scanStruct(decoder: decoding.Decoder): string | null {
  const info = decoding.readUint8(decoder);
  if (info === SKIP || (info & KIND_BITS) === 0) {
    skipNumbers(decoder, 1);
    return null;
  }
  if ((info & HAS_ORIGIN) !== 0) skipNumbers(decoder, 2);
  if ((info & HAS_RIGHT_ORIGIN) !== 0) skipNumbers(decoder, 2);
  if ((info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) === 0) {
    if (decoding.readVarUint(decoder) === 1) skipBytes(decoder);
    else skipNumbers(decoder, 2);
    if ((info & HAS_KEY) !== 0) skipBytes(decoder);
  }
  return scanContent(decoder, info & KIND_BITS);
}

function scanContent(decoder: decoding.Decoder, kind: number): string | null {
  switch (kind) {
    case CONTENT_DELETED:
      skipNumbers(decoder, 1);
      return null;
    case CONTENT_STRING:
      skipBytes(decoder);
      return null;
    case CONTENT_FORMAT:
      skipBytes(decoder);
      return skipBytes(decoder) > FORMAT_CHARS_MAX ? 'a format of no sensible size' : null;
    case CONTENT_ANY:
      for (let values = decoding.readVarUint(decoder); values > 0; values--) {
        if (!skipValue(decoder, 0)) return `a value nested more than ${VALUE_DEPTH_MAX} deep`;
      }
      return null;
    default:
      return 'content that a quote does not hold';
  }
}

/** Steps over a value as lib0 writes any. False if it is nested too deep. */
function skipValue(decoder: decoding.Decoder, depth: number): boolean {
  const kind = decoding.readUint8(decoder);
  if (kind !== 118 && kind !== 117) {
    skipScalar(decoder, kind);
    return true;
  }
  if (depth === VALUE_DEPTH_MAX) return false;
  for (let parts = decoding.readVarUint(decoder); parts > 0; parts--) {
    if (kind === 118) skipBytes(decoder);
    if (!skipValue(decoder, depth + 1)) return false;
  }
  return true;
}

const FIXED_BYTES: Readonly<Record<number, number>> = {
  127: 0,
  126: 0,
  124: 4,
  123: 8,
  122: 8,
  121: 0,
  120: 0,
};

function skipScalar(decoder: decoding.Decoder, kind: number): void {
  const bytes = FIXED_BYTES[kind];
  if (bytes !== undefined) skip(decoder, bytes);
  else if (kind === 125) decoding.readVarInt(decoder);
  else if (kind === 119 || kind === 116) skipBytes(decoder);
  else throw new RangeError('a value of no kind');
}

function scanDeletions(decoder: decoding.Decoder): string | null {
  let ranges = 0;
  for (let clients = decoding.readVarUint(decoder); clients > 0; clients--) {
    skipNumbers(decoder, 1);
    const count = decoding.readVarUint(decoder);
    ranges += count;
    if (ranges > DELETE_RANGES_MAX) return `more than ${DELETE_RANGES_MAX} delete ranges in one update`;
    skipNumbers(decoder, 2 * count);
  }
  return null;
}

function skipNumbers(decoder: decoding.Decoder, count: number): void {
  for (let left = count; left > 0; left--) decoding.readVarUint(decoder);
}

/** Steps over bytes or a text behind their length, and gives that. */
function skipBytes(decoder: decoding.Decoder): number {
  const length = decoding.readVarUint(decoder);
  skip(decoder, length);
  return length;
}

function skip(decoder: decoding.Decoder, bytes: number): void {
  if (decoder.pos + bytes > decoder.arr.length) throw new RangeError('unexpected end');
  decoder.pos += bytes;
}
