import { X } from 'lucide-react';
import { parseCellId } from '../../quote/cell.ts';
import { NET } from '../grid/grid-columns.ts';
import { IconButton } from '../room/header/icon-button.tsx';
import { valueText } from '../room/panel/feed-line.ts';
import { rowTitle } from '../room/panel/row-words.ts';
import { useNow } from '../words/use-now.ts';
import { choiceTitle } from './cell-choices.ts';
import classes from './history-page.module.css';
import { rowScopeOf } from './restore/restore-asked.ts';
import { RestoreButton } from './restore/restore-button.tsx';
import { cellTintText } from './tint-words.ts';
import { useFrozen } from './use-frozen.ts';
import { useHistory, useHistoryView } from './use-history.ts';

/** What stands in the cell under the cursor, how it came there, and what can be done with it. */
export function SelectedCell(props: {
  readonly quoteId: string;
  readonly onOnlyThis: (cell: string) => void;
}) {
  const { quoteId, onOnlyThis } = props;
  const history = useHistory();
  const { selected } = useHistoryView();
  const { quote, tints } = useFrozen();
  const now = useNow();
  const parsed = selected === null ? null : parseCellId(selected);
  const row = selected === null ? null : rowScopeOf(selected);
  if (selected === null || parsed === null || parsed.row === null || row === null || parsed.column === NET)
    return null;
  const line = rowTitle('lineItems', parsed.row, history.rowName);
  const tint = tints.cells.get(selected);
  const value = quote.lines.get(parsed.row)?.cells[parsed.column] ?? null;
  return (
    <section className={classes['selected']} aria-label="Selected cell">
      <b className={classes['clipped']}>{choiceTitle(selected, history.rowName)}</b>
      <span className={classes['clipped']}>
        {tint === undefined ? valueText(selected, value) : cellTintText(selected, tint, { now })}
      </span>
      <span className={classes['end']}>
        <button type="button" className={classes['button']} onClick={() => onOnlyThis(selected)}>
          Only its changes
        </button>
        <RestoreButton
          quoteId={quoteId}
          scope={{ kind: 'cell', cell: selected }}
          what={choiceTitle(selected, history.rowName)}
          label="Restore cell…"
          isSmall
        />
        <RestoreButton quoteId={quoteId} scope={row} what={line} label="Restore line…" isSmall />
        <IconButton label="Close" onClick={() => history.select(null)}>
          <X size={14} aria-hidden />
        </IconButton>
      </span>
    </section>
  );
}
