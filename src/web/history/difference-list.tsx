import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { useNow } from '../words/use-now.ts';
import { colorOf } from '../../wire/person-color.ts';
import { countOf } from '../words/count-of.ts';
import { differencesOf } from './differences.ts';
import { authorText } from './tint-words.ts';
import { useDescribing, useHistory, useHistoryView } from './use-history.ts';
import classes from './event-list.module.css';

const ROW_HEIGHT = 64;

/** What is different between the two points that are compared; a click leads to the cell. */
export function DifferenceList() {
  const history = useHistory();
  const { frame } = useHistoryView();
  const describing = useDescribing();
  const now = useNow();
  const differences = useMemo(() => differencesOf(frame.diff, describing), [frame, describing]);
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- nothing is compiled here
  const virtual = useVirtualizer({
    count: differences.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  return (
    <>
      <p className={classes['count']}>
        {differences.length === 0
          ? 'Nothing differs between these points.'
          : countOf(differences.length, 'difference')}
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <section ref={scroller} className={classes['scroller']} tabIndex={0} aria-label="Differences">
        <ul className={classes['rows']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const difference = differences[index];
            if (difference === undefined) return null;
            const { key, text, values, change, cell } = difference;
            return (
              <li key={key} className={classes['item']} style={{ top: start, height: ROW_HEIGHT }}>
                <button
                  type="button"
                  className={classes['difference']}
                  disabled={cell === null}
                  onClick={() => history.select(cell)}
                >
                  <span
                    className={classes['bar']}
                    style={{ backgroundColor: colorOf(change.user) }}
                    aria-hidden
                  />
                  <span className={classes['what']}>{text}</span>
                  {values !== null && (
                    <span className={classes['values']}>
                      <span className={classes['dim']}>{values.before} →</span> <b>{values.after}</b>
                    </span>
                  )}
                  <span className={classes['dim']}>{authorText(change, now)}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </section>
    </>
  );
}
