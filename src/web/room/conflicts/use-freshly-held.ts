import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useRoom } from '../use-room.ts';
import { isHeldVerdict } from './held-verdict.ts';

/** What comes from before this page looked is no news. */
const FRESH_MS = 8_000;

/** The reader's write was parked a moment ago. */
export function useFreshlyHeld(cell: string): boolean {
  const { marks } = useRoom();
  const observe = useCallback((listener: () => void) => marks.observe(cell, listener), [marks, cell]);
  const at = useSyncExternalStore(observe, () => {
    const verdict = marks.verdictOn(cell);
    return verdict !== null && isHeldVerdict(verdict) ? verdict.at : null;
  });
  const [seen, setSeen] = useState<number | null>(null);
  useEffect(() => {
    if (at === null) return undefined;
    const timer = setTimeout(() => setSeen(at), Math.max(0, at + FRESH_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [at]);
  return at !== null && at !== seen;
}
