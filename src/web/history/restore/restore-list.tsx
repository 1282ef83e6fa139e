import { VisuallyHidden } from '@mantine/core';
import { CircleSlash } from 'lucide-react';
import { useId } from 'react';
import { countOf } from '../../words/count-of.ts';
import type { RestoreLine } from './restore-lines.ts';
import classes from './restore.module.css';

/** More than anybody reads in a dialog. */
const LINES_MAX = 200;

/** What a restore does, or would not be let do and why; nothing where there is nothing. */
export function RestoreList(props: {
  readonly title: string;
  readonly lines: readonly RestoreLine[];
  /** What somebody else has changed since. */
  readonly changed: ReadonlySet<string>;
}) {
  const { title, lines, changed } = props;
  const id = useId();
  if (lines.length === 0) return null;
  return (
    <section className={classes['section']} aria-labelledby={id}>
      <h3 id={id}>
        {title} <span className={classes['count']}>{lines.length.toLocaleString()}</span>
      </h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <ul className={classes['lines']} aria-labelledby={id} tabIndex={0}>
        {lines.slice(0, LINES_MAX).map(({ key, text, values, refusal }) => (
          <li key={key} className={classes['line']} data-refused={refusal !== null || undefined}>
            <span className={classes['what']}>{text}</span>
            {values !== null && (
              <span className={classes['values']}>
                <VisuallyHidden>from </VisuallyHidden>
                <span className={classes['before']}>{values.before}</span>
                <span aria-hidden> → </span>
                <VisuallyHidden> to </VisuallyHidden>
                <b>{values.after}</b>
              </span>
            )}
            {refusal !== null && (
              <span className={classes['refusal']}>
                <CircleSlash size={12} aria-hidden />
                {refusal}
              </span>
            )}
            {refusal === null && changed.has(key) && (
              <span className={classes['refusal']}>Somebody just changed it: left alone.</span>
            )}
          </li>
        ))}
      </ul>
      {lines.length > LINES_MAX && (
        <p className={classes['hint']}>and {countOf(lines.length - LINES_MAX, 'more change')}</p>
      )}
    </section>
  );
}
