import { ActionIcon, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { PanelRight, X } from 'lucide-react';
import { Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useRegisterCommands } from '../../commands/use-commands.ts';
import { PANEL_TABS } from './panel-tabs.ts';
import { type PanelState, createPanelState } from './panel-state.ts';
import { PanelRail } from './panel-rail.tsx';
import classes from './side-panel.module.css';
import { useIdlePresence } from './use-idle-presence.ts';

/** Where the panel lies over the quote instead of beside it. */
const NARROW = '(max-width: 60rem)';

/** The panel on the right: what happened, who is here. Closed, its tabs are a rail; on a narrow screen, a button. */
export function SidePanel() {
  useIdlePresence();
  const isNarrow = useMediaQuery(NARROW, window.matchMedia(NARROW).matches, {
    getInitialValueInEffect: false,
  });
  const [beside] = useState(() =>
    createPanelState(window.localStorage, { tab: 'activity', startsOpen: window.innerWidth >= 1200 }),
  );
  const [sheet] = useState(() => createPanelState(NOT_KEPT, { tab: 'activity', startsOpen: false }));
  const panel = isNarrow ? sheet : beside;
  useRegisterCommands(
    PANEL_TABS.map(({ id, title, words }) => ({
      id: `panel-${id}`,
      title: `Show ${title.toLowerCase()}`,
      group: 'View',
      words,
      run: () => panel.show(id),
    })),
  );
  return isNarrow ? <Sheet panel={sheet} /> : <Beside panel={beside} />;
}

/** A sheet that is open at once would hide the quote. */
const NOT_KEPT = { getItem: () => null, setItem: () => undefined };

function Beside({ panel }: { readonly panel: PanelState }) {
  const { tab, isOpen } = useSyncExternalStore(panel.observe, panel.state);
  if (!isOpen) return <PanelRail current={tab} onShow={panel.show} />;
  return (
    <aside className={classes['panel']} aria-label="Side panel">
      <PanelTabs panel={panel} onLeave={stay} />
    </aside>
  );
}

const stay = (): void => undefined;

/** The browser keeps the focus in it, and gives it back. */
function Sheet({ panel }: { readonly panel: PanelState }) {
  const { tab, isOpen } = useSyncExternalStore(panel.observe, panel.state);
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) sheet.current?.showModal();
    else sheet.current?.close();
  }, [isOpen]);
  return (
    <>
      <ActionIcon
        className={classes['opener'] ?? ''}
        size={44}
        radius="xl"
        aria-label="Show activity and people"
        aria-expanded={isOpen}
        onClick={() => panel.show(tab)}
      >
        <PanelRight size={20} aria-hidden="true" />
      </ActionIcon>
      <dialog
        ref={sheet}
        className={classes['sheet']}
        aria-label="Activity and people"
        closedby="any"
        onClose={panel.close}
      >
        {isOpen && <PanelTabs panel={panel} onLeave={panel.close} />}
      </dialog>
    </>
  );
}

function PanelTabs({ panel, onLeave }: { readonly panel: PanelState; readonly onLeave: () => void }) {
  const { tab } = useSyncExternalStore(panel.observe, panel.state);
  const shown = PANEL_TABS.find(({ id }) => id === tab) ?? PANEL_TABS[0];
  if (shown === undefined) return null;
  return (
    <Tabs
      value={shown.id}
      onChange={(id) => id !== null && panel.show(id)}
      keepMounted={false}
      className={classes['tabs'] ?? ''}
    >
      <div className={classes['head']}>
        <Tabs.List className={classes['list']} aria-label="Side panel">
          {PANEL_TABS.map(({ id, title, icon: Icon, badge: Badge }) => (
            <Tabs.Tab
              key={id}
              value={id}
              className={classes['tab']}
              leftSection={<Icon size={14} aria-hidden="true" />}
              rightSection={Badge !== undefined && <Badge />}
            >
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          aria-label="Close the side panel"
          onClick={panel.close}
        >
          <X size={16} aria-hidden="true" />
        </ActionIcon>
      </div>
      {PANEL_TABS.map(({ id, component: Content }) => (
        <Tabs.Panel key={id} value={id} className={classes['content']}>
          <Suspense fallback={null}>
            <Content onLeave={onLeave} />
          </Suspense>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
