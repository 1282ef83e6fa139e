import { type DragEvent, type Ref, useState } from 'react';
import { useCell } from '../room/use-room.ts';
import { withMoved } from './column-prefs.ts';
import { type GridColumn, isRightAligned } from './grid-columns.ts';
import classes from './grid-header.module.css';
import { COLUMNHEADER, ROW, ROWGROUP } from './grid-roles.ts';
import type { GridTable } from './use-columns.ts';

/** The titles, always in sight. Drag one to move its column, its right edge to size it. */
export function GridHeader({
  columns,
  ref,
}: {
  readonly columns: GridTable;
  readonly ref: Ref<HTMLDivElement>;
}) {
  const { table, shown, order } = columns;
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const headers = new Map(table.getLeafHeaders().map((header) => [header.column.id, header]));

  function onDrop(before: string): void {
    if (dragged !== null) table.setColumnOrder([...withMoved(order, dragged, before)]);
    setDragged(null);
    setOver(null);
  }

  return (
    <div ref={ref} {...ROWGROUP} className={classes['header']}>
      <div {...ROW} className={classes['row']} aria-rowindex={1}>
        <div {...COLUMNHEADER} className={classes['corner']} aria-colindex={1}>
          <span className={classes['spoken']}>Line</span>
        </div>
        {shown.map((column, at) => {
          const header = headers.get(column.id);
          const resize = header?.getResizeHandler();
          return (
            <div
              key={column.id}
              {...COLUMNHEADER}
              className={classes['title']}
              aria-colindex={at + 2}
              data-align={isRightAligned(column) ? 'right' : column.kind === 'check' ? 'center' : undefined}
              data-over={over === column.id && dragged !== column.id ? true : undefined}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                setDragged(column.id);
              }}
              onDragOver={(event: DragEvent) => {
                if (dragged === null) return;
                event.preventDefault();
                setOver(column.id);
              }}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
              onDrop={() => onDrop(column.id)}
            >
              <span className={classes['text']} title={column.title}>
                {column.title}
              </span>
              <Currency column={column} />
              <span
                className={classes['edge']}
                data-resizing={header?.column.getIsResizing() === true ? true : undefined}
                // Else the browser would take the title along.
                onMouseDown={(event) => {
                  event.preventDefault();
                  resize?.(event);
                }}
                onTouchStart={resize}
                aria-hidden
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Once in the title, and not in each cell. */
function Currency({ column }: { readonly column: GridColumn }) {
  const currency = useCell('fields/currency');
  if ((column.kind !== 'money' && column.kind !== 'net') || typeof currency !== 'string') return null;
  return <span className={classes['currency']}>{currency}</span>;
}
