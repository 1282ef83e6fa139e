import { Combobox, useCombobox } from '@mantine/core';
import { useId, useMemo, useRef } from 'react';
import { fail, ok } from '../../../lib/result.ts';
import { CellFrame } from '../../cell/cell-frame.tsx';
import { type CellText, plainText } from '../../cell/cell-draft.ts';
import { useCellDraft } from '../../cell/use-cell-draft.ts';
import { VerdictPopover } from '../../cell/verdict-popover.tsx';
import { useForeseen } from '../use-room.ts';
import { CellHints } from './cell-hints.tsx';
import { useGoToInput } from './cell-input.tsx';
import { allCurrencies, findCurrencies } from './currencies.ts';
import inputClasses from './cell-input.module.css';
import classes from './currency-field.module.css';

const CELL = 'fields/currency';

/** A currency by its code or its name; what is typed narrows the list. */
const currencyText: CellText = {
  show: plainText.show,
  read(text) {
    const typed = text.trim().toUpperCase();
    if (typed === '' || /^[A-Z]{3}$/.test(typed)) return ok(typed === '' ? null : typed);
    const found = findCurrencies(allCurrencies(), text);
    const [only] = found;
    return found.length === 1 && only !== undefined
      ? ok(only.code)
      : fail('Choose a currency from the list, or type its code, like EUR.');
  },
};

export function CurrencyField({ label }: { readonly label: string }) {
  const draft = useCellDraft(CELL, currencyText);
  const foreseen = useForeseen(CELL);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const input = useRef<HTMLInputElement>(null);
  const hints = useId();
  const all = useMemo(() => allCurrencies(), []);
  useGoToInput(CELL, input);
  const { inputProps, isDrafting } = draft;
  const isClosed = foreseen.kind === 'closed';
  const found = findCurrencies(all, isDrafting ? inputProps.value : '');

  return (
    <CellFrame cell={CELL} hasHint={draft.problem === null} className={inputClasses['frame']}>
      <Combobox
        store={combobox}
        width={280}
        position="bottom-start"
        onOptionSubmit={(code) => {
          draft.change(code);
          draft.commit();
          combobox.closeDropdown();
        }}
      >
        <Combobox.Target withKeyboardNavigation={!isClosed}>
          <input
            {...inputProps}
            ref={input}
            id={CELL}
            className={inputClasses['input']}
            aria-label={label}
            aria-describedby={hints}
            aria-invalid={draft.problem !== null || undefined}
            readOnly={isClosed && !isDrafting}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              inputProps.onChange(event);
              combobox.openDropdown();
              combobox.updateSelectedOptionIndex();
            }}
            onClick={() => {
              if (!isClosed) combobox.openDropdown();
            }}
            onKeyDown={(event) => {
              // Enter takes the marked currency, where one is marked.
              if (event.key === 'Enter' && combobox.getSelectedOptionIndex() >= 0) return;
              inputProps.onKeyDown(event);
              if (event.isDefaultPrevented()) combobox.closeDropdown();
            }}
            onBlur={(event) => {
              combobox.closeDropdown();
              inputProps.onBlur(event);
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown className={classes['dropdown']}>
          <Combobox.Options className={classes['options']} aria-label="Currencies">
            {combobox.dropdownOpened &&
              found.map(({ code, name }) => (
                <Combobox.Option key={code} value={code} className={classes['option'] ?? ''}>
                  <span className={classes['code']}>{code}</span> {name}
                </Combobox.Option>
              ))}
            {found.length === 0 && <Combobox.Empty>No such currency</Combobox.Empty>}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <CellHints
        id={hints}
        problem={draft.problem}
        theirs={draft.theirs}
        closed={isClosed ? foreseen.message : null}
      />
      {draft.problem === null && <VerdictPopover cell={CELL} />}
    </CellFrame>
  );
}
