import { useEffect, useId, useRef } from 'react';
import { CellFrame } from '../../cell/cell-frame.tsx';
import type { CellText } from '../../cell/cell-draft.ts';
import { useCellDraft } from '../../cell/use-cell-draft.ts';
import { VerdictPopover } from '../../cell/verdict-popover.tsx';
import { useForeseen, useRoom } from '../use-room.ts';
import { CellHints } from './cell-hints.tsx';
import classes from './cell-input.module.css';

/** One cell as an input: who else is there, why it is closed, what somebody else wrote while one types. */
export function CellInput({
  cell,
  label,
  text,
  type = 'text',
  placeholder,
  suffix,
  className,
  numeric = false,
  takesFocus = false,
}: {
  readonly cell: string;
  /** Names the input where no label stands beside it. */
  readonly label: string;
  readonly text?: CellText | undefined;
  readonly type?: 'text' | 'date';
  readonly placeholder?: string | undefined;
  readonly suffix?: string | undefined;
  readonly className?: string | undefined;
  readonly numeric?: boolean;
  readonly takesFocus?: boolean;
}) {
  const draft = useCellDraft(cell, text);
  const foreseen = useForeseen(cell);
  const input = useRef<HTMLInputElement>(null);
  const hints = useId();
  useGoToInput(cell, input);
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, [takesFocus]);
  const isClosed = foreseen.kind === 'closed';
  const isHinted = draft.problem !== null || draft.theirs !== null;
  return (
    <CellFrame
      cell={cell}
      hasHint={draft.problem === null}
      className={className === undefined ? classes['frame'] : `${classes['frame']} ${className}`}
    >
      <input
        {...draft.inputProps}
        ref={input}
        id={cell}
        type={type}
        className={classes['input']}
        aria-label={label}
        aria-invalid={draft.problem !== null || undefined}
        aria-describedby={isHinted || isClosed ? hints : undefined}
        // What is already typed stays to be finished, or copied, when the cell closes meanwhile.
        readOnly={isClosed && !draft.isDrafting}
        placeholder={isClosed ? undefined : placeholder}
        data-numeric={numeric || undefined}
        data-suffix={suffix !== undefined || undefined}
        inputMode={numeric ? 'decimal' : undefined}
        autoComplete="off"
        spellCheck={false}
      />
      {suffix !== undefined && (
        <span className={classes['suffix']} aria-hidden="true">
          {suffix}
        </span>
      )}
      <CellHints
        id={hints}
        problem={draft.problem}
        theirs={draft.theirs}
        closed={isClosed ? foreseen.message : null}
      />
      {draft.problem === null && <VerdictPopover cell={cell} />}
    </CellFrame>
  );
}

/** Takes the focus when somebody asks to be led to the cell. */
export function useGoToInput(cell: string, input: { readonly current: HTMLElement | null }): void {
  const { target } = useRoom();
  useEffect(
    () =>
      target.observe((asked) => {
        if (asked !== cell) return;
        input.current?.scrollIntoView({ block: 'nearest' });
        input.current?.focus();
      }),
    [target, cell, input],
  );
}
