import { Tooltip } from '@mantine/core';
import type { CSSProperties } from 'react';
import { formatAmount } from '../../quote/format-amount.ts';
import type { ImportColumn, ImportRow } from './import-table.ts';
import type { ImportMark } from './marks.ts';
import classes from './preview-table.module.css';

export interface PreviewRowProps {
  readonly row: ImportRow;
  readonly columns: readonly ImportColumn[];
  /** From 0. */
  readonly rowIndex: number;
  readonly style: CSSProperties;
  /** Of one of its cells, or of the row as a whole: column -1. */
  readonly markOf: (column: number) => ImportMark | undefined;
  readonly net: string | null;
  readonly isShown: boolean;
}

export function PreviewRow({ row, columns, rowIndex, style, markOf, net, isShown }: PreviewRowProps) {
  return (
    <tr
      aria-rowindex={rowIndex + 2}
      className={classes['row']}
      style={style}
      data-shown={isShown || undefined}
    >
      <Cell className="line" mark={markOf(-1)} text={String(row.line ?? rowIndex + 1)} />
      {columns.map(({ kind, isNumber }, index) => (
        <Cell
          key={index}
          kind={kind}
          isNumber={isNumber}
          mark={markOf(index)}
          text={row.cells[index] ?? ''}
        />
      ))}
      <Cell isNumber text={net === null ? '' : formatAmount(net)} />
    </tr>
  );
}

function Cell(props: {
  readonly text: string;
  readonly mark?: ImportMark | undefined;
  readonly kind?: ImportColumn['kind'];
  readonly isNumber?: boolean;
  readonly className?: string;
}) {
  const { text, mark, kind, isNumber = false, className } = props;
  const cell = (
    <td
      className={className === undefined ? undefined : classes[className]}
      data-kind={kind}
      data-number={isNumber || undefined}
      data-mark={mark?.kind}
    >
      {text}
    </td>
  );
  if (mark === undefined) return cell;
  return (
    <Tooltip label={mark.message} multiline maw={320} openDelay={100}>
      {cell}
    </Tooltip>
  );
}
