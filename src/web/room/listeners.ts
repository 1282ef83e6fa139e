/** Callbacks by key, for stores that React reads with `useSyncExternalStore`. */
export interface Listeners<Key> {
  add(key: Key, listener: () => void): () => void;
  call(key: Key): void;
}

export function createListeners<Key>(): Listeners<Key> {
  const byKey = new Map<Key, Set<() => void>>();
  return {
    add(key, listener) {
      const own = (): void => listener();
      const set = byKey.get(key) ?? new Set();
      byKey.set(key, set.add(own));
      return () => {
        set.delete(own);
        if (set.size === 0 && byKey.get(key) === set) byKey.delete(key);
      };
    },
    call(key) {
      for (const listener of [...(byKey.get(key) ?? [])]) listener();
    },
  };
}
