import { Button, Menu, SegmentedControl } from '@mantine/core';
import { ChevronDown, FileUp, Plus } from 'lucide-react';
import { STATUSES } from '../../quote/columns.ts';
import classes from './list-toolbar.module.css';
import { type QuoteFilter, WHOSE, type Whose } from './quote-filter.ts';
import { StatusMark } from './status-mark.tsx';

const WHOSE_TITLES: Readonly<Record<Whose, string>> = { all: 'All', mine: 'Mine', live: 'Live now' };

export function ListToolbar(props: {
  readonly filter: QuoteFilter;
  readonly onFilter: (filter: QuoteFilter) => void;
  readonly onNew: () => void;
  readonly onImport: () => void;
}) {
  const { filter, onFilter, onNew, onImport } = props;
  return (
    <div className={classes['toolbar']}>
      <h1 className={classes['title']}>Quotes</h1>
      <SegmentedControl
        aria-label="Which quotes"
        size="sm"
        classNames={{ label: classes['segment'] ?? '' }}
        data={WHOSE.map((value) => ({ value, label: WHOSE_TITLES[value] }))}
        value={filter.whose}
        onChange={(whose) => onFilter({ ...filter, whose })}
      />
      <StatusFilter status={filter.status} onStatus={(status) => onFilter({ ...filter, status })} />
      <div className={classes['actions']}>
        <Button
          variant="default"
          size="sm"
          title="Choose a CSV or JSON file, drop one on this page, or paste a table from Excel"
          leftSection={<FileUp size={16} aria-hidden />}
          onClick={onImport}
        >
          Import
        </Button>
        <Button size="sm" leftSection={<Plus size={16} aria-hidden />} aria-keyshortcuts="n" onClick={onNew}>
          New quote
        </Button>
      </div>
    </div>
  );
}

function StatusFilter(props: {
  readonly status: QuoteFilter['status'];
  readonly onStatus: (status: QuoteFilter['status']) => void;
}) {
  const { status, onStatus } = props;
  return (
    <Menu position="bottom-start" width={180} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" size="sm" rightSection={<ChevronDown size={16} aria-hidden />}>
          {status === null ? ANY_STATUS : <StatusMark status={status} />}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={status ?? ''}
          onChange={(value) => onStatus(STATUSES.find((one) => one === value) ?? null)}
        >
          <Menu.RadioItem value="" closeMenuOnClick>
            {ANY_STATUS}
          </Menu.RadioItem>
          {STATUSES.map((one) => (
            <Menu.RadioItem key={one} value={one} closeMenuOnClick>
              <StatusMark status={one} />
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

const ANY_STATUS = 'Any status';
