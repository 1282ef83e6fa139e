import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ConflictChoice } from '../../../wire/conflict-choice.ts';
import type { CellValue } from '../../../quote/cell.ts';
import { ROLE_TITLES } from '../../../authority/role.ts';
import type { ConflictJson } from '../../../wire/session-schemas.ts';
import { clockTime } from '../../words/time-ago.ts';
import { useNow } from '../../words/use-now.ts';
import { useMe } from '../use-room.ts';
import { AnotherValue } from './another-value.tsx';
import classes from './conflict-choices.module.css';
import {
  type OfferedValue,
  conflictLead,
  offeredValues,
  settlesByItself,
  whoChooses,
  whoMayChoose,
} from './conflict-words.ts';
import { useSettle } from './use-settle.ts';

/** The values of a held conflict, who wrote them and when; for who may, to choose between. */
export function ConflictChoices({
  conflict,
  hint,
}: {
  readonly conflict: ConflictJson;
  /** A key that is of use here. */
  readonly hint?: string;
}) {
  const me = useMe()?.user.id ?? null;
  const now = useNow();
  const { settle, problem } = useSettle(conflict);
  const [isWriting, setWriting] = useState(false);
  const { mayChoose } = conflict;
  // Whoever chooses here knows.
  const chooser = conflict.openedBy?.id === me ? null : whoChooses([conflict], me);

  return (
    <div className={classes['body']}>
      <p className={classes['lead']}>{conflictLead(conflict, me)}</p>
      <ul className={classes['values']}>
        {offeredValues(conflict, me).map((offered) => (
          <Offered
            key={offered.revision}
            offered={offered}
            now={now}
            onChoose={mayChoose ? () => settle(choiceOf(offered)) : null}
          />
        ))}
      </ul>
      {mayChoose && isWriting && (
        <AnotherValue
          cell={conflict.cell}
          onWrite={(value: CellValue) => settle({ choose: 'value', value })}
          onCancel={() => setWriting(false)}
        />
      )}
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
      {chooser !== null && <p className={classes['chooser']}>{chooser}.</p>}
      <div className={classes['foot']}>
        <span>
          {settlesByItself(conflict, me, now)}
          {!mayChoose && ` ${whoMayChoose(conflict)}`}
        </span>
      </div>
      {mayChoose && !isWriting && (
        <div className={classes['more']}>
          <Button size="compact-xs" variant="default" onClick={() => setWriting(true)}>
            Another value…
          </Button>
          {hint !== undefined && <span className={classes['hint']}>{hint}</span>}
        </div>
      )}
    </div>
  );
}

const choiceOf = ({ kind, revision }: OfferedValue): ConflictChoice =>
  kind === 'kept' ? { choose: 'kept' } : { choose: 'parked', revision };

function Offered({
  offered: { kind, text, by, isMine, at },
  now,
  onChoose,
}: {
  readonly offered: OfferedValue;
  readonly now: number;
  readonly onChoose: (() => void) | null;
}) {
  const verb = kind === 'kept' ? 'Keep' : 'Take';
  return (
    <li className={classes['row']} data-kind={kind}>
      <span className={classes['offered']}>
        <span className={classes['value']} data-hidden={text === null || undefined}>
          {text ?? 'Shown to who may choose'}
        </span>
        <span className={classes['by']}>
          {isMine ? 'You' : `${by.name}, ${ROLE_TITLES[by.role]}`}
          {at !== null && ` · ${clockTime(at, now)}`}
          {kind === 'kept' ? ' · kept' : ' · waits'}
        </span>
      </span>
      {onChoose !== null && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`${verb} ${text ?? 'this value'}`}
          onClick={onChoose}
        >
          {verb}
        </Button>
      )}
    </li>
  );
}
