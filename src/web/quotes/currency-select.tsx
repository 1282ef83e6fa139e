import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { currencyGroups } from './currencies.ts';
import classes from './currency-select.module.css';

export function CurrencySelect(props: {
  readonly value: string | null;
  readonly onChange: (currency: string | null) => void;
  readonly error?: string | undefined;
  readonly placeholder?: string;
}) {
  const { value, onChange, error, placeholder = 'Code or name' } = props;
  const groups = useMemo(() => currencyGroups(value), [value]);
  return (
    <Select
      label="Currency"
      placeholder={placeholder}
      data={groups}
      value={value}
      onChange={onChange}
      error={error}
      searchable
      openOnFocus={false}
      // What is typed takes the place of what stands there, however the field was reached.
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={(event) => {
        // Enter chooses; it sends the form only while nothing is open to choose from.
        const isOpen = event.currentTarget.getAttribute('aria-expanded') === 'true';
        if (isOpen && event.key === 'Enter') event.preventDefault();
      }}
      selectFirstOptionOnChange
      nothingFoundMessage="No such currency"
      withScrollArea={false}
      classNames={{ options: classes['options'] ?? '' }}
      comboboxProps={{ withinPortal: true }}
    />
  );
}
