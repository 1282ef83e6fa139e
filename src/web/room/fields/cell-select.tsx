import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { CellFrame } from '../../cell/cell-frame.tsx';
import { createEditingSign } from '../../cell/editing-sign.ts';
import { VerdictPopover } from '../../cell/verdict-popover.tsx';
import { useCell, useForeseen, useQuote } from '../use-room.ts';
import { CellHints } from './cell-hints.tsx';
import { useGoToInput } from './cell-input.tsx';
import classes from './cell-input.module.css';

/** One cell that holds one of a few values: written as soon as another is chosen. `children` are its options. */
export function CellSelect({
  cell,
  label,
  fallback,
  children,
  onOpen,
  className,
}: {
  readonly cell: string;
  readonly label: string;
  /** What an empty cell means. */
  readonly fallback: string;
  readonly children: ReactNode;
  /** It may be opened in a moment. */
  readonly onOpen?: () => void;
  readonly className?: string | undefined;
}) {
  const quote = useQuote();
  const value = useCell(cell);
  const foreseen = useForeseen(cell);
  const select = useRef<HTMLSelectElement>(null);
  const hints = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const sign = useMemo(() => createEditingSign(quote.presence, cell, Date.now), [quote, cell]);
  useEffect(() => () => sign.leave(), [sign]);
  useGoToInput(cell, select);
  const isClosed = foreseen.kind === 'closed';

  function choose(next: string): void {
    const asked = quote.foresight.ask(cell, next);
    if (asked.kind === 'closed') {
      setProblem(asked.message);
      return;
    }
    const written = quote.setCell(cell, next);
    setProblem(written.ok ? null : written.reason);
  }

  return (
    <CellFrame
      cell={cell}
      className={className === undefined ? classes['frame'] : `${classes['frame']} ${className}`}
    >
      <select
        ref={select}
        id={cell}
        className={classes['select']}
        aria-label={label}
        aria-describedby={problem === null && !isClosed ? undefined : hints}
        value={typeof value === 'string' ? value : fallback}
        disabled={isClosed}
        onPointerDown={onOpen}
        onFocus={() => {
          onOpen?.();
          sign.enter();
        }}
        onBlur={() => {
          setProblem(null);
          sign.leave();
        }}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {children}
      </select>
      <CellHints id={hints} problem={problem} theirs={null} closed={isClosed ? foreseen.message : null} />
      <VerdictPopover cell={cell} />
    </CellFrame>
  );
}
