import { Button, Skeleton } from '@mantine/core';
import classes from './line-grid.module.css';

/** In place of the lines until it is known which there are. */
export function LinesSkeleton() {
  return (
    <div className={classes['skeleton']} aria-busy aria-label="Loading the lines">
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} height={16} radius={4} />
      ))}
    </div>
  );
}

/** Below the titles of a quote without lines. */
export function NoLines({ isReadonly, onAdd }: { readonly isReadonly: boolean; readonly onAdd: () => void }) {
  return (
    <div className={classes['empty']}>
      <p>{isReadonly ? 'No lines yet.' : 'No lines yet. Add a line, or paste from Excel.'}</p>
      {!isReadonly && (
        <Button size="xs" onClick={onAdd}>
          Add a line
        </Button>
      )}
    </div>
  );
}
