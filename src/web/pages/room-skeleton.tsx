import classes from './room-skeleton.module.css';

const LINES = Array.from({ length: 14 }, (_, at) => at);

/** While a quote is on its way: what will be there, at the same heights, so that nothing jumps. */
export const RoomSkeleton = () => (
  <main className={classes['page']} aria-busy="true" aria-label="Opening the quote">
    <div className={classes['header']} />
    <div className={classes['card']} />
    <div className={classes['lines']}>
      {LINES.map((line) => (
        <div key={line} className={classes['line']} />
      ))}
    </div>
  </main>
);
