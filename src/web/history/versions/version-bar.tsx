import { Popover } from '@mantine/core';
import { Bookmark, ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useHistoryView } from '../use-history.ts';
import { useVersions } from './use-versions.ts';
import { VersionList } from './version-list.tsx';
import { NameForm } from './name-form.tsx';
import { mayName, versionsAt } from './versions.ts';
import classes from './versions.module.css';

/** Which version the point is, by its name; and behind that all of them, to go to, to name, rename and delete. */
export function VersionBar({ quoteId }: { readonly quoteId: string }) {
  const { at } = useHistoryView();
  const here = useVersions(quoteId);
  const [isOpen, setOpen] = useState(false);
  const current = versionsAt(here.versions ?? [], at)[0];
  const isNamer = here.reader !== null && mayName(here.reader);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      offset={4}
      width={360}
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          className={classes['open']}
          data-named={current !== undefined || undefined}
          onClick={() => {
            if (!isOpen) here.reload();
            setOpen(!isOpen);
          }}
        >
          <Bookmark size={14} aria-hidden />
          <span className={classes['clipped']}>{current?.name ?? 'Versions'}</span>
          <ChevronDown size={12} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes['dropdown']} aria-label="Versions">
        {isNamer && (
          <NameForm
            key={at}
            label={`Name the quote as of entry ${at.toLocaleString()}`}
            action="Name it"
            onName={(name) => here.name(name, at)}
          />
        )}
        {here.reader !== null && !isNamer && (
          <p className={classes['hint']}>
            You can only view this quote: its editors and hosts name versions.
          </p>
        )}
        {here.problem !== null && (
          <p className={classes['problem']} role="alert">
            {here.problem}
          </p>
        )}
        {here.versions !== null && <VersionList here={here} onGo={() => setOpen(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}
