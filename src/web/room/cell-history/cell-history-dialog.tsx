import { Modal, Skeleton, VisuallyHidden } from '@mantine/core';
import { Ban, History, Split } from 'lucide-react';
import { Link } from 'wouter';
import { ROLE_TITLES } from '../../../authority/role.ts';
import { parseNoteRootName } from '../../../quote/cell.ts';
import type { WireUser } from '../../../wire/user-schema.ts';
import { colorOf } from '../../../wire/person-color.ts';
import { historyPath } from '../../history/history-address.ts';
import { clockTime } from '../../words/time-ago.ts';
import { useNow } from '../../words/use-now.ts';
import { rowTitle } from '../panel/row-words.ts';
import { useCellName, useRowName } from '../panel/use-row-name.ts';
import { useQuote } from '../use-room.ts';
import { type CellChange, type CellNow, cellChanges, cellNow } from './cell-changes.ts';
import { type CellLog, useCellLog } from './use-cell-log.ts';
import classes from './cell-history.module.css';

/** Who changed a cell: who set what stands there, and all tries to change it, newest first. */
export function CellHistoryDialog({
  cell,
  onClose,
}: {
  readonly cell: string;
  readonly onClose: () => void;
}) {
  const cellName = useCellName();
  const rowName = useRowName();
  const note = parseNoteRootName(cell);
  const name = note === null ? cellName(cell) : rowTitle('notes', note, rowName);
  const { log, problem } = useCellLog(cell);
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Who changed ${name}?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      lockScroll={false}
      size={480}
      // Above what the grid says at its cursor.
      zIndex={400}
      transitionProps={{ duration: 0 }}
    >
      <div className={classes['body']}>
        {problem !== null && (
          <p className={classes['problem']} role="alert">
            {problem}
          </p>
        )}
        {log === null && problem === null && <Skeleton height={120} radius={6} />}
        {log !== null && <Found cell={cell} log={log} />}
      </div>
    </Modal>
  );
}

/** More are for the page of the history. */
const SHOWN_MAX = 50;

function Found({ cell, log }: { readonly cell: string; readonly log: CellLog }) {
  const { quoteId } = useQuote();
  const rowName = useRowName();
  const now = useNow();
  const changes = cellChanges(cell, log.entries, { rowName });
  const stands = cellNow(cell, log.blame);
  const more = changes.length - SHOWN_MAX;
  return (
    <>
      <p className={classes['now']}>{nowWords(stands, now)}</p>
      {changes.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
        <ol className={classes['changes']} aria-label="Changes of this cell, newest first" tabIndex={0}>
          {changes.slice(0, SHOWN_MAX).map((change) => (
            <Change key={change.seq} change={change} quoteId={quoteId} now={now} />
          ))}
        </ol>
      )}
      {more > 0 && <p className={classes['dim']}>and {more.toLocaleString()} earlier</p>}
      {stands.set !== null && (
        <Link href={`${historyPath(quoteId)}?at=${stands.set.seq}`} className={classes['link'] ?? ''}>
          <History size={14} aria-hidden />
          Show in history
        </Link>
      )}
    </>
  );
}

function nowWords({ value, set }: CellNow, now: number): string {
  if (set === null) return 'Nobody has written here yet.';
  const by = `${personWords(set.user)}, ${clockTime(set.at, now)}`;
  return value === null ? `Last changed by ${by}.` : `Now ${value}, set by ${by}.`;
}

const personWords = ({ name, role }: WireUser): string => `${name} (${ROLE_TITLES[role]})`;

function Change({
  change,
  quoteId,
  now,
}: {
  readonly change: CellChange;
  readonly quoteId: string;
  readonly now: number;
}) {
  const { seq, at, user, kind, before, after, detail } = change;
  return (
    <li>
      <Link
        href={`${historyPath(quoteId)}?at=${seq}`}
        className={classes['change'] ?? ''}
        data-kind={kind}
        title="Show in history"
      >
        <span className={classes['head']}>
          <span className={classes['dot']} style={{ backgroundColor: colorOf(user.id) }} aria-hidden />
          <span className={classes['who']}>{personWords(user)}</span>
          <time className={classes['dim']} dateTime={new Date(at).toISOString()}>
            {clockTime(at, now)}
          </time>
        </span>
        <span className={classes['values']}>
          {kind === 'done' ? (
            <>
              <span className={classes['dim']}>{before}</span>
              <span aria-hidden> → </span>
              <VisuallyHidden> to </VisuallyHidden>
              <b>{after}</b>
            </>
          ) : (
            <>
              {kind === 'held' ? <Split size={12} aria-hidden /> : <Ban size={12} aria-hidden />}
              {kind === 'held' ? 'Held' : 'Refused'}
              {after !== null && `: ${after}`}
            </>
          )}
        </span>
        {detail !== null && <span className={classes['dim']}>{detail}</span>}
      </Link>
    </li>
  );
}
