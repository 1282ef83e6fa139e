import { memo, useLayoutEffect, useRef, useState } from 'react';
import { colorOf } from '../../wire/person-color.ts';
import type { Timeline } from './timeline.ts';
import { segmentsOf } from './timeline-segments.ts';
import classes from './timeline-slider.module.css';

const HEIGHT = 20;
/** Below the authors: where something was refused. */
const MARK_HEIGHT = 4;
const MARK_COLOR = '#d97706';

/** The colours of the slider, painted: a picture stays as quick with 100,000 entries as with ten. */
export const TimelineTrack = memo(function TimelineTrack({ timeline }: { readonly timeline: Timeline }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);

  useLayoutEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return undefined;
    const measure = (): void => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen || width === 0) return;
    const scale = window.devicePixelRatio;
    element.width = Math.round(width * scale);
    element.height = HEIGHT * scale;
    pen.scale(scale, scale);
    const { authors, refused } = segmentsOf(timeline, width);
    const isLoose = timeline.points.length * LOOSE_PX <= width;
    for (const { start, end, person } of authors) {
      pen.fillStyle = colorOf(timeline.people[person]?.id ?? '');
      pen.fillRect(start, 0, end - start - (isLoose && end < width ? 1 : 0), HEIGHT - MARK_HEIGHT - 2);
    }
    pen.fillStyle = MARK_COLOR;
    for (const at of refused) pen.fillRect(Math.round(at) - 1, HEIGHT - MARK_HEIGHT, 3, MARK_HEIGHT);
  }, [timeline, width]);

  return <canvas ref={canvas} className={classes['canvas']} aria-hidden />;
});

/** Where entries are as wide as this, a gap between two authors costs nothing. */
const LOOSE_PX = 4;
