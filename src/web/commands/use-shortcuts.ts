import { useEffect } from 'react';
import { type Command, type CommandList, isEnabled } from './commands.ts';
import { type PressedKey, isPressed } from './keys.ts';

/** Runs commands by their keys, anywhere in the page, unless whoever has the focus took the key for itself. */
export function useShortcuts(list: CommandList): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      if (isModalOpen()) return;
      const command = commandFor(list.all(), event, isTyping(event.target));
      if (command === null) return;
      event.preventDefault();
      if (isEnabled(command)) command.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [list]);
}

/** Keys by which people take back typing: in a text they are the text's. */
const KEYS_OF_TEXT = ['Mod+Z', 'Mod+Shift+Z', 'Mod+Y'];

/** The command that these keys mean, or null. Where somebody types, plain keys are text. */
export function commandFor(
  commands: readonly Command[],
  event: PressedKey,
  isInText: boolean,
): Command | null {
  const isOurs = (keys: string): boolean =>
    isPressed(keys, event) && !(isInText && (!keys.includes('Mod+') || KEYS_OF_TEXT.includes(keys)));
  return (
    commands.find(({ keys, listener }) => listener !== 'grid' && keys !== undefined && keys.some(isOurs)) ??
    null
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

const isModalOpen = (): boolean => document.querySelector('[aria-modal="true"], dialog:modal') !== null;
