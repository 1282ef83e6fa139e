import { ActionIcon, Tooltip } from '@mantine/core';
import { PANEL_TABS } from './panel-tabs.ts';
import classes from './side-panel.module.css';

/** The closed panel: one button for each tab. */
export function PanelRail({
  current,
  onShow,
}: {
  readonly current: string;
  readonly onShow: (tab: string) => void;
}) {
  return (
    <aside className={classes['rail']} aria-label="Side panel">
      {PANEL_TABS.map(({ id, title, icon: Icon, badge: Badge }) => (
        <Tooltip key={id} label={title} position="left" openDelay={300}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label={`Show ${title.toLowerCase()}`}
            data-current={id === current || undefined}
            onClick={() => onShow(id)}
          >
            <Icon size={18} aria-hidden="true" />
            {Badge !== undefined && (
              <span className={classes['badge']}>
                <Badge />
              </span>
            )}
          </ActionIcon>
        </Tooltip>
      ))}
    </aside>
  );
}
