import { Button, UnstyledButton } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Row } from '../../client/connect-quote.ts';
import classes from './removed-lines.module.css';
import { useRemovedLines } from './use-removed-lines.ts';
import { useGrid } from './use-grid.ts';

/** "2 removed lines", and how to get them back. */
export function RemovedLines() {
  const { lines } = useGrid();
  const removed = useRemovedLines();
  const [isOpen, setOpen] = useState(false);
  if (removed.length === 0) return null;
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
                onClick={() => lines.restore(row.id)}
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
