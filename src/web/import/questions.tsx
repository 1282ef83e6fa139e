import { Button } from '@mantine/core';
import { Check } from 'lucide-react';
import type { ImportChoices, Question } from './import-questions.ts';
import classes from './questions.module.css';

/** What the file leaves open. An answer may be changed as long as the dialog is open. */
export const Questions = (props: {
  readonly questions: readonly Question[];
  readonly onChoose: (choice: Partial<ImportChoices>) => void;
}) =>
  props.questions.map(({ id, text, answers, chosen }) => (
    <fieldset
      key={id}
      className={classes['question']}
      aria-label={text}
      data-open={chosen === null || undefined}
    >
      <span className={classes['text']}>{text}</span>
      {answers.map(({ value, label, choice }) => (
        <Button
          key={value}
          size="compact-sm"
          variant={chosen === value ? 'filled' : 'default'}
          aria-pressed={chosen === value}
          leftSection={chosen === value ? <Check size={14} aria-hidden /> : null}
          onClick={() => props.onChoose(choice)}
        >
          {label}
        </Button>
      ))}
    </fieldset>
  ));
