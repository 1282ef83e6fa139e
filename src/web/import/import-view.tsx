import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CurrencySelect } from '../quotes/currency-select.tsx';
import { formatMoney } from '../../quote/format-amount.ts';
import classes from './import-dialog.module.css';
import type { ImportText } from './import-source.ts';
import { PreviewTable } from './preview-table.tsx';
import { ProblemList } from './problem-list.tsx';
import { Questions } from './questions.tsx';
import { useImport } from './use-import.ts';

/** A file that was read: what becomes of it, and the button. */
export function ImportView(props: {
  readonly text: ImportText;
  readonly onClose: () => void;
  readonly onCreated: (quoteId: string) => void;
}) {
  const { text, onClose, onCreated } = props;
  const { preview, form, totals, isSending, blocked, answer, choose, fill, create } = useImport(
    text,
    onCreated,
  );
  const [shownRow, setShownRow] = useState<number | null>(null);
  const { reading, questions, problems, marks, quote } = preview;
  const { table } = reading;
  const lines = linesOf(quote?.lineItems.length ?? table?.rows.length ?? 0);
  const isFileBad = reading.problems.length > 0;
  return (
    <div className={classes['view']}>
      {!isFileBad && (
        <div className={classes['form']}>
          <TextInput
            label="Title"
            data-autofocus
            autoComplete="off"
            value={form.title}
            onChange={(event) => fill({ title: event.currentTarget.value })}
          />
          <TextInput
            label="Customer"
            autoComplete="off"
            value={form.customer}
            onChange={(event) => fill({ customer: event.currentTarget.value })}
          />
          <CurrencySelect
            value={form.currency}
            placeholder={`Not in the ${text.noun}`}
            onChange={(currency) => fill({ currency })}
          />
        </div>
      )}
      {!isFileBad && <Questions questions={questions} onChoose={choose} />}
      {problems.length > 0 && <ProblemList problems={problems} onShow={setShownRow} />}
      {table !== null && table.rows.length > 0 && (
        <PreviewTable table={table} marks={marks} totals={totals} shownRow={shownRow} />
      )}
      {answer !== null && (
        <p className={classes['answer']} role="alert">
          {answer}
        </p>
      )}
      <div className={classes['footer']}>
        <div className={classes['sum']}>
          <span>{lines}</span>
          {totals !== null && (
            <span>
              Total <strong>{formatMoney(totals.total, totals.currency)}</strong>
            </span>
          )}
        </div>
        <output className={classes['blocked']} id="import-blocked">
          {isSending ? `Sending ${lines}` : blocked}
        </output>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={blocked !== null}
          loading={isSending}
          aria-describedby="import-blocked"
          onClick={() => void create()}
        >
          {isFileBad ? 'Create quote' : `Create quote with ${lines}`}
        </Button>
      </div>
    </div>
  );
}

const linesOf = (count: number): string => `${count.toLocaleString()} ${count === 1 ? 'line' : 'lines'}`;
