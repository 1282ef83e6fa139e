import { useRegisterCommands } from '../../commands/use-commands.ts';
import type { PanelState } from './panel-state.ts';
import { PANEL_TABS } from './panel-tabs.ts';

/** A command for each tab of the panel. */
export function usePanelCommands(panel: PanelState): void {
  useRegisterCommands(
    PANEL_TABS.map(({ id, title }) => ({
      id: `panel-${id}`,
      title: `Show ${title.toLowerCase()}`,
      group: 'View' as const,
      words: 'panel side',
      run: () => panel.show(id),
    })),
  );
}
