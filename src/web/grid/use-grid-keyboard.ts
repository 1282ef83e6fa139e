import { type KeyboardEvent, useRef } from 'react';
import { commandOf } from './grid-keys.ts';
import { type CommandDeps, runCommand } from './run-command.ts';

/** Keys pressed while the grid has the focus. After an Escape that had nothing to end, Tab leaves the grid. */
export function useGridKeyboard(deps: () => CommandDeps): (event: KeyboardEvent<HTMLDivElement>) => void {
  const leavesByTab = useRef(false);
  return (event) => {
    if (event.target !== event.currentTarget) return;
    const command = commandOf(event);
    if (command === null || (command.kind === 'tab' && leavesByTab.current)) return;
    const isDone = runCommand(deps(), command);
    leavesByTab.current = command.kind === 'escape' && !isDone;
    if (isDone) event.preventDefault();
  };
}
