import { createListeners } from '../room/listeners.ts';

/**
 * What can be done in the room, in one list: the palette, the page of shortcuts and the keys themselves all read it, so
 * that none of them knows of anything that is not there. Each part of the room registers its own.
 */
export interface Command {
  /** Unique; a second one with the same id takes the place of the first. */
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  /** Like `Mod+K`, `Alt+ArrowUp`, `?`: each does it. `Mod` is Ctrl, on a Mac Command. */
  readonly keys?: readonly string[];
  /** Who listens to the keys: this list, for the whole page, or the grid, while the cursor is in it. Default: `page`. */
  readonly listener?: 'page' | 'grid';
  /** Other words that people look for. */
  readonly words?: string;
  /** Left out: always. */
  isEnabled?(): boolean;
  run(): void;
}

/** In the order in which they are shown. */
export const COMMAND_GROUPS = ['Lines', 'Edit', 'Quote', 'View', 'Help'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface CommandList {
  /** By group, then in the order in which they came; the same array until it changes. */
  all(): readonly Command[];
  observe(listener: () => void): () => void;
  /** Returns the function that takes it out again. */
  register(command: Command): () => void;
}

export function createCommandList(): CommandList {
  const listeners = createListeners<'all'>();
  let all: readonly Command[] = [];

  function become(next: readonly Command[]): void {
    all = next.toSorted((a, b) => COMMAND_GROUPS.indexOf(a.group) - COMMAND_GROUPS.indexOf(b.group));
    listeners.call('all');
  }

  return {
    all: () => all,
    observe: (listener) => listeners.add('all', listener),
    register(command) {
      become([...all.filter(({ id }) => id !== command.id), command]);
      return () => {
        if (all.includes(command)) become(all.filter((one) => one !== command));
      };
    },
  };
}

export const isEnabled = (command: Command): boolean => command.isEnabled?.() ?? true;
