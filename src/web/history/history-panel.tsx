import { useState } from 'react';
import { DifferenceList } from './difference-list.tsx';
import { EventList } from './event-list.tsx';
import type { EventFilter } from './event-search.ts';
import classes from './history-page.module.css';
import { useHistoryView } from './use-history.ts';

type Tab = 'differences' | 'changes';

/** Beside the quote: all changes, and, while two points are compared, what differs between them. */
export function HistoryPanel(props: {
  readonly filter: EventFilter;
  readonly onFilter: (filter: EventFilter) => void;
}) {
  const isComparing = useHistoryView().from !== null;
  const [chosen, setChosen] = useState<Tab>('differences');
  const shown = isComparing ? chosen : 'changes';
  return (
    <aside className={classes['panel']} aria-label="Changes">
      {isComparing && (
        <fieldset className={classes['tabs']} aria-label="List">
          {(['differences', 'changes'] as const).map((tab) => (
            <button
              key={tab}
              type="button"
              className={classes['tab']}
              aria-pressed={shown === tab}
              onClick={() => setChosen(tab)}
            >
              {tab === 'differences' ? 'Differences' : 'All changes'}
            </button>
          ))}
        </fieldset>
      )}
      {shown === 'differences' ? <DifferenceList /> : <EventList {...props} />}
    </aside>
  );
}
