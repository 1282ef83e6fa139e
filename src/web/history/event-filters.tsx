import { Checkbox, Select } from '@mantine/core';
import { useMemo } from 'react';
import { ROLES, ROLE_TITLES, isRole } from '../../authority/role.ts';
import { cellChoices } from './cell-choices.ts';
import { type EventFilter, allEvents, isFiltered } from './event-search.ts';
import { useHistory, useHistoryView } from './use-history.ts';
import classes from './event-list.module.css';

const CHOICES_MAX = 60;

/** Which events the list shows: by whom, in which role, of which cell, and whether they were refused. */
export function EventFilters({
  filter,
  onFilter,
}: {
  readonly filter: EventFilter;
  readonly onFilter: (filter: EventFilter) => void;
}) {
  const history = useHistory();
  const { timeline, frame } = useHistoryView();
  const choices = useMemo(
    () => cellChoices(frame.quote, filter.cell, history.rowName),
    [frame, filter.cell, history],
  );
  const roles = useMemo(() => {
    const seen = new Set(timeline.points.map(({ role }) => role));
    return ROLES.filter((role) => seen.has(role));
  }, [timeline]);
  return (
    <search className={classes['filters']} aria-label="Which changes">
      <select
        className={classes['select']}
        aria-label="Person"
        value={filter.user ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onFilter({ ...filter, user: value === '' ? null : value })
        }
      >
        <option value="">Everyone</option>
        {timeline.people.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        className={classes['select']}
        aria-label="Role"
        value={filter.role ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onFilter({ ...filter, role: isRole(value) ? value : null })
        }
      >
        <option value="">Any role</option>
        {roles.map((role) => (
          <option key={role} value={role}>
            {ROLE_TITLES[role]}
          </option>
        ))}
      </select>
      <Select
        className={classes['cells'] ?? ''}
        aria-label="Cell"
        placeholder="Any cell"
        size="xs"
        data={choices.map(({ group, items }) => ({ group, items: [...items] }))}
        value={filter.cell}
        onChange={(cell) => onFilter({ ...filter, cell })}
        limit={CHOICES_MAX}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Any cell' }}
        selectFirstOptionOnChange
        nothingFoundMessage="No such cell"
        withScrollArea={false}
        maxDropdownHeight={320}
        classNames={{ options: classes['options'] ?? '' }}
        comboboxProps={{ withinPortal: true }}
      />
      <Checkbox
        size="xs"
        label="Refused only"
        checked={filter.isRefused}
        onChange={({ currentTarget: { checked } }) => onFilter({ ...filter, isRefused: checked })}
      />
      {isFiltered(filter) && (
        <button type="button" className={classes['clear']} onClick={() => onFilter(allEvents)}>
          Show all
        </button>
      )}
    </search>
  );
}
