import { useState, useSyncExternalStore } from 'react';
import { Hint } from '../pages/hint.tsx';
import type { Keeping } from './keep-quote.ts';

const TOLD_KEY = 'quoteroom.not-kept-told';

/** Says once in a tab that this device keeps no edits. */
export function NotKeptHint({ keeping }: { readonly keeping: Keeping }) {
  const isKept = useSyncExternalStore(keeping.observe, keeping.isKept);
  const [isTold, setIsTold] = useState(() => sessionStorage.getItem(TOLD_KEY) !== null);
  if (isKept || isTold) return null;
  const dismiss = (): void => {
    sessionStorage.setItem(TOLD_KEY, '1');
    setIsTold(true);
  };
  return (
    <Hint action="OK" onAction={dismiss}>
      This browser has no room to keep your edits. They are sent at once while you are online; offline they
      last only as long as this page.
    </Hint>
  );
}
