import type * as Y from 'yjs';

/**
 * One clock of one Yjs client. What stands on a struct names its last clock ({@link lastIdOf}): structs that are deleted grow
 * together with those before them, and letters with those typed before, but their last clock stays theirs.
 */
export interface StructId {
  readonly client: number;
  readonly clock: number;
}

/** Two nulls are the same: both stand on nothing. */
export const isSameStruct = (a: StructId | null, b: StructId | null): boolean =>
  a?.client === b?.client && a?.clock === b?.clock;

/** The last clock of an item. A copy: Yjs changes the ids of its items in place. */
export const lastIdOf = ({ id, length }: Y.Item): StructId => ({
  client: id.client,
  clock: id.clock + length - 1,
});
