import type { GridClipboard } from '../grid/clipboard/use-clipboard.ts';
import { NEW_ROW, rangeOf } from '../grid/selection.ts';
import type { Grid } from '../grid/use-grid.ts';
import { lineCommands } from './line-commands.ts';
import { useRegisterCommands } from './use-commands.ts';

/** Registers the grid's commands. `focus` puts the cursor into the grid, where their outcome is to be seen. */
export function useLineCommands({ store, lines }: Grid, clipboard: GridClipboard, focus: () => void): void {
  const selected = (): readonly string[] => {
    const selection = store.selection();
    return selection === null ? [] : rangeOf(selection, store.axes()).rows.filter((row) => row !== NEW_ROW);
  };
  const inGrid =
    (act: () => void): (() => void) =>
    () => {
      focus();
      act();
    };
  useRegisterCommands(
    lineCommands({
      hasSelection: () => selected().length > 0,
      add: inGrid(lines.add),
      insertBelow: inGrid(() => {
        const last = selected().at(-1);
        if (last !== undefined) lines.insert(last, 'below');
      }),
      duplicate: inGrid(() => lines.duplicate(selected())),
      remove: inGrid(() => lines.remove(selected())),
      nudge: (by) => inGrid(() => lines.nudge(by))(),
      fillDown: inGrid(clipboard.fillDown),
    }),
  );
}
