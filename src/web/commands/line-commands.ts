import type { Command } from './commands.ts';

/** What the grid offers for lines; all but `add` act on those that are selected. */
export interface LineTools {
  hasSelection(): boolean;
  add(): void;
  insertBelow(): void;
  duplicate(): void;
  remove(): void;
  nudge(by: 1 | -1): void;
  fillDown(): void;
}

/** The grid's commands, for it to register; it listens to their keys itself. */
export function lineCommands(tools: LineTools): readonly Command[] {
  const { hasSelection } = tools;
  const forSelection = { group: 'Lines', listener: 'grid', isEnabled: hasSelection } as const;
  return [
    { id: 'add-line', title: 'Add a line', group: 'Lines', words: 'new item product', run: tools.add },
    {
      ...forSelection,
      id: 'insert-line',
      title: 'Insert a line below',
      keys: ['Mod+Enter'],
      words: 'new',
      run: tools.insertBelow,
    },
    {
      ...forSelection,
      id: 'duplicate-lines',
      title: 'Duplicate the selected lines',
      words: 'copy',
      run: tools.duplicate,
    },
    {
      ...forSelection,
      id: 'remove-lines',
      title: 'Remove the selected lines',
      keys: ['Mod+Backspace'],
      words: 'delete',
      run: tools.remove,
    },
    {
      ...forSelection,
      id: 'lines-up',
      title: 'Move the selected lines up',
      keys: ['Alt+ArrowUp'],
      run: () => tools.nudge(-1),
    },
    {
      ...forSelection,
      id: 'lines-down',
      title: 'Move the selected lines down',
      keys: ['Alt+ArrowDown'],
      run: () => tools.nudge(1),
    },
    {
      ...forSelection,
      id: 'fill-down',
      title: 'Fill down',
      keys: ['Mod+D'],
      words: 'copy from above',
      run: tools.fillDown,
    },
  ];
}
