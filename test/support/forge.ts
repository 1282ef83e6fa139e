import * as encoding from 'lib0/encoding';

/**
 * Writes Yjs updates (format V1) byte by byte, for those that Yjs itself would never make. Nothing is checked:
 * counts, ids and content are as the test says.
 */
export interface Forgery {
  readonly blocks?: readonly Block[];
  readonly deletions?: readonly (readonly [
    client: number,
    ranges: readonly (readonly [clock: number, length: number])[],
  ])[];
  /** Bytes behind the end. */
  readonly tail?: readonly number[];
}

interface Block {
  readonly client: number;
  readonly clock: number;
  readonly structs: readonly Struct[];
  /** What the block says of its length, where that is not true. */
  readonly count?: number;
}

type Id = readonly [client: number, clock: number];

/** Bytes of one struct, given a function that writes them. */
export type Struct = (encoder: encoding.Encoder) => void;

interface Content {
  readonly kind: number;
  readonly write: Struct;
}

export function forge({ blocks = [], deletions = [], tail = [] }: Forgery): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, blocks.length);
    for (const { client, clock, structs, count } of blocks) {
      writeNumbers(encoder, count ?? structs.length, client, clock);
      for (const write of structs) write(encoder);
    }
    encoding.writeVarUint(encoder, deletions.length);
    for (const [client, ranges] of deletions) {
      writeNumbers(encoder, client, ranges.length);
      for (const range of ranges) writeNumbers(encoder, ...range);
    }
    for (const byte of tail) encoding.writeUint8(encoder, byte);
  });
}

/** One block of one client. */
export const forgeBlock = (client: number, clock: number, ...structs: readonly Struct[]): Uint8Array =>
  forge({ blocks: [{ client, clock, structs }] });

const ORIGIN = 128;
const RIGHT_ORIGIN = 64;
const KEY = 32;

/** An item that names its root and, in a map, its key. */
export const inRoot =
  (root: string, key: string | null, content: Content): Struct =>
  (encoder) => {
    encoding.writeUint8(encoder, content.kind | (key === null ? 0 : KEY));
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, root);
    if (key !== null) encoding.writeVarString(encoder, key);
    content.write(encoder);
  };

/** An item inside another item. */
export const inItem =
  (parent: Id, key: string | null, content: Content): Struct =>
  (encoder) => {
    encoding.writeUint8(encoder, content.kind | (key === null ? 0 : KEY));
    encoding.writeVarUint(encoder, 0);
    writeNumbers(encoder, ...parent);
    if (key !== null) encoding.writeVarString(encoder, key);
    content.write(encoder);
  };

/** An item that names its neighbours only. */
export const beside =
  ({ origin, right }: { readonly origin?: Id; readonly right?: Id }, content: Content): Struct =>
  (encoder) => {
    encoding.writeUint8(encoder, content.kind | (origin ? ORIGIN : 0) | (right ? RIGHT_ORIGIN : 0));
    if (origin) writeNumbers(encoder, ...origin);
    if (right) writeNumbers(encoder, ...right);
    content.write(encoder);
  };

export const on = (origin: Id, content: Content): Struct => beside({ origin }, content);

export const gc =
  (length: number): Struct =>
  (encoder) => {
    encoding.writeUint8(encoder, 0);
    encoding.writeVarUint(encoder, length);
  };

export const skip =
  (length: number): Struct =>
  (encoder) => {
    encoding.writeUint8(encoder, 10);
    encoding.writeVarUint(encoder, length);
  };

export const raw =
  (...bytes: readonly number[]): Struct =>
  (encoder) => {
    for (const byte of bytes) encoding.writeUint8(encoder, byte);
  };

const content = (kind: number, write: Struct): Content => ({ kind, write });

export const deleted = (length: number): Content =>
  content(1, (encoder) => encoding.writeVarUint(encoder, length));

export const json = (...values: readonly unknown[]): Content =>
  content(2, (encoder) => {
    encoding.writeVarUint(encoder, values.length);
    for (const value of values) encoding.writeVarString(encoder, JSON.stringify(value));
  });

export const binary = (...bytes: readonly number[]): Content =>
  content(3, (encoder) => encoding.writeVarUint8Array(encoder, Uint8Array.from(bytes)));

export const text = (value: string): Content =>
  content(4, (encoder) => encoding.writeVarString(encoder, value));

export const embed = (value: unknown): Content =>
  content(5, (encoder) => encoding.writeVarString(encoder, JSON.stringify(value)));

export const format = (key: string, value: string): Content =>
  content(6, (encoder) => {
    encoding.writeVarString(encoder, key);
    encoding.writeVarString(encoder, value);
  });

/** 0 is a Y.Array, 1 a Y.Map, 2 a Y.Text. */
export const type = (kind: 0 | 1 | 2): Content =>
  content(7, (encoder) => encoding.writeVarUint(encoder, kind));

export const any = (...values: readonly unknown[]): Content =>
  content(8, (encoder) => {
    encoding.writeVarUint(encoder, values.length);
    for (const value of values) encoding.writeAny(encoder, value as encoding.AnyEncodable);
  });

/** A value nested in `depth` arrays. */
export const nested = (depth: number): Content =>
  content(8, (encoder) => {
    encoding.writeVarUint(encoder, 1);
    for (let level = 0; level < depth; level++) raw(117, 1)(encoder);
    encoding.writeUint8(encoder, 126);
  });

export const document = (guid: string): Content =>
  content(9, (encoder) => {
    encoding.writeVarString(encoder, guid);
    encoding.writeAny(encoder, {});
  });

function writeNumbers(encoder: encoding.Encoder, ...numbers: readonly number[]): void {
  for (const number of numbers) encoding.writeVarUint(encoder, number);
}

/** `count` structs, each made from its index. */
export const many = (count: number, make: (index: number) => Struct): Struct[] =>
  Array.from({ length: count }, (_, index) => make(index));
