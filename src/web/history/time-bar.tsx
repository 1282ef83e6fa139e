import { ChevronsRight, GitCompareArrows } from 'lucide-react';
import { problemOf } from '../words/problem-of.ts';
import { PlayerButtons } from './player-buttons.tsx';
import { spokenPoint } from './point-words.ts';
import { PointSentence } from './point-sentence.tsx';
import { newestOf } from './timeline.ts';
import { TimelineSlider } from './timeline-slider.tsx';
import { useHistory, useHistoryView } from './use-history.ts';
import { usePointWords } from './use-point-words.ts';
import classes from './time-bar.module.css';

/** Where in time: play, step, what happened at the point, and the slider over all of it. */
export function TimeBar() {
  const history = useHistory();
  const { timeline, at, from, missing, problem } = useHistoryView();
  const words = usePointWords(at);
  const newest = newestOf(timeline);
  return (
    <section className={classes['bar']} aria-label="Point in time">
      <div className={classes['row']}>
        <PlayerButtons />
        <PointSentence />
        <span className={classes['place']}>
          {from === null
            ? `Entry ${count(at)} of ${count(newest)}`
            : `Entries ${count(from)} to ${count(at)}`}
        </span>
        {at < newest && (
          <button type="button" className={classes['button']} onClick={() => history.goTo(newest)}>
            <ChevronsRight size={14} aria-hidden />
            {count(newest - at)} newer
          </button>
        )}
        <button
          type="button"
          className={classes['button']}
          aria-pressed={from !== null}
          onClick={() => history.compare(from === null ? comparedFirst(at, newest) : { from: null })}
        >
          <GitCompareArrows size={14} aria-hidden />
          Compare
        </button>
      </div>
      <TimelineSlider spoken={words === null ? `Entry ${at}` : spokenPoint(words)} />
      {missing !== null && (
        <p className={classes['said']} data-tone="warn">
          There is no entry {count(missing)} yet. This is the newest one.
        </p>
      )}
      {problem !== null && (
        <output className={classes['said']} data-tone="bad">
          {problemOf(problem)} Trying again by itself.
        </output>
      )}
    </section>
  );
}

/** With the beginning, or the beginning with now. */
const comparedFirst = (at: number, newest: number): { readonly from: number; readonly at: number } =>
  at > 1 ? { from: 1, at } : { from: at, at: newest };

const count = (entry: number): string => entry.toLocaleString();
