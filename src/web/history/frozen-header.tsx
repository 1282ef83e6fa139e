import type { RefObject } from 'react';
import { type GridColumn, isRightAligned } from '../grid/grid-columns.ts';
import headerClasses from '../grid/grid-header.module.css';
import { COLUMNHEADER, ROW, ROWGROUP } from '../grid/grid-roles.ts';
import classes from './frozen.module.css';
import { useFrozen } from './use-frozen.ts';

/** The titles of the columns, always in sight. */
export function FrozenHeader({
  columns,
  ref,
}: {
  readonly columns: readonly GridColumn[];
  readonly ref: RefObject<HTMLDivElement | null>;
}) {
  const { currency } = useFrozen();
  return (
    <div ref={ref} {...ROWGROUP} className={headerClasses['header']}>
      <div {...ROW} className={headerClasses['row']} aria-rowindex={1}>
        <div {...COLUMNHEADER} className={headerClasses['corner']} aria-colindex={1}>
          <span className={headerClasses['spoken']}>Line</span>
        </div>
        {columns.map((column, at) => (
          <div
            key={column.id}
            {...COLUMNHEADER}
            className={`${headerClasses['title']} ${classes['still']}`}
            aria-colindex={at + 2}
            data-align={isRightAligned(column) ? 'right' : column.kind === 'check' ? 'center' : undefined}
          >
            <span className={headerClasses['text']} title={column.title}>
              {column.title}
            </span>
            {(column.kind === 'money' || column.kind === 'net') && currency !== '' && (
              <span className={headerClasses['currency']}>{currency}</span>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
