import { useEffect } from 'react';
import { useRoom } from '../use-room.ts';

/** While `isLooking`, everyone sees that the reader is about to choose. */
export function useLookAt(n: number, isLooking: boolean): void {
  const { conflicts } = useRoom();
  useEffect(() => (isLooking ? conflicts.lookAt(n) : undefined), [conflicts, n, isLooking]);
}
