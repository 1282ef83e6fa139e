import { Button } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { LINK_PERMISSIONS, type LinkPermission } from '../../../wire/link-schemas.ts';
import { useNow } from '../../words/use-now.ts';
import { useTask } from '../use-task.ts';
import { CopyLine } from './copy-line.tsx';
import classes from './share-dialog.module.css';
import type { MadeLink, ShareLinksHere } from './use-share-links.ts';
import { LINK_LIVES, LINK_TITLES, type LinkLife, endWords } from './share-words.ts';

/** Makes a link, and shows the one just made: the server gives its address this once. */
export function LinkForm({
  made,
  onMake,
  onMade,
}: {
  /** The one just made. */
  readonly made: MadeLink | null;
  readonly onMake: ShareLinksHere['make'];
  readonly onMade: (made: MadeLink) => void;
}) {
  const [permission, setPermission] = useState<LinkPermission>('editor');
  const [life, setLife] = useState<LinkLife>(WEEK);
  const { isBusy, problem, run } = useTask();

  function make(event: SyntheticEvent): void {
    event.preventDefault();
    run(async () => onMade(await onMake(permission, life)));
  }

  return (
    <>
      <form className={classes['form']} onSubmit={make}>
        <label className={classes['label']}>
          Who opens it
          <select
            className={classes['select']}
            value={permission}
            onChange={({ currentTarget: { value } }) => setPermission(value as LinkPermission)}
          >
            {LINK_PERMISSIONS.toReversed().map((given) => (
              <option key={given} value={given}>
                {LINK_TITLES[given].toLowerCase()}
              </option>
            ))}
          </select>
        </label>
        <label className={classes['label']}>
          It works
          <select
            className={classes['select']}
            value={LINK_LIVES.findIndex(({ hours }) => hours === life)}
            onChange={({ currentTarget: { value } }) => setLife(LINK_LIVES[Number(value)]?.hours ?? null)}
          >
            {LINK_LIVES.map(({ hours, title }, at) => (
              <option key={hours} value={at}>
                {title.toLowerCase()}
              </option>
            ))}
          </select>
        </label>
        <Button type="submit" variant={made === null ? 'filled' : 'default'} loading={isBusy}>
          {made === null ? 'Make a link' : 'Make another'}
        </Button>
      </form>
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
      {made !== null && <Made key={made.id} made={made} />}
    </>
  );
}

const WEEK = 7 * 24;

function Made({ made }: { readonly made: MadeLink }) {
  const now = useNow();
  return (
    <div className={classes['made']}>
      <output>
        <strong>Copy it now: it is shown only this once.</strong>{' '}
        {`${LINK_TITLES[made.permission]}. ${endWords({ ...made, revokedAt: null, isByHost: true }, now)}.`}
      </output>
      <CopyLine label="New link" address={made.url} action="Copy link" variant="filled" hasFocus />
    </div>
  );
}
