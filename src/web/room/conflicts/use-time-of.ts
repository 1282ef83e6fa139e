import { useSyncExternalStore } from 'react';
import { useRoom } from '../use-room.ts';

/** When the entry of this revision was written, ms since 1970; null where it is from before this page was open. */
export function useTimeOf(revision: number): number | null {
  const { activity } = useRoom();
  return useSyncExternalStore(
    activity.observe,
    () => activity.entries().find(({ seq }) => seq === revision)?.at ?? null,
  );
}
