import { useState } from 'react';
import { rowCell } from '../../../quote/cell.ts';
import { WHOLE_QUOTE } from '../../../quote/discount.ts';
import { CellSelect } from '../fields/cell-select.tsx';
import { useRowName } from '../panel/use-row-name.ts';
import { useCell, useRowIds } from '../use-room.ts';

/** The whole quote, or one line by its name. The lines are listed once somebody is about to choose: there may be many. */
export function AppliesTo({ id, label }: { readonly id: string; readonly label: string }) {
  const cell = rowCell('discounts', id, 'appliesTo');
  const value = useCell(cell);
  const lines = useRowIds('lineItems');
  const rowName = useRowName();
  const [isListed, setListed] = useState(false);
  const target = typeof value === 'string' ? value : WHOLE_QUOTE;
  useCell(rowCell('lineItems', target, 'name'));
  const nameOf = (line: string): string => rowName('lineItems', line) ?? `Line ${lines.indexOf(line) + 1}`;
  return (
    <CellSelect cell={cell} label={label} fallback={WHOLE_QUOTE} onOpen={() => setListed(true)}>
      <option value={WHOLE_QUOTE}>Whole quote</option>
      {target !== WHOLE_QUOTE && !lines.includes(target) && (
        <option value={target}>{rowName('lineItems', target) ?? 'A line'} (removed)</option>
      )}
      {(isListed ? lines : lines.filter((line) => line === target)).map((line) => (
        <option key={line} value={line}>
          {nameOf(line)}
        </option>
      ))}
    </CellSelect>
  );
}
