import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Totals } from '../../quote/pricing.ts';
import type { ImportTable } from './import-table.ts';
import { type Marks, markKey } from './marks.ts';
import { PreviewRow } from './preview-row.tsx';
import classes from './preview-table.module.css';
import { templateOf } from './preview-widths.ts';

/** As in the style sheet. */
const ROW_PX = 28;
const HEADER_PX = 48;

export interface PreviewTableProps {
  readonly table: ImportTable;
  readonly marks: Marks;
  /** What each line costs is shown beside it, as the quote would have it. */
  readonly totals: Totals | null;
  /** A row to bring into view. */
  readonly shownRow: number | null;
}

/** The file's lines as they stand there, below what each of its columns becomes. */
export function PreviewTable({ table, marks, totals, shownRow }: PreviewTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- nothing is compiled here
  const virtual = useVirtualizer({
    count: table.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    scrollMargin: HEADER_PX,
    scrollPaddingStart: HEADER_PX,
    overscan: 10,
  });
  useEffect(() => {
    if (shownRow !== null) virtual.scrollToIndex(shownRow, { align: 'center' });
  }, [virtual, shownRow]);
  // A removed row of a JSON file costs nothing and has no place among them.
  const nets = totals?.lines.length === table.rows.length ? totals.lines : [];
  const template = { gridTemplateColumns: templateOf(table) };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
    <section ref={scroller} className={classes['scroller']} aria-label="Lines to import" tabIndex={0}>
      <table aria-rowcount={table.rows.length + 1} className={classes['table']}>
        <thead>
          <tr aria-rowindex={1} className={classes['header']} style={template}>
            <th scope="col" className={classes['line']}>
              Line
            </th>
            {table.columns.map(({ header, meaning, kind, isNumber }, index) => (
              <th scope="col" key={index} data-kind={kind} data-number={isNumber || undefined}>
                <span className={classes['meaning']}>{meaning}</span>
                <span className={classes['from']}>{header}</span>
              </th>
            ))}
            <th scope="col" data-number>
              <span className={classes['meaning']}>Net</span>
              <span className={classes['from']}>{totals?.currency}</span>
            </th>
          </tr>
        </thead>
        <tbody className={classes['rows']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = table.rows[index];
            if (row === undefined) return null;
            return (
              <PreviewRow
                key={index}
                row={row}
                columns={table.columns}
                rowIndex={index}
                style={{ ...template, transform: `translateY(${start - HEADER_PX}px)` }}
                markOf={(column) => marks.get(markKey(index, column))}
                net={nets[index]?.net ?? null}
                isShown={index === shownRow}
              />
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
