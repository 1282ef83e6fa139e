import { useEffect } from 'react';
import { createIdle } from '../idle.ts';
import { useQuote } from '../use-room.ts';

const INPUTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'focus'] as const;

/** Tells the others when this person has not touched the page for a while. */
export function useIdlePresence(): void {
  const { presence } = useQuote();
  useEffect(() => {
    const idle = createIdle({
      now: () => performance.now(),
      after(ms, callback) {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      onChange: (status) => presence.set({ status }),
    });
    const options = { capture: true, passive: true } as const;
    for (const input of INPUTS) window.addEventListener(input, idle.input, options);
    return () => {
      for (const input of INPUTS) window.removeEventListener(input, idle.input, options);
      idle.close();
    };
  }, [presence]);
}
