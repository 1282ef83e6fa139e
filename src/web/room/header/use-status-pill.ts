import { useEffect, useReducer, useState } from 'react';
import { othersPen } from '../../../client/foresight-messages.ts';
import { useMe, useSaveState } from '../use-room.ts';
import { createAnnouncer } from './announce.ts';
import { type PillWords, pillWords } from './pill-words.ts';
import { LATE_MS, type PillState, nextPill, pillEventOf } from './status-pill.ts';

/** The pill's state now, and its words. */
export function useStatusPill(): PillWords & { readonly state: PillState } {
  const save = useSaveState();
  const penWith = useMe()?.penWith ?? null;
  const [kept, advance] = useReducer(nextPill, 'connecting');
  // What the client says counts in the same rendering: "Saved" must not stand a moment longer than it is true.
  const state = nextPill(kept, pillEventOf(save));

  useEffect(() => {
    advance(pillEventOf(save));
    if (save.kind === 'offline' && !navigator.onLine) advance('cut');
  }, [save]);

  useEffect(() => {
    const cut = (): void => advance('cut');
    window.addEventListener('offline', cut);
    return () => window.removeEventListener('offline', cut);
  }, []);

  useEffect(() => {
    const late = LATE_MS[state];
    if (late === null) return undefined;
    const timer = setTimeout(() => advance('late'), late);
    return () => clearTimeout(timer);
  }, [state]);

  const words = pillWords(state, save);
  const isPenElsewhere = state === 'view_only' && penWith !== null;
  return { state, ...words, ...(isPenElsewhere && { sentence: othersPen(penWith.name) }) };
}

/** The text for `role=status`, not more often than a listener can bear. */
export function useAnnounced(text: string): string {
  const [said, setSaid] = useState('');
  const [announcer] = useState(() =>
    createAnnouncer({
      now: () => performance.now(),
      after(ms, callback) {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      announce: setSaid,
    }),
  );
  useEffect(() => announcer.say(text), [announcer, text]);
  useEffect(() => announcer.close, [announcer]);
  return said;
}
