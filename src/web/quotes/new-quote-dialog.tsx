import { Button, Modal, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { quoteSchema } from '../../wire/http-schemas.ts';
import { ApiError } from '../api/api.ts';
import { useApi } from '../api/use-api.ts';
import { CurrencySelect } from './currency-select.tsx';
import { lastCurrency, rememberCurrency } from './last-currency.ts';
import classes from './new-quote-dialog.module.css';
import {
  type DraftProblems,
  type NewQuoteDraft,
  bodyOfDraft,
  checkDraft,
  problemsOfAnswer,
} from './new-quote-draft.ts';

export function NewQuoteDialog(props: {
  readonly onClose: () => void;
  readonly onCreated: (quoteId: string) => void;
}) {
  const { onClose, onCreated } = props;
  const api = useApi();
  const [draft, setDraft] = useState<NewQuoteDraft>(() => ({
    title: '',
    customer: '',
    currency: lastCurrency(localStorage),
    validUntil: '',
  }));
  const [problems, setProblems] = useState<DraftProblems>({});
  const [isSending, setIsSending] = useState(false);

  function change(changed: Partial<NewQuoteDraft>): void {
    setDraft((before) => ({ ...before, ...changed }));
    setProblems({});
  }

  async function create(): Promise<void> {
    const found = checkDraft(draft);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setIsSending(true);
    try {
      const { id } = await api.send('POST', '/api/quotes', bodyOfDraft(draft), quoteSchema);
      if (draft.currency !== null) rememberCurrency(localStorage, draft.currency);
      onCreated(id);
    } catch (error) {
      setIsSending(false);
      setProblems(error instanceof ApiError ? problemsOfAnswer(error) : { quote: String(error) });
    }
  }

  function onSubmit(event: SyntheticEvent): void {
    event.preventDefault();
    if (!isSending) void create();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      closeButtonProps={{ 'aria-label': 'Close' }}
      title="New quote"
      lockScroll={false}
      size={440}
      centered
    >
      <form className={classes['form']} onSubmit={onSubmit} noValidate>
        <TextInput
          label="Title"
          data-autofocus
          autoComplete="off"
          value={draft.title}
          error={problems.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <TextInput
          label="Customer"
          autoComplete="off"
          value={draft.customer}
          error={problems.customer}
          onChange={(event) => change({ customer: event.currentTarget.value })}
        />
        <div className={classes['pair']}>
          <CurrencySelect
            value={draft.currency}
            error={problems.currency}
            onChange={(currency) => change({ currency })}
          />
          <TextInput
            label="Valid until"
            type="date"
            value={draft.validUntil}
            error={problems.validUntil}
            onChange={(event) => change({ validUntil: event.currentTarget.value })}
          />
        </div>
        {problems.quote !== undefined && (
          <p className={classes['problem']} role="alert">
            {problems.quote}
          </p>
        )}
        <div className={classes['actions']}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSending}>
            Create quote
          </Button>
        </div>
      </form>
    </Modal>
  );
}
