import { Tooltip } from '@mantine/core';
import { Redo2, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { UndoOutcome } from '../../../client/connect-quote.ts';
import { isMac } from '../../commands/keys.ts';
import { useCellName } from '../panel/use-row-name.ts';
import { useCanRedo, useCanUndo, useQuote } from '../use-room.ts';
import { IconButton } from './icon-button.tsx';
import { skippedWords } from './skipped-words.ts';
import classes from './room-header.module.css';

const SHOWN_MS = 6_000;

/** Takes back this person's own edits. What others changed since stays, and that is said. */
export function UndoButtons() {
  const quote = useQuote();
  const canUndo = useCanUndo();
  const canRedo = useCanRedo();
  const cellName = useCellName();
  const [skipped, setSkipped] = useState<string | null>(null);
  useEffect(() => {
    if (skipped === null) return undefined;
    const timer = setTimeout(() => setSkipped(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [skipped]);
  const tell = (outcome: UndoOutcome): void =>
    setSkipped(outcome.kind === 'cells' ? skippedWords(outcome.skipped.map(cellName)) : null);
  return (
    <Tooltip label={skipped} opened={skipped !== null} multiline maw={280}>
      <span className={classes['undo']}>
        <IconButton
          label="Undo"
          hint={`Undo your last change (${MOD}Z)`}
          disabled={!canUndo}
          onClick={() => tell(quote.undo())}
        >
          <Undo2 size={16} aria-hidden="true" />
        </IconButton>
        <IconButton
          label="Redo"
          hint={`Redo (${MOD}Shift+Z)`}
          disabled={!canRedo}
          onClick={() => tell(quote.redo())}
        >
          <Redo2 size={16} aria-hidden="true" />
        </IconButton>
      </span>
    </Tooltip>
  );
}

const MOD = isMac() ? '⌘' : 'Ctrl+';
