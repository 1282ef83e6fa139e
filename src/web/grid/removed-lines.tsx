import { Button, UnstyledButton } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Row } from '../../client/connect-quote.ts';
import classes from './removed-lines.module.css';
import { useGrid } from './use-grid.ts';

/** "2 removed lines", and how to get them back. */
export function RemovedLines({
  removed,
  focusGrid,
}: {
  readonly removed: readonly Row[];
  readonly focusGrid: () => void;
}) {
  const { lines } = useGrid();
  const [isOpen, setOpen] = useState(false);

  function restore(line: string): void {
    lines.restore(line);
    // This list is gone with its last line; the focus goes where that line is.
    if (removed.length === 1) focusGrid();
  }

  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <div className={classes['removed']}>
      <UnstyledButton className={classes['toggle']} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Chevron size={14} aria-hidden />
        {removed.length} removed {removed.length === 1 ? 'line' : 'lines'}
      </UnstyledButton>
      {isOpen && (
        <ul className={classes['list']}>
          {removed.map((row) => (
            <li key={row.id} className={classes['item']}>
              <span className={classes['name']}>{nameOf(row)}</span>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Restore ${nameOf(row)}`}
                onClick={() => restore(row.id)}
              >
                Restore
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function nameOf({ cells }: Row): string {
  const parts = [cells['sku'], cells['name'] ?? cells['description']];
  const text = parts.filter((part) => typeof part === 'string' && part !== '').join('  ');
  return text === '' ? 'A line without a name' : text;
}
