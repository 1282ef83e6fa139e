import { useCallback } from 'react';
import { useRoom } from '../use-room.ts';

/** Brings a cell into sight, and the panel out of the way where it lies over the quote. */
export function useGoTo(onLeave: () => void): (cell: string) => void {
  const { target } = useRoom();
  return useCallback(
    (cell) => {
      onLeave();
      target.goTo(cell);
    },
    [target, onLeave],
  );
}
