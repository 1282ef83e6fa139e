import { createContext, use, useEffect, useRef, useSyncExternalStore } from 'react';
import { present } from '../../lib/assert.ts';
import { type Command, type CommandList, isEnabled } from './commands.ts';

/** What parts of the room use of the commands. */
export interface CommandContext {
  readonly list: CommandList;
  openPalette(): void;
  openShortcuts(): void;
  /** Says for a moment, below, that something was done which cannot be seen: "Link copied." */
  tell(text: string): void;
}

export const CommandsContext = createContext<CommandContext | null>(null);

export const useCommands = (): CommandContext => present(use(CommandsContext), 'a room is above');

export function useAllCommands(): readonly Command[] {
  const { list } = useCommands();
  return useSyncExternalStore(list.observe, list.all);
}

/**
 * Registers commands while the component is there; does nothing where no room is above. What each of them does is as of
 * the last render.
 */
export function useRegisterCommands(commands: readonly Command[]): void {
  const list = use(CommandsContext)?.list;
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const listed = commands.map(({ id, title }) => `${id} ${title}`).join('\n');
  useEffect(() => {
    if (list === undefined) return undefined;
    const current = (id: string): Command | undefined => latest.current.find((command) => command.id === id);
    const ids = listed.split('\n').map((line) => line.split(' ')[0]);
    const registered = latest.current.filter(({ id }) => ids.includes(id));
    const ends = registered.map((command) =>
      list.register({
        ...command,
        isEnabled: () => isEnabled(current(command.id) ?? command),
        run: () => (current(command.id) ?? command).run(),
      }),
    );
    return () => {
      for (const end of ends) end();
    };
  }, [list, listed]);
}
