import { Button } from '@mantine/core';
import { Pencil, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { VersionJson } from '../../../wire/version-schemas.ts';
import { IconButton } from '../../room/header/icon-button.tsx';
import { useTask } from '../../room/use-task.ts';
import { clockTime } from '../../words/time-ago.ts';
import { useNow } from '../../words/use-now.ts';
import { useHistory, useHistoryView } from '../use-history.ts';
import { NameForm } from './name-form.tsx';
import type { Versions } from './use-versions.ts';
import { mayChange } from './versions.ts';
import classes from './versions.module.css';

/** All named versions, newest point first: a click goes to it. */
export function VersionList({ here, onGo }: { readonly here: Versions; readonly onGo: () => void }) {
  const versions = here.versions ?? [];
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place} tabIndex={-1} className={classes['place']}>
      {versions.length === 0 && <p className={classes['hint']}>No version of this quote has a name yet.</p>}
      {versions.length > 0 && (
        <ul className={classes['list']} aria-label="Named versions">
          {versions.map((version) => (
            <VersionRow
              key={version.id}
              version={version}
              here={here}
              onGo={onGo}
              // What had the focus is gone.
              onChanged={() => place.current?.focus()}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

function VersionRow(props: {
  readonly version: VersionJson;
  readonly here: Versions;
  readonly onGo: () => void;
  readonly onChanged: () => void;
}) {
  const { version, here, onGo, onChanged } = props;
  const history = useHistory();
  const { at } = useHistoryView();
  const [doing, setDoing] = useState<'rename' | 'delete' | null>(null);
  const now = useNow();
  const endDoing = (): void => {
    setDoing(null);
    onChanged();
  };
  const isOwn = here.reader !== null && mayChange(here.reader, version);
  if (doing === 'rename')
    return (
      <li className={classes['item']}>
        <NameForm
          label={`Rename ${version.name}`}
          action="Rename"
          name={version.name}
          onName={async (name) => {
            await here.rename(version.id, name);
            endDoing();
          }}
          onCancel={endDoing}
        />
      </li>
    );
  return (
    <li className={classes['item']}>
      <button
        type="button"
        className={classes['version']}
        aria-current={version.seq === at || undefined}
        onClick={() => {
          history.goTo(version.seq);
          onGo();
        }}
      >
        <b className={classes['clipped']}>{version.name}</b>
        <span className={classes['dim']}>
          Entry {version.seq.toLocaleString()}, {clockTime(version.at, now)} · named by {version.namedBy.name}
        </span>
      </button>
      {isOwn && (
        <>
          <IconButton label={`Rename ${version.name}`} hint="Rename" onClick={() => setDoing('rename')}>
            <Pencil size={14} aria-hidden />
          </IconButton>
          <IconButton label={`Delete ${version.name}`} hint="Delete" onClick={() => setDoing('delete')}>
            <Trash2 size={14} aria-hidden />
          </IconButton>
        </>
      )}
      {doing === 'delete' && (
        <Question
          onDelete={async () => {
            await here.remove(version.id);
            onChanged();
          }}
          onCancel={endDoing}
        />
      )}
    </li>
  );
}

function Question(props: { readonly onDelete: () => Promise<void>; readonly onCancel: () => void }) {
  const { isBusy, problem, run } = useTask();
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  return (
    <div className={classes['question']}>
      <p>Delete the name? The quote and its history stay as they are.</p>
      <Button ref={yes} size="compact-sm" color="red" loading={isBusy} onClick={() => run(props.onDelete)}>
        Delete
      </Button>
      <Button size="compact-sm" variant="default" onClick={props.onCancel}>
        Cancel
      </Button>
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
