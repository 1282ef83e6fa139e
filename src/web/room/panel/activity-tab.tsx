import { Button, Skeleton } from '@mantine/core';
import { memo, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { ROLE_TITLES } from '../../../authority/role.ts';
import { clockTime, timeAgo } from '../../words/time-ago.ts';
import { useConflicts, useSaveState, useVerdicts } from '../use-room.ts';
import { ActivityLine } from './activity-line.tsx';
import classes from './activity-tab.module.css';
import { isWaitingIn } from '../conflicts/conflict-words.ts';
import { describeEntry } from './describe-entry.ts';
import { type FeedFilter, authorsOf, filterFeed } from './feed-filter.ts';
import { feedNotice } from './feed-notice.ts';
import { type FeedGroup, groupLines } from './group-lines.ts';
import { overriddenMine } from './overridden-mine.ts';
import type { PanelTabProps } from './panel-tab.ts';
import { PersonAvatar } from '../people/person-avatar.tsx';
import { useFeed } from './use-feed.ts';
import { useGoTo } from './use-go-to.ts';
import { useNow } from '../../words/use-now.ts';
import { useRowName } from './use-row-name.ts';

/** Who did what, newest first: before and after, what was refused and why. */
export function ActivityTab({ onLeave }: PanelTabProps) {
  const { state, feed } = useFeed();
  const entries = useDeferredValue(state.entries);
  const overridden = overriddenMine(useVerdicts());
  const isWaiting = isWaitingIn(useConflicts());
  const [filter, setFilter] = useState<FeedFilter>({ kind: 'everything' });
  const rowName = useRowName();
  const goTo = useGoTo(onLeave);
  const now = useNow();
  const save = useSaveState();
  const isOffline = save.kind === 'offline';
  const notice = feedNotice(state, save, navigator.onLine);
  useEffect(() => {
    if (!isOffline) feed.retry();
  }, [isOffline, feed]);
  const described = entries.map((entry) => ({
    entry,
    lines: describeEntry(entry, { rowName, overridden, isWaiting }),
  }));
  const groups = groupLines(filterFeed(described, filter));
  return (
    <div className={classes['feed']}>
      <FilterBar people={useMemo(() => authorsOf(entries), [entries])} onFilter={setFilter} />
      {groups.length > 0 && (
        <ol className={classes['groups']}>
          {groups.map((group) => (
            <Group key={group.key} group={group} now={now} onGo={goTo} />
          ))}
        </ol>
      )}
      {groups.length === 0 && !state.isLoading && notice === null && (
        <p className={classes['empty']}>{EMPTY[filter.kind]}</p>
      )}
      {notice === 'waiting' && <Waiting />}
      {notice === 'offline' && (
        <p className={classes['empty']}>You are offline. What happened before is shown when you are back.</p>
      )}
      {notice === 'problem' && (
        <div className={classes['problem']} role="alert">
          <p>{state.problem}</p>
          <Button size="compact-sm" variant="default" onClick={feed.retry}>
            Try again
          </Button>
        </div>
      )}
      {state.hasEarlier && state.problem === null && entries.length > 0 && (
        <Button
          className={classes['earlier'] ?? ''}
          size="compact-sm"
          variant="default"
          loading={state.isLoading}
          onClick={feed.showEarlier}
        >
          Show earlier
        </Button>
      )}
    </div>
  );
}

const EMPTY: Readonly<Record<FeedFilter['kind'], string>> = {
  everything: 'Nothing has happened yet. Changes show up here as people make them.',
  refused: 'Nothing shown here was refused, held or overridden.',
  person: 'Nothing shown here is by this person.',
};

function FilterBar({
  people,
  onFilter,
}: {
  readonly people: ReturnType<typeof authorsOf>;
  readonly onFilter: (filter: FeedFilter) => void;
}) {
  return (
    <select
      className={classes['filter']}
      aria-label="Activity to show"
      onChange={({ currentTarget: { value } }) =>
        onFilter(
          value.startsWith('person ')
            ? { kind: 'person', user: value.slice('person '.length) }
            : { kind: value === 'refused' ? 'refused' : 'everything' },
        )
      }
    >
      <option value="everything">Everything</option>
      <option value="refused">Refused, held, overridden</option>
      {people.length > 0 && (
        <optgroup label="Only by">
          {people.map(({ id, name }) => (
            <option key={id} value={`person ${id}`}>
              {name}
            </option>
          ))}
        </optgroup>
      )}
    </select>
  );
}

function Group({
  group: { user, at, lines },
  now,
  onGo,
}: {
  readonly group: FeedGroup;
  readonly now: number;
  readonly onGo: (cell: string) => void;
}) {
  return (
    <li className={classes['group']}>
      <PersonAvatar user={user} />
      <div className={classes['deeds']}>
        <p className={classes['who']}>
          <span className={classes['name']}>{user.name}</span>
          <span className={classes['role']}>{ROLE_TITLES[user.role]}</span>
          <time className={classes['time']} dateTime={new Date(at).toISOString()} title={clockTime(at, now)}>
            {timeAgo(at, now)}
          </time>
        </p>
        <ul className={classes['lines']}>
          {lines.map((line) => (
            <ActivityLine key={line.key} line={line} onGo={onGo} />
          ))}
        </ul>
      </div>
    </li>
  );
}

const Waiting = memo(function Waiting() {
  return (
    <div className={classes['waiting']} aria-busy="true">
      {[1, 2, 3, 4].map((key) => (
        <Skeleton key={key} height={44} radius={6} />
      ))}
    </div>
  );
});
