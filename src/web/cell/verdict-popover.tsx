import { Button, Popover } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Verdict } from '../../client/connect-quote.ts';
import { copyText } from '../commands/copy-text.ts';
import { useCellHistory } from '../room/cell-history/use-cell-history.ts';
import { useMarkedCells, useRoom, useVerdictOn } from '../room/use-room.ts';
import { verdictWords } from './verdict-words.ts';
import classes from './verdict-popover.module.css';

/**
 * What became of the reader's write, at its cell and never on it: "Dana (VP Sales) set Discount to 12 %. Yours: 15 %."
 * Put it into the cell's `CellFrame`. Opens where the cursor or the focus is, and once by itself for the newest verdict;
 * Escape puts it aside. It never takes the focus.
 */
export function VerdictPopover({
  cell,
  isActive = false,
}: {
  readonly cell: string;
  /** The cursor is here, though not the focus. */
  readonly isActive?: boolean;
}) {
  const verdict = useVerdictOn(cell);
  return verdict === null ? null : (
    <Opened key={`${verdict.revision} ${verdict.kind}`} cell={cell} verdict={verdict} isActive={isActive} />
  );
}

/** A verdict that comes from before this page looked is no news. */
const FRESH_MS = 8_000;

function Opened({
  cell,
  verdict,
  isActive,
}: {
  readonly cell: string;
  readonly verdict: Verdict;
  readonly isActive: boolean;
}) {
  const { marks } = useRoom();
  const askWhoChanged = useCellHistory();
  const isNewest = useMarkedCells().at(-1) === cell;
  const anchor = useRef<HTMLSpanElement>(null);
  const isFocused = useFocusAround(anchor);
  const [isFresh, setFresh] = useState(() => Date.now() - verdict.at < FRESH_MS);
  const { happened, mine } = verdictWords(verdict);

  useEffect(() => {
    if (!isFresh) return undefined;
    const timer = setTimeout(() => setFresh(false), FRESH_MS);
    return () => clearTimeout(timer);
  }, [isFresh]);

  return (
    <Popover
      opened={isActive || isFocused || (isFresh && isNewest)}
      onDismiss={() => setFresh(false)}
      position="bottom-start"
      offset={6}
      width={300}
      withRoles={false}
      middlewares={{ flip: true, shift: { crossAxis: false } }}
    >
      <Popover.Target>
        <span ref={anchor} className={classes['anchor']} />
      </Popover.Target>
      <Popover.Dropdown className={classes['dropdown']}>
        <p className={classes['words']}>
          {happened} {mine !== null && `Yours: ${mine}.`}
        </p>
        <div className={classes['actions']}>
          <Button size="compact-xs" variant="default" onClick={() => marks.dismiss(cell)}>
            Dismiss
          </Button>
          {mine !== null && (
            <Button size="compact-xs" variant="default" onClick={() => void copyText(mine)}>
              Copy mine
            </Button>
          )}
          {askWhoChanged !== null && (
            <Button size="compact-xs" variant="default" onClick={() => askWhoChanged(cell)}>
              History
            </Button>
          )}
          <span className={classes['hint']}>Esc</span>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Whether the focus is in the frame that this stands in; there Escape puts the verdict aside. */
function useFocusAround(anchor: { readonly current: HTMLElement | null }): boolean {
  const { marks } = useRoom();
  const [isFocused, setFocused] = useState(false);
  useEffect(() => {
    const frame = anchor.current?.closest<HTMLElement>('[data-cell]');
    if (frame === null || frame === undefined) return undefined;
    const look = (): void => setFocused(frame.contains(document.activeElement));
    const leave = (event: FocusEvent): void => {
      if (!(event.relatedTarget instanceof Node) || !frame.contains(event.relatedTarget)) setFocused(false);
    };
    const dismiss = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && frame.dataset['cell'] !== undefined) marks.dismiss(frame.dataset['cell']);
    };
    look();
    frame.addEventListener('focusin', look);
    frame.addEventListener('focusout', leave);
    frame.addEventListener('keydown', dismiss);
    return () => {
      frame.removeEventListener('focusin', look);
      frame.removeEventListener('focusout', leave);
      frame.removeEventListener('keydown', dismiss);
    };
  }, [anchor, marks]);
  return isFocused;
}
