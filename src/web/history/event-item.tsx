import type { LoggedEntry } from '../../wire/http-schemas.ts';
import { colorOf } from '../../wire/person-color.ts';
import { useNow } from '../words/use-now.ts';
import { lineText, pointWords } from './point-words.ts';
import { personOf, pointAt } from './timeline.ts';
import { useDescribing, useEntry, useHistory, useHistoryView } from './use-history.ts';
import classes from './event-list.module.css';

/** px */
export const EVENT_HEIGHT = 66;

const OPTION = { role: 'option' } as const;

export const eventId = (seq: number): string => `event-${seq}`;

/** One entry of the log: who, when, and what. */
export function EventItem(props: {
  readonly seq: number;
  readonly place: { readonly top: number; readonly index: number; readonly count: number };
  /** Only what was asked for of it. */
  readonly found: LoggedEntry | null;
  /** `near`: the point is after it, and before the next one in the list. */
  readonly mark: 'point' | 'near' | null;
}) {
  const { seq, place, found, mark } = props;
  const history = useHistory();
  const { timeline } = useHistoryView();
  const loaded = useEntry(seq);
  const describing = useDescribing();
  const now = useNow();
  const point = pointAt(timeline, seq);
  if (point === null) return null;
  const person = personOf(timeline, point);
  const { who, when, what, moreCount } = pointWords(
    { point, person, entry: found ?? loaded },
    { ...describing, now },
  );
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- its role is spread, the list has the keys
    <div
      id={eventId(seq)}
      {...OPTION}
      aria-selected={mark === 'point'}
      aria-posinset={place.index + 1}
      aria-setsize={place.count}
      className={`${classes['item']} ${classes['event']}`}
      style={{ top: place.top, height: EVENT_HEIGHT }}
      data-mark={mark ?? undefined}
      data-kind={what.kind}
      onClick={() => history.goTo(seq)}
    >
      <span className={classes['bar']} style={{ backgroundColor: colorOf(person.id) }} aria-hidden />
      <span className={classes['head']}>
        <span className={classes['who']}>{who}</span>
        <time className={classes['dim']} dateTime={new Date(point.at).toISOString()}>
          {when}
        </time>
      </span>
      <span className={classes['what']} title={lineText(what)}>
        {lineText(what)}
        {moreCount > 0 && <span className={classes['dim']}> and {moreCount} more</span>}
      </span>
    </div>
  );
}
