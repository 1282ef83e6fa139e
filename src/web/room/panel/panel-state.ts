import { createListeners } from '../listeners.ts';

/** Which tab of the panel is shown, and whether the panel is. Kept on the device: it is how this person likes it. */
export interface PanelState {
  /** The same object until it changes. */
  state(): PanelShown;
  observe(listener: () => void): () => void;
  show(tab: string): void;
  close(): void;
}

export interface PanelShown {
  readonly tab: string;
  readonly isOpen: boolean;
}

const KEY = 'quoteroom.panel';

/** `startsOpen`: for someone who never said. */
export function createPanelState(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  { tab, startsOpen }: { readonly tab: string; readonly startsOpen: boolean },
): PanelState {
  const listeners = createListeners<'state'>();
  let state: PanelShown = read(storage) ?? { tab, isOpen: startsOpen };

  function become(next: PanelShown): void {
    state = next;
    storage.setItem(KEY, `${next.isOpen ? 'open' : 'closed'} ${next.tab}`);
    listeners.call('state');
  }

  return {
    state: () => state,
    observe: (listener) => listeners.add('state', listener),
    show: (shown) => become({ tab: shown, isOpen: true }),
    close: () => become({ ...state, isOpen: false }),
  };
}

function read(storage: Pick<Storage, 'getItem'>): PanelShown | null {
  const [, open, tab] = /^(open|closed) ([a-z]+)$/.exec(storage.getItem(KEY) ?? '') ?? [];
  return tab === undefined ? null : { tab, isOpen: open === 'open' };
}
