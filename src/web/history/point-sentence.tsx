import { VisuallyHidden } from '@mantine/core';
import { colorOf } from '../../wire/person-color.ts';
import { personOf, pointAt } from './timeline.ts';
import { useHistoryView } from './use-history.ts';
import { usePointWords } from './use-point-words.ts';
import classes from './time-bar.module.css';

/** Who, when, and what: of the point, or of both ends of what is compared. */
export function PointSentence() {
  const { timeline, at, from } = useHistoryView();
  const end = usePointWords(at);
  const start = usePointWords(from ?? 0);
  const point = pointAt(timeline, at);
  if (end === null || point === null) return <p className={classes['words']} />;
  if (from !== null)
    return (
      <p className={classes['words']}>
        <span className={classes['what']}>
          From <b>{start === null ? 'the beginning' : `${start.who}, ${start.when}`}</b> to{' '}
          <b>
            {end.who}, {end.when}
          </b>
        </span>
      </p>
    );
  const { text, change, kind } = end.what;
  return (
    <p className={classes['words']} data-kind={kind} data-testid="point">
      <span
        className={classes['dot']}
        style={{ backgroundColor: colorOf(personOf(timeline, point).id) }}
        aria-hidden
      />
      <b className={classes['who']}>{end.who}</b>
      <time className={classes['when']} dateTime={new Date(point.at).toISOString()}>
        {end.when}
      </time>
      <span className={classes['what']}>
        {kind === 'refused' && 'Refused: '}
        {kind === 'held' && 'Held: '}
        {text}
        {change !== undefined && (
          <>
            <VisuallyHidden>:</VisuallyHidden> <span className={classes['before']}>{change.before}</span>
            <span className={classes['arrow']} aria-hidden>
              {kind === 'done' ? ' → ' : ' · stays '}
            </span>
            <b>{change.after}</b>
          </>
        )}
        {end.moreCount > 0 && <span className={classes['before']}> and {end.moreCount} more</span>}
      </span>
    </p>
  );
}
