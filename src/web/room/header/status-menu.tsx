import { Menu } from '@mantine/core';
import { Check, ChevronDown } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { STATUSES } from '../../../quote/columns.ts';
import { CellFrame } from '../../cell/cell-frame.tsx';
import { VerdictPopover } from '../../cell/verdict-popover.tsx';
import { STATUS_TITLES } from '../../../quote/status-titles.ts';
import { useCell, useQuote } from '../use-room.ts';
import classes from './status-menu.module.css';

const CELL = 'fields/status';

/** Where the quote stands. What this person may not choose says why. */
export function StatusMenu() {
  const stored = useCell(CELL);
  const status = STATUSES.find((one) => one === stored) ?? 'draft';
  return (
    <CellFrame cell={CELL} className={classes['frame']}>
      <Menu withInitialFocusPlaceholder={false} position="bottom-start" width={240}>
        <Menu.Target>
          <button
            type="button"
            className={classes['chip']}
            data-status={status}
            aria-label={`Status: ${STATUS_TITLES[status]}`}
          >
            <span className={classes['mark']} aria-hidden="true" />
            {STATUS_TITLES[status]}
            <ChevronDown size={12} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown className={classes['dropdown']}>
          {STATUSES.map((value) => (
            <StatusItem key={value} value={value} isCurrent={value === status} />
          ))}
        </Menu.Dropdown>
      </Menu>
      <VerdictPopover cell={CELL} />
    </CellFrame>
  );
}

function StatusItem({
  value,
  isCurrent,
}: {
  readonly value: (typeof STATUSES)[number];
  readonly isCurrent: boolean;
}) {
  const quote = useQuote();
  const reason = useSyncExternalStore(quote.foresight.observe, () => {
    const foreseen = quote.foresight.ask(CELL, value);
    return foreseen.kind === 'closed' && !isCurrent ? foreseen.message : null;
  });
  return (
    <Menu.Item
      className={classes['item'] ?? ''}
      aria-disabled={reason !== null || undefined}
      aria-current={isCurrent || undefined}
      closeMenuOnClick={reason === null}
      leftSection={<span className={classes['mark']} data-status={value} aria-hidden="true" />}
      rightSection={isCurrent && <Check size={14} aria-hidden="true" />}
      onClick={() => {
        if (reason === null && !isCurrent) quote.setCell(CELL, value);
      }}
    >
      {STATUS_TITLES[value]}
      {reason !== null && <span className={classes['reason']}>{reason}</span>}
    </Menu.Item>
  );
}
