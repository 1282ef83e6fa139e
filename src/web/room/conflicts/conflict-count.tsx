import { useConflicts } from '../use-room.ts';
import classes from './conflict-count.module.css';

/** How many there are, beside the tab's name; nothing where there are none. */
export function ConflictCount() {
  const { length } = useConflicts();
  return length === 0 ? null : <span className={classes['count']}>{length}</span>;
}
