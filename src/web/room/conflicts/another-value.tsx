import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { type CellValue, parseCellId } from '../../../quote/cell.ts';
import type { Result } from '../../../lib/result.ts';
import { plainText } from '../../cell/cell-draft.ts';
import { readCellText } from '../../grid/clipboard/read-cell-text.ts';
import { useCellName } from '../panel/use-row-name.ts';
import classes from './conflict-choices.module.css';

/** A third value. Whether the cell takes it, the server says; a number is read as the grid reads it. */
export function AnotherValue(props: {
  readonly cell: string;
  readonly onWrite: (value: CellValue) => void;
  readonly onCancel: () => void;
}) {
  const name = useCellName()(props.cell);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      className={classes['another']}
      onSubmit={(event) => {
        event.preventDefault();
        const read = readValue(props.cell, text);
        setProblem(read.ok ? null : read.reason);
        if (read.ok) props.onWrite(read.value);
      }}
    >
      <input
        ref={input}
        className={classes['input']}
        aria-label={`Another value for ${name}`}
        aria-invalid={problem !== null || undefined}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <Button size="compact-sm" type="submit" disabled={text.trim() === ''}>
        Set
      </Button>
      <Button size="compact-sm" variant="default" onClick={props.onCancel}>
        Cancel
      </Button>
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

function readValue(cell: string, text: string): Result<CellValue> {
  const parsed = parseCellId(cell);
  return parsed?.root === 'lineItems' ? readCellText(parsed.column, text) : plainText.read(text);
}
