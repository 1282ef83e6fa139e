import { ActionIcon, Button, Checkbox, Popover } from '@mantine/core';
import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import { withMoved } from './column-prefs.ts';
import classes from './column-chooser.module.css';
import type { GridTable } from './use-columns.ts';

/** Which columns are shown, and in which order, without a mouse too. */
export function ColumnChooser({ columns }: { readonly columns: GridTable }) {
  const { table, all, order, shown, reset } = columns;
  const titles = new Map(all.map(({ id, title }) => [id, title]));

  function move(id: string, by: 1 | -1): void {
    const at = order.indexOf(id);
    const before = by === -1 ? order[at - 1] : (order[at + 2] ?? null);
    if (before !== undefined) table.setColumnOrder([...withMoved(order, id, before)]);
  }

  return (
    <Popover position="bottom-end" offset={4} width={260} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          className={classes['button']}
          leftSection={<Columns3 size={14} />}
        >
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes['list']} aria-label="Columns">
        {order.map((id, at) => {
          const isShown = shown.some((column) => column.id === id);
          const title = titles.get(id) ?? id;
          return (
            <div key={id} className={classes['item']}>
              <Checkbox
                size="xs"
                label={title}
                checked={isShown}
                disabled={isShown && shown.length === 1}
                onChange={() => table.setColumnVisibility((before) => ({ ...before, [id]: !isShown }))}
              />
              <span className={classes['moves']}>
                <ActionIcon
                  size={24}
                  variant="subtle"
                  color="gray"
                  aria-label={`Move ${title} left`}
                  disabled={at === 0}
                  onClick={() => move(id, -1)}
                >
                  <ArrowUp size={13} />
                </ActionIcon>
                <ActionIcon
                  size={24}
                  variant="subtle"
                  color="gray"
                  aria-label={`Move ${title} right`}
                  disabled={at === order.length - 1}
                  onClick={() => move(id, 1)}
                >
                  <ArrowDown size={13} />
                </ActionIcon>
              </span>
            </div>
          );
        })}
        <Button size="compact-xs" variant="default" className={classes['reset']} onClick={reset}>
          Back to the standard columns
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
