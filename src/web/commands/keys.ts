/** Keys as commands name them: `Mod+Shift+E`, `Alt+ArrowUp`, `?`. */

/** A keyboard event, of which no more is read. */
export interface PressedKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * Whether these keys were pressed. A sign like `?` is what it is however the keyboard makes it; with `Mod` it may take
 * Shift too, as `/` does in Germany.
 */
export function isPressed(keys: string, event: PressedKey): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const has = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    (event.ctrlKey || event.metaKey) === has('Mod') &&
    event.altKey === has('Alt') &&
    (isSign || event.shiftKey === has('Shift'))
  );
}

/** Keys to be shown, one by one: `Ctrl`, `Shift`, `E`. */
export const keyNames = (keys: string, isMac: boolean): readonly string[] =>
  keys.split('+').map((key) => (isMac ? MAC_NAMES[key] : undefined) ?? NAMES[key] ?? key);

const NAMES: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  ' ': 'Space',
};

const MAC_NAMES: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' };

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);
