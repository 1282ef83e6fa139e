import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { clockTime } from '../words/time-ago.ts';
import { useNow } from '../words/use-now.ts';
import { personOf, pointAt } from './timeline.ts';
import { TimelineTrack } from './timeline-track.tsx';
import { seqAfterKey, seqAtShare, shareOfSeq } from './timeline-segments.ts';
import { useHistory, useHistoryView } from './use-history.ts';
import classes from './timeline-slider.module.css';

type Thumb = 'at' | 'from';

/** All entries from left to right in their authors' colours, with a thumb at the point; comparing, one at each end. */
export function TimelineSlider({ spoken }: { readonly spoken: string }) {
  const history = useHistory();
  const { timeline, at, from } = useHistoryView();
  const track = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<Thumb | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const count = timeline.points.length;
  const now = useNow();

  function seqUnder({ clientX }: PointerEvent): number {
    const box = track.current?.getBoundingClientRect();
    return box === undefined ? at : seqAtShare(count, (clientX - box.left) / Math.max(1, box.width));
  }

  function moveThumb(thumb: Thumb, seq: number): void {
    if (from === null) return history.goTo(seq);
    if (thumb === 'at') return history.compare({ from, at: seq });
    return history.compare({ from: seq, at });
  }

  /** Ends that pass each other change places, and the hand goes on with the one it has. */
  function drag(event: PointerEvent, thumb: Thumb): void {
    const seq = seqUnder(event);
    moveThumb(thumb, seq);
    if (from !== null)
      setDragged(thumb === 'at' && seq < from ? 'from' : thumb === 'from' && seq > at ? 'at' : thumb);
  }

  function onPointerDown(event: PointerEvent<HTMLDivElement>): void {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const seq = seqUnder(event);
    const thumb: Thumb = from !== null && Math.abs(seq - from) < Math.abs(seq - at) ? 'from' : 'at';
    setDragged(thumb);
    drag(event, thumb);
    track.current?.querySelector<HTMLElement>(`[data-thumb="${thumb}"]`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent, thumb: Thumb): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const seq = seqAfterKey(event.key, thumb === 'at' ? at : (from ?? at), count);
    if (seq === null) return;
    event.preventDefault();
    // By keys the ends meet, but do not pass.
    if (from === null) history.goTo(seq);
    else if (thumb === 'at') history.compare({ from, at: Math.max(seq, from) });
    else history.compare({ from: Math.min(seq, at), at });
  }

  const thumbProps = (thumb: Thumb, seq: number) => ({
    role: 'slider',
    tabIndex: 0,
    'data-thumb': thumb,
    'aria-valuemin': 1,
    'aria-valuemax': Math.max(1, count),
    'aria-valuenow': seq,
    className: classes['thumb'],
    style: { left: `${shareOfSeq(count, Math.max(1, seq)) * 100}%` },
    onKeyDown: (event: KeyboardEvent) => onKeyDown(event, thumb),
  });
  const point = hovered === null || dragged !== null ? null : pointAt(timeline, hovered);
  return (
    <div className={classes['slider']}>
      <div
        ref={track}
        className={classes['track']}
        onPointerDown={onPointerDown}
        onPointerMove={(event) => {
          if (dragged !== null) drag(event, dragged);
          setHovered(seqUnder(event));
        }}
        onPointerUp={() => setDragged(null)}
        onPointerCancel={() => setDragged(null)}
        onPointerLeave={() => setHovered(null)}
      >
        <TimelineTrack timeline={timeline} />
        {from !== null && (
          <div
            className={classes['range']}
            style={{
              left: `${shareOfSeq(count, Math.max(1, from)) * 100}%`,
              right: `${(1 - shareOfSeq(count, at)) * 100}%`,
            }}
          />
        )}
        {from !== null && (
          <div
            {...thumbProps('from', from)}
            aria-label="Compare from entry"
            aria-valuetext={spokenEntry(from, timeline, now)}
          />
        )}
        <div
          {...thumbProps('at', at)}
          aria-label={from === null ? 'Point in time' : 'Compare to entry'}
          aria-valuetext={spoken}
        />
        {point !== null && (
          <span
            className={classes['hint']}
            data-side={shareOfSeq(count, point.seq) > 0.85 ? 'left' : undefined}
            style={{ left: `${shareOfSeq(count, point.seq) * 100}%` }}
            aria-hidden
          >
            {personOf(timeline, point).name}, {clockTime(point.at, now)}
          </span>
        )}
      </div>
    </div>
  );
}

function spokenEntry(seq: number, timeline: Parameters<typeof pointAt>[0], now: number): string {
  const point = pointAt(timeline, seq);
  return point === null
    ? 'Before the first entry'
    : `${personOf(timeline, point).name}, ${clockTime(point.at, now)}`;
}
