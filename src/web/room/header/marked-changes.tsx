import { Button, Popover } from '@mantine/core';
import { TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import type { Verdict } from '../../../client/connect-quote.ts';
import { verdictWords } from '../../cell/verdict-words.ts';
import { timeAgo } from '../../words/time-ago.ts';
import { useNow } from '../../words/use-now.ts';
import { isHeldVerdict } from '../conflicts/held-verdict.ts';
import { useCellName } from '../panel/use-row-name.ts';
import { useConflicts, useMarkedCells, useRoom } from '../use-room.ts';
import { markedWords } from './pill-words.ts';
import classes from './marked-changes.module.css';

/** Changes of this person that do not stand, until they are dismissed: how many, and on a click which. */
export function MarkedChanges() {
  const { marks, conflicts, target } = useRoom();
  const [isOpen, setOpen] = useState(false);
  useConflicts();
  const verdicts = useMarkedCells()
    .map(marks.verdictOn)
    .filter((verdict) => verdict !== null)
    .filter((verdict) => !isHeldVerdict(verdict) || conflicts.on(verdict.cell) === null);
  if (verdicts.length === 0) return null;
  const words = markedWords(verdicts);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" width={360} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classes['pill']} onClick={() => setOpen(!isOpen)}>
          <TriangleAlert size={13} strokeWidth={2.25} aria-hidden="true" />
          <span className={classes['label']}>{words}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes['dropdown']} aria-label={words}>
        <ul className={classes['list']}>
          {verdicts.toReversed().map((verdict) => (
            <Marked
              key={verdict.cell}
              verdict={verdict}
              onGo={() => {
                setOpen(false);
                target.goTo(verdict.cell);
              }}
              onDismiss={() => marks.dismiss(verdict.cell)}
            />
          ))}
        </ul>
        <div className={classes['foot']}>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              setOpen(false);
              for (const { cell } of verdicts) marks.dismiss(cell);
            }}
          >
            Dismiss all
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Marked({
  verdict,
  onGo,
  onDismiss,
}: {
  readonly verdict: Verdict;
  readonly onGo: () => void;
  readonly onDismiss: () => void;
}) {
  const cellName = useCellName();
  const { happened, mine } = verdictWords(verdict);
  const name = cellName(verdict.cell);
  const now = useNow();
  return (
    <li className={classes['item']}>
      <button type="button" className={classes['go']} onClick={onGo}>
        <span className={classes['cell']}>
          <span>{name}</span>
          <span className={classes['when']}>{timeAgo(verdict.at, now)}</span>
        </span>
        <span className={classes['words']}>
          {happened} {mine !== null && `Yours: ${mine}.`}
        </span>
      </button>
      <button
        type="button"
        className={classes['dismiss']}
        aria-label={`Dismiss: ${name}`}
        onClick={onDismiss}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </li>
  );
}
