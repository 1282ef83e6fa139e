import type { QuoteClient } from '../../client/connect-quote.ts';
import { createListeners } from './listeners.ts';

/** Whether there is a quote to show: from this device, or from the server once it has sent all that it has. */
export interface Opening {
  isFilled(): boolean;
  observe(listener: () => void): () => void;
  close(): void;
}

/** `hasCopy`: the document was filled from this device. */
export function createOpening(
  quote: Pick<QuoteClient, 'on' | 'state' | 'whenSynced'>,
  hasCopy: boolean,
): Opening {
  const listeners = createListeners<'filled'>();
  let isFilled = hasCopy;
  let isWaiting = false;

  function wait(): void {
    if (isFilled || isWaiting) return;
    isWaiting = true;
    quote.whenSynced().then(
      () => {
        isFilled = true;
        listeners.call('filled');
      },
      // closed for good; whoever connects again waits again
      () => {
        isWaiting = false;
      },
    );
  }

  wait();
  const off = quote.on('state', ({ kind }) => {
    if (kind === 'offline') wait();
  });
  return {
    isFilled: () => isFilled,
    observe: (listener) => listeners.add('filled', listener),
    close: off,
  };
}
