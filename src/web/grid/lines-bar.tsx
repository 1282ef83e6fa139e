import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import { Suspense } from 'react';
import { lazyDialog } from '../app/lazy-part.ts';
import classes from './line-grid.module.css';
import type { GridTable } from './use-columns.ts';

const ColumnChooser = lazyDialog(() => import('./column-chooser.tsx').then((part) => part.ColumnChooser));

/** Above the lines: what they are, and what is done to all of them. `onAdd` is null where no line can be added here. */
export function LinesBar({
  columns,
  onAdd,
}: {
  readonly columns: GridTable;
  readonly onAdd: (() => void) | null;
}) {
  return (
    <div className={classes['bar']}>
      <h2 className={classes['title']}>Lines</h2>
      <Suspense fallback={null}>
        <ColumnChooser columns={columns} />
      </Suspense>
      {onAdd !== null && (
        <Button size="compact-sm" variant="default" leftSection={<Plus size={14} />} onClick={onAdd}>
          Add line
        </Button>
      )}
    </div>
  );
}
