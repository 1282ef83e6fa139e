import { Popover } from '@mantine/core';
import { Split } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConflictJson } from '../../../wire/session-schemas.ts';
import { useCellName } from '../panel/use-row-name.ts';
import { useMe } from '../use-room.ts';
import { ConflictChoices } from './conflict-choices.tsx';
import classes from './conflict-mark.module.css';
import { conflictSentence } from './conflict-words.ts';
import { useFocusIn } from './use-focus-in.ts';
import { useFreshlyHeld } from './use-freshly-held.ts';
import { useLookAt } from './use-look-at.ts';

/**
 * Two values wait in a cell: a mark in its corner, and below it, while the cursor or the focus is there, the values to choose
 * between. It takes no focus by itself; the mark and Alt+Enter lead into it, Escape out. Whoever goes into it, with the
 * pointer or the keyboard, is seen choosing.
 */
export function ConflictMark({
  conflict,
  isActive,
}: {
  readonly conflict: ConflictJson;
  /** The cursor is in the cell, though not the focus. */
  readonly isActive: boolean;
}) {
  const { cell, n, mayChoose } = conflict;
  const me = useMe()?.user.id ?? null;
  const name = useCellName()(cell);
  const mark = useRef<HTMLButtonElement>(null);
  const choices = useRef<HTMLDivElement>(null);
  const isHere = useFocusIn(mark, choices) || isActive;
  const isFresh = useFreshlyHeld(cell);
  const [isEntered, setEntered] = useState(false);
  const [isAside, setAside] = useState(false);
  const isOpen = (isHere || isFresh || isEntered) && !isAside;
  useLookAt(n, isOpen && isEntered && mayChoose);

  // Whoever comes back sees it again.
  const [wasHere, setWasHere] = useState(isHere);
  if (wasHere !== isHere) {
    setWasHere(isHere);
    if (!isHere) {
      setAside(false);
      setEntered(false);
    }
  }

  function enter(): void {
    setAside(false);
    setEntered(true);
    focusIn(choices);
  }

  function leave(): void {
    setAside(true);
    setEntered(false);
    focusCell(mark.current);
  }

  // Settled, here or by somebody else: the focus must not go with it.
  useLayoutEffect(() => {
    const { current } = mark;
    return () => {
      // oxlint-disable-next-line react-hooks/exhaustive-deps -- the popover that is there then
      if (choices.current?.contains(document.activeElement) === true) focusCell(current);
    };
  }, []);

  useEffect(() => {
    if (!isHere) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && event.altKey) {
        event.preventDefault();
        event.stopPropagation();
        enter();
      } else if (event.key === 'Escape' && !isAside) {
        const isInside = choices.current?.contains(document.activeElement) === true;
        if (isInside) event.stopPropagation();
        if (isInside) leave();
        else setAside(true);
      }
    };
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  });

  return (
    <Popover
      opened={isOpen}
      position="bottom-start"
      offset={6}
      width={340}
      withRoles={false}
      closeOnEscape={false}
      transitionProps={{ duration: 0 }}
      middlewares={{ flip: true, shift: { crossAxis: false } }}
    >
      <Popover.Target>
        <span className={classes['anchor']} />
      </Popover.Target>
      <button
        ref={mark}
        type="button"
        className={classes['mark']}
        data-conflict-mark
        data-resolving={conflict.openedBy !== undefined || undefined}
        // The lines are one stop of Tab.
        tabIndex={cell.startsWith('lineItems/') ? -1 : 0}
        aria-label={conflictSentence(conflict, me)}
        aria-expanded={isOpen}
        onClick={enter}
      >
        <Split size={13} strokeWidth={2.25} aria-hidden="true" />
      </button>
      <Popover.Dropdown
        ref={choices}
        className={classes['choices']}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it stands beside the cell, where the popover is put
        role="dialog"
        aria-label={`Values for ${name}`}
        tabIndex={-1}
        onPointerEnter={() => setEntered(true)}
        onFocus={() => setEntered(true)}
      >
        <ConflictChoices conflict={conflict} hint={isEntered ? 'Esc' : 'Alt+Enter'} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** The cell that the mark stands in. */
function focusCell(mark: HTMLElement | null): void {
  const frame = mark?.closest<HTMLElement>('[data-cell]');
  const value = frame?.querySelector<HTMLElement>('input, select, button:not([data-conflict-mark])');
  (value ?? frame?.closest<HTMLElement>('[role=grid]'))?.focus();
}

/** What was closed is there only after the next rendering. */
function focusIn(element: { readonly current: HTMLElement | null }): void {
  const focus = (): void =>
    (element.current?.querySelector<HTMLElement>('button, input') ?? element.current)?.focus();
  if (element.current !== null) focus();
  else requestAnimationFrame(() => requestAnimationFrame(focus));
}
