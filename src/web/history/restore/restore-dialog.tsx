import { Button, Modal, Skeleton } from '@mantine/core';
import { unreachable } from '../../../lib/assert.ts';
import { countOf } from '../../words/count-of.ts';
import type { RestoreAsked } from './restore-asked.ts';
import { RestoreDone } from './restore-done.tsx';
import { RestoreList } from './restore-list.tsx';
import { restoreLines } from './restore-lines.ts';
import type { RestoringView } from './restoring.ts';
import { type RestoringHere, useRestoring } from './use-restoring.ts';
import classes from './restore.module.css';

/** First what would change and what would be refused, then the restore, then what became of it. */
export function RestoreDialog(props: {
  readonly quoteId: string;
  readonly asked: RestoreAsked;
  readonly onClose: () => void;
}) {
  const { quoteId, asked, onClose } = props;
  const here = useRestoring(quoteId, asked);
  const isSending = here.view.kind === 'sending';
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Restore ${asked.what}`}
      closeButtonProps={{ 'aria-label': 'Close', disabled: isSending }}
      closeOnEscape={!isSending}
      closeOnClickOutside={!isSending}
      lockScroll={false}
      size={600}
      transitionProps={{ duration: 0 }}
    >
      <div className={classes['body']}>
        <Body quoteId={quoteId} asked={asked} here={here} onClose={onClose} />
      </div>
    </Modal>
  );
}

function Body(props: {
  readonly quoteId: string;
  readonly asked: RestoreAsked;
  readonly here: RestoringHere;
  readonly onClose: () => void;
}) {
  const { quoteId, asked, here, onClose } = props;
  const { view } = here;
  switch (view.kind) {
    case 'opening':
      return (
        <>
          <output className={classes['hint']}>
            {view.isOffline
              ? 'The server cannot be reached. What differs is shown once it can be.'
              : 'Comparing with the quote as it is now…'}
          </output>
          <Skeleton height={96} radius={6} />
        </>
      );
    case 'barred':
      return (
        <>
          <p className={classes['barred']} role="alert">
            {view.message}
          </p>
          <Actions>
            <Button size="compact-md" variant="default" onClick={onClose}>
              Close
            </Button>
          </Actions>
        </>
      );
    case 'ready':
      return <Preview asked={asked} here={here} view={view} onClose={onClose} />;
    case 'sending':
      return (
        <>
          <output className={classes['hint']}>
            {view.isOffline
              ? 'The connection was lost. The changes go out as soon as it is back; leaving this page loses them.'
              : 'Restoring…'}
          </output>
          {view.isOffline && (
            <Actions>
              <Button size="compact-md" variant="default" onClick={onClose}>
                Close and lose them
              </Button>
            </Actions>
          )}
        </>
      );
    case 'done':
      return <RestoreDone quoteId={quoteId} outcome={view.outcome} here={here} onClose={onClose} />;
    default:
      return unreachable(view);
  }
}

function Preview(props: {
  readonly asked: RestoreAsked;
  readonly here: RestoringHere;
  readonly view: Extract<RestoringView, { kind: 'ready' }>;
  readonly onClose: () => void;
}) {
  const { asked, here, view, onClose } = props;
  const { changed, problem } = view;
  const lines = restoreLines(view.preview, here.describing);
  const refused = lines.filter(({ refusal }) => refusal !== null);
  const open = lines.filter(({ refusal }) => refusal === null);
  const willDo = open.filter(({ key }) => !changed.has(key));
  return (
    <>
      <p className={classes['hint']}>
        {lines.length === 0
          ? `Nothing to restore: ${asked.what} is the same now as after ${asked.when}.`
          : `Back to what it was after ${asked.when}. It is written on top, in your name, as one new entry: nothing of the history is lost.`}
      </p>
      <RestoreList title="Changes" lines={open} changed={changed} />
      <RestoreList
        title={open.length === 0 ? 'All of it would be refused' : 'Would be refused, and stays as it is'}
        lines={refused}
        changed={changed}
      />
      {problem !== null && (
        <p className={classes['barred']} role="alert">
          {problem}
        </p>
      )}
      <Actions>
        {changed.size > 0 && (
          <Button size="compact-md" variant="default" onClick={here.preview}>
            Preview again
          </Button>
        )}
        <Button size="compact-md" variant="default" onClick={onClose}>
          {willDo.length === 0 ? 'Close' : 'Cancel'}
        </Button>
        {willDo.length > 0 && (
          <Button size="compact-md" onClick={here.carryOut} data-autofocus>
            Restore {countOf(willDo.length, 'change')}
          </Button>
        )}
      </Actions>
    </>
  );
}

const Actions = ({ children }: { readonly children: React.ReactNode }) => (
  <div className={classes['actions']}>{children}</div>
);
