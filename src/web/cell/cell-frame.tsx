import { Tooltip } from '@mantine/core';
import { Lock } from 'lucide-react';
import { type CSSProperties, type ReactNode, Suspense, useState } from 'react';
import type { OtherPresence } from '../../client/connect-quote.ts';
import { colorOf } from '../../wire/person-color.ts';
import { lazyDialog } from '../app/lazy-part.ts';
import { useConflictOn, useFlashOn, useForeseen, useOthersAt, useVerdictOn } from '../room/use-room.ts';
import classes from './cell-frame.module.css';

const ConflictMark = lazyDialog(() =>
  import('../room/conflicts/conflict-mark.tsx').then((part) => part.ConflictMark),
);

/**
 * What is to be seen around a cell, whatever shows its value: who else is there, that it is closed to this person and
 * why, that a verdict stands on it, that two values wait to be chosen between, that it just changed. Fills nothing in: the value is its child.
 */
export function CellFrame({
  cell,
  children,
  className,
  isActive = false,
  hasHint = true,
}: {
  readonly cell: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  /** The cursor is here, though not the focus: the reason of a lock is shown. */
  readonly isActive?: boolean;
  /** False while the cell itself says why it is closed. */
  readonly hasHint?: boolean;
}) {
  const foreseen = useForeseen(cell);
  const others = useOthersAt(cell);
  const verdict = useVerdictOn(cell);
  const conflict = useConflictOn(cell);
  const [isPointed, setPointed] = useState(false);
  const isLocked = foreseen.kind === 'closed';
  return (
    <div
      className={className === undefined ? classes['frame'] : `${classes['frame']} ${className}`}
      data-cell={cell}
      data-locked={isLocked || undefined}
      data-verdict={verdict?.kind}
      data-conflict={conflict?.n}
      onPointerEnter={isLocked ? () => setPointed(true) : undefined}
      onPointerLeave={isPointed ? () => setPointed(false) : undefined}
      onFocus={isLocked ? () => setPointed(true) : undefined}
      onBlur={isPointed ? () => setPointed(false) : undefined}
    >
      {children}
      <Flashes cell={cell} />
      {others.length > 0 && <Others others={others} />}
      {isLocked && <Lock className={classes['lock']} size={11} data-lock aria-hidden />}
      {isLocked && hasHint && verdict === null && conflict === null && (isPointed || isActive) && (
        <LockHint message={foreseen.message} />
      )}
      {conflict !== null && (
        <Suspense fallback={null}>
          <ConflictMark conflict={conflict} isActive={isActive} />
        </Suspense>
      )}
    </div>
  );
}

function Flashes({ cell }: { readonly cell: string }) {
  const flash = useFlashOn(cell);
  if (flash === null) return null;
  return <span key={flash.key} className={classes['flash']} style={inColor(flash.color)} aria-hidden />;
}

/** Borders of more people would leave nothing of the cell. */
const BORDERS_MAX = 3;

function Others({ others }: { readonly others: readonly OtherPresence[] }) {
  const people = [...new Map(others.map(({ user }) => [user.id, user])).values()];
  const borders = people
    .slice(0, BORDERS_MAX)
    .map(({ id }, at) => `inset 0 0 0 ${(at + 1) * 2}px ${colorOf(id)}`);
  return (
    <span className={classes['others']} style={{ boxShadow: borders.join(', ') }} data-others={people.length}>
      <span className={classes['flags']}>
        {people.map(({ id, name }) => (
          <span key={id} className={classes['flag']} style={inColor(colorOf(id))}>
            <span className={classes['name']}>{name}</span>
          </span>
        ))}
      </span>
    </span>
  );
}

function LockHint({ message }: { readonly message: string }) {
  return (
    <Tooltip
      label={message}
      opened
      position="top-start"
      offset={4}
      multiline
      maw={320}
      transitionProps={SLOWLY}
    >
      <span className={classes['anchor']} />
    </Tooltip>
  );
}

/** Not at once: moving the cursor over closed cells should stay quiet. */
const SLOWLY = { transition: 'fade', duration: 120, enterDelay: 350 } as const;

const inColor = (color: string): CSSProperties => ({ '--person': color }) as CSSProperties;
