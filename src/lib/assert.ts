/** A broken invariant of ours: never a peer's fault. The owner drops what it holds and loads it anew. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Throws a {@link Bug} unless `condition` holds; `truth` says what should have been true. */
export function assert(condition: boolean, truth: string): asserts condition {
  if (!condition) throw new Bug(`broken invariant: ${truth}`);
}

/** The value, which must be there; `truth` says why it always is. */
export function present<T>(value: T | null | undefined, truth: string): T {
  if (value === null || value === undefined) throw new Bug(`broken invariant: ${truth}`);
  return value;
}

/** Closes an exhaustive switch: the compiler refuses the call while a case is missing. */
export function unreachable(value: never): never {
  throw new Bug(`broken invariant: unexpected ${JSON.stringify(value)}`);
}
