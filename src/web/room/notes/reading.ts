/** What is read once and kept until it changes: the same object in between, as `useSyncExternalStore` wants it. */
export interface Reading<Value> {
  read(): Value;
  observe(listener: () => void): () => void;
}

/** What changed before somebody observed is read anew as well: React renders first, and observes a moment later. */
export function createReading<Value extends object>(
  read: () => Value,
  observe: (listener: () => void) => () => void,
): Reading<Value> {
  let kept: Value | null = null;
  return {
    read: () => (kept ??= read()),
    observe(listener) {
      kept = null;
      return observe(() => {
        kept = null;
        listener();
      });
    },
  };
}
