import { useEffect, useState } from 'react';
import { useQuote, useRowIds } from '../room/use-room.ts';

/** Whether there is anything to show: what the device kept, or what the server had. */
export function useLinesHere(): boolean {
  const quote = useQuote();
  const hasLines = useRowIds('lineItems').length > 0;
  const [isSynced, setSynced] = useState(false);
  useEffect(() => {
    let isOver = false;
    void quote.whenSynced().then(
      () => isOver || setSynced(true),
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [quote]);
  return hasLines || isSynced;
}
