import { VisuallyHidden } from '@mantine/core';
import { ArrowRight, Ban, Split, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import classes from './activity-tab.module.css';
import type { FeedLine } from './feed-line.ts';

/** One thing that a person did; where there is a cell to it, a button that leads there. */
export const ActivityLine = memo(function ActivityLine({ line, onGo }: ActivityLineProps) {
  const { kind, cell } = line;
  return (
    <li className={classes['line']} data-kind={kind}>
      {cell === null ? (
        <div className={classes['deed']}>
          <Words line={line} />
        </div>
      ) : (
        <button type="button" className={classes['deed']} onClick={() => onGo(cell)}>
          <Words line={line} />
        </button>
      )}
    </li>
  );
}, saysTheSame);

interface ActivityLineProps {
  readonly line: FeedLine;
  readonly onGo: (cell: string) => void;
}

/** Lines are described anew with each entry that comes; nearly all of them say what they said. */
function saysTheSame(before: ActivityLineProps, after: ActivityLineProps): boolean {
  return before.onGo === after.onGo && JSON.stringify(before.line) === JSON.stringify(after.line);
}

function Words({ line: { kind, text, change, detail } }: { readonly line: FeedLine }) {
  return (
    <>
      <span className={classes['text']}>
        {kind === 'refused' && <Ban className={classes['icon']} size={12} aria-hidden="true" />}
        {kind === 'held' && <Split className={classes['icon']} size={12} aria-hidden="true" />}
        {kind === 'overrode' && <TriangleAlert className={classes['icon']} size={12} aria-hidden="true" />}
        {kind === 'refused' && <VisuallyHidden>Refused: </VisuallyHidden>}
        {kind === 'held' && <VisuallyHidden>Held: </VisuallyHidden>}
        {text}
      </span>
      {change !== undefined && <Change kind={kind} change={change} />}
      {detail !== undefined && <span className={classes['detail']}>{detail}</span>}
    </>
  );
}

function Change({ kind, change: { before, after } }: Required<Pick<FeedLine, 'kind' | 'change'>>) {
  return kind === 'refused' || kind === 'held' ? (
    <span className={classes['change']}>
      <span className={classes[kind === 'held' ? 'before' : 'struck']}>{before}</span>
      <span className={classes['stays']}>{kind === 'held' ? 'beside' : 'stays'}</span>
      <span className={classes['after']}>{after}</span>
    </span>
  ) : (
    <span className={classes['change']}>
      <span className={classes['before']}>{before}</span>
      <ArrowRight className={classes['arrow']} size={12} aria-hidden="true" />
      <VisuallyHidden>to</VisuallyHidden>
      <span className={classes['after']}>{after}</span>
    </span>
  );
}
