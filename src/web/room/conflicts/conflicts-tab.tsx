import { Button } from '@mantine/core';
import { Split } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import type { ConflictJson } from '../../../wire/session-schemas.ts';
import type { PanelTabProps } from '../panel/panel-tab.ts';
import { useGoTo } from '../panel/use-go-to.ts';
import { useCellName } from '../panel/use-row-name.ts';
import { useConflicts, useMe } from '../use-room.ts';
import { ConflictChoices } from './conflict-choices.tsx';
import { conflictSentence, whoChooses } from './conflict-words.ts';
import classes from './conflicts-tab.module.css';
import { useLookAt } from './use-look-at.ts';

/** All cells in which values wait, each to go to and to choose in. */
export function ConflictsTab({ onLeave }: PanelTabProps) {
  const conflicts = useConflicts();
  const goTo = useGoTo(onLeave);
  const [openNumber, setOpenNumber] = useState<number | null>(null);
  return (
    <div className={classes['tab']} data-conflicts tabIndex={-1}>
      {conflicts.length === 0 ? (
        <div className={classes['empty']}>
          <Split size={20} aria-hidden="true" />
          <p className={classes['title']}>Nothing to choose</p>
          <p>
            Where two people of one role write the same cell without having seen each other, the first value
            is kept and the other waits here.
          </p>
        </div>
      ) : (
        <ul className={classes['list']}>
          {conflicts.map((conflict) => (
            <Conflict
              key={conflict.n}
              conflict={conflict}
              isOpen={openNumber === conflict.n}
              onGo={() => goTo(conflict.cell)}
              onToggle={() => setOpenNumber(openNumber === conflict.n ? null : conflict.n)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

function Conflict(props: {
  readonly conflict: ConflictJson;
  readonly isOpen: boolean;
  readonly onGo: () => void;
  readonly onToggle: () => void;
}) {
  const { conflict, isOpen } = props;
  const me = useMe()?.user.id ?? null;
  const name = useCellName()(conflict.cell);
  const chooser = whoChooses([conflict], me);
  useLookAt(conflict.n, isOpen && conflict.mayChoose);
  const item = useRef<HTMLLIElement>(null);
  // Settled, here or by somebody else: the focus must not go with it.
  useLayoutEffect(() => {
    const { current } = item;
    const tab = current?.closest<HTMLElement>('[data-conflicts]');
    return () => {
      if (current?.contains(document.activeElement) === true) tab?.focus();
    };
  }, []);
  return (
    <li ref={item} className={classes['item']}>
      <div className={classes['head']}>
        <button type="button" className={classes['go']} title="Go to the cell" onClick={props.onGo}>
          {name}
        </button>
        <Button size="compact-xs" variant="default" aria-expanded={isOpen} onClick={props.onToggle}>
          {isOpen ? 'Close' : conflict.mayChoose ? 'Choose…' : 'Look'}
        </Button>
      </div>
      {isOpen ? (
        <ConflictChoices conflict={conflict} />
      ) : (
        <p className={classes['sentence']}>
          {conflictSentence(conflict, me)}.
          {chooser !== null && <span className={classes['chooser']}> {chooser}.</span>}
        </p>
      )}
    </li>
  );
}
