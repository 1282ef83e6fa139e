import { Menu, Popover, TextInput } from '@mantine/core';
import {
  ArrowDown,
  ArrowUp,
  BetweenHorizontalEnd,
  BetweenHorizontalStart,
  Copy,
  History,
  Tag,
  ToggleLeft,
  Trash2,
} from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { rowCell } from '../../quote/cell.ts';
import { useCellHistory } from '../room/cell-history/use-cell-history.ts';
import { useQuote } from '../room/use-room.ts';
import classes from './row-menu.module.css';
import { NET } from './grid-columns.ts';
import { groupOf } from './move-lines.ts';
import { useGrid } from './use-grid.ts';

/** Which line's menu is open, and where on the screen. */
export interface OpenRowMenu {
  readonly line: string;
  /** Of the cell that it was opened on; null where that was the line itself. */
  readonly column: string | null;
  readonly x: number;
  readonly y: number;
}

const ICON = { size: 14 };

/** What can be done to a line, or to all selected ones where it is one of them. */
export function RowMenu({ at, onClose }: { readonly at: OpenRowMenu; readonly onClose: () => void }) {
  const { lines } = useGrid();
  const quote = useQuote();
  const askWhoChanged = useCellHistory();
  const cell = at.column === null || at.column === NET ? null : rowCell('lineItems', at.line, at.column);
  const [isNaming, setNaming] = useState(false);
  const chosen = lines.linesWith(at.line);
  const many = chosen.length > 1 ? ` ${chosen.length} lines` : '';
  const isOptional = chosen.every((line) => quote.readCell(rowCell('lineItems', line, 'optional')) === true);
  const anchor = <span className={classes['anchor']} style={{ left: at.x, top: at.y }} aria-hidden />;
  if (isNaming) return <GroupName lines={chosen} anchor={anchor} onClose={onClose} />;

  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={2}
      width={248}
      returnFocus={false}
      closeOnItemClick={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>{anchor}</Menu.Target>
      <Menu.Dropdown aria-label={chosen.length > 1 ? 'Actions for the lines' : 'Actions for the line'}>
        <Item
          icon={<Copy {...ICON} />}
          label={`Duplicate${many}`}
          run={() => lines.duplicate(chosen)}
          onClose={onClose}
        />
        <Item
          icon={<BetweenHorizontalStart {...ICON} />}
          label="Insert a line above"
          run={() => lines.insert(chosen[0] ?? at.line, 'above')}
          onClose={onClose}
        />
        <Item
          icon={<BetweenHorizontalEnd {...ICON} />}
          label="Insert a line below"
          keys="Ctrl Enter"
          run={() => lines.insert(chosen.at(-1) ?? at.line, 'below')}
          onClose={onClose}
        />
        <Menu.Divider />
        <Item
          icon={<ArrowUp {...ICON} />}
          label="Move up"
          keys="Alt ↑"
          run={() => lines.nudge(-1)}
          onClose={onClose}
        />
        <Item
          icon={<ArrowDown {...ICON} />}
          label="Move down"
          keys="Alt ↓"
          run={() => lines.nudge(1)}
          onClose={onClose}
        />
        <Menu.Divider />
        <Menu.Item leftSection={<Tag {...ICON} />} onClick={() => setNaming(true)}>
          Set group…
        </Menu.Item>
        <Item
          icon={<ToggleLeft {...ICON} />}
          label={isOptional ? 'Make part of the total' : 'Make optional'}
          run={() => lines.setOptional(chosen, !isOptional)}
          onClose={onClose}
        />
        {cell !== null && askWhoChanged !== null && (
          <>
            <Menu.Divider />
            <Item
              icon={<History {...ICON} />}
              label="Who changed this cell?"
              keys="Ctrl I"
              run={() => askWhoChanged(cell)}
              onClose={onClose}
            />
          </>
        )}
        <Menu.Divider />
        <Item
          icon={<Trash2 {...ICON} />}
          label={`Remove${many}`}
          keys="Ctrl ⌫"
          run={() => lines.remove(chosen)}
          onClose={onClose}
        />
      </Menu.Dropdown>
    </Menu>
  );
}

function Item({
  icon,
  label,
  keys,
  run,
  onClose,
}: {
  readonly icon: React.ReactNode;
  readonly label: string;
  readonly keys?: string;
  readonly run: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Menu.Item
      leftSection={icon}
      rightSection={keys === undefined ? undefined : <span className={classes['keys']}>{keys}</span>}
      onClick={() => {
        run();
        onClose();
      }}
    >
      {label}
    </Menu.Item>
  );
}

/** The group's name, with the ones that there are to choose from; none takes the lines out of their group. */
function GroupName({
  lines: chosen,
  anchor,
  onClose,
}: {
  readonly lines: readonly string[];
  readonly anchor: React.ReactElement;
  readonly onClose: () => void;
}) {
  const quote = useQuote();
  const { lines } = useGrid();
  const rows = quote.snapshot().lineItems;
  const groups = [...new Set(rows.map(groupOf))].filter((group) => group !== '');
  const [name, setName] = useState(() => groupOf(rows.find(({ id }) => id === chosen[0])));

  function choose(group: string): void {
    lines.setGroup(chosen, group);
    onClose();
  }

  return (
    <Popover opened onDismiss={onClose} position="bottom-start" offset={2} width={240} trapFocus>
      <Popover.Target>{anchor}</Popover.Target>
      <Popover.Dropdown className={classes['groups']} aria-label="Group">
        <form
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            choose(name);
          }}
        >
          <TextInput
            size="xs"
            label="Group"
            description="Enter sets it; empty takes the line out."
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            data-autofocus
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
        </form>
        {groups.map((group) => (
          <button key={group} type="button" className={classes['choice']} onClick={() => choose(group)}>
            {group}
          </button>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
