import { RotateCcw } from 'lucide-react';
import { Suspense, useState } from 'react';
import type { RestoreScope } from '../../../quote/plan-restore.ts';
import { snapshotOfJson } from '../../../wire/quote-json.ts';
import { clockTime } from '../../words/time-ago.ts';
import { useNow } from '../../words/use-now.ts';
import { pointAt } from '../timeline.ts';
import { useHistoryView, useNewest } from '../use-history.ts';
import type { RestoreAsked } from './restore-asked.ts';
import classes from './restore.module.css';
import { lazyPart } from '../../app/lazy-part.ts';

// It brings the live client along.
const RestoreDialog = lazyPart(() => import('./restore-dialog.tsx').then((part) => part.RestoreDialog));

/** Takes the quote, or a part of it, back to the point; not there at the newest one, where nothing can differ. */
export function RestoreButton(props: {
  readonly quoteId: string;
  readonly scope: RestoreScope;
  /** "the quote", "Roller", "Discount of Roller" */
  readonly what: string;
  /** On the button: "Restore…", "Restore line…" */
  readonly label: string;
  /** Among others in a bar. */
  readonly isSmall?: boolean;
}) {
  const { quoteId, scope, what, label, isSmall = false } = props;
  const { frame, timeline, at, isInSight } = useHistoryView();
  const newest = useNewest();
  const now = useNow();
  const [asked, setAsked] = useState<RestoreAsked | null>(null);
  const point = pointAt(timeline, at);
  return (
    <>
      {at < newest && point !== null && (
        <button
          type="button"
          className={classes['button']}
          data-small={isSmall || undefined}
          aria-haspopup="dialog"
          disabled={!isInSight}
          onClick={() =>
            setAsked({
              scope,
              what,
              when: `entry ${at.toLocaleString()}, ${clockTime(point.at, now)}`,
              past: snapshotOfJson(frame.quote),
            })
          }
        >
          <RotateCcw size={14} aria-hidden />
          {label}
        </button>
      )}
      {asked !== null && (
        <Suspense fallback={null}>
          <RestoreDialog quoteId={quoteId} asked={asked} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  );
}
