import {
  type ChangeEvent,
  type FocusEvent,
  type KeyboardEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { useCell, useMe, useRoom } from '../room/use-room.ts';
import { columnTitle } from '../../quote/column-titles.ts';
import { parseCellId } from '../../quote/cell.ts';
import {
  type CellText,
  type Draft,
  commitOf,
  isOvertaken,
  lastWriter,
  plainText,
  reconsidered,
} from './cell-draft.ts';
import { createEditingSign } from './editing-sign.ts';

/** One cell that is edited as text: spread `inputProps` on an input, and show `problem` and `theirs` below it. */
export interface CellDraft {
  readonly inputProps: {
    readonly value: string;
    onChange(event: ChangeEvent<HTMLInputElement>): void;
    onFocus(event: FocusEvent<HTMLInputElement>): void;
    onBlur(event: FocusEvent<HTMLInputElement>): void;
    onKeyDown(event: KeyboardEvent<HTMLInputElement>): void;
  };
  readonly isDrafting: boolean;
  /** Why the draft was not taken; it stays until it is changed. */
  readonly problem: string | null;
  /** What somebody else wrote here meanwhile; `by` is null until it is known. */
  readonly theirs: { readonly text: string; readonly by: string | null } | null;
  change(text: string): void;
  /** True where no draft is left. `leaving`: by Tab or a click elsewhere. */
  commit(leaving?: boolean): boolean;
  cancel(): void;
}

/** Enter, Tab and leaving commit; Escape takes back what was typed and leaves what stands. */
export function useCellDraft(cell: string, text: CellText = plainText): CellDraft {
  const { quote, activity } = useRoom();
  const value = useCell(cell);
  const me = useMe()?.user.id;
  const [draft, setDraft] = useState<Draft | null>(null);
  // The newest one, for events that come before the next rendering: Enter, then blur.
  const newest = useRef(draft);
  const sign = useMemo(() => createEditingSign(quote.presence, cell, Date.now), [quote, cell]);
  useEffect(() => () => sign.leave(), [sign]);

  const overtaken = isOvertaken(draft, value, text.read);
  const by = useSyncExternalStore(activity.observe, () =>
    overtaken ? lastWriter(activity.entries(), cell, me) : null,
  );

  function become(next: Draft | null): void {
    newest.current = next;
    setDraft(next);
    if (next === null) sign.rest();
  }

  function change(typed: string): void {
    const base = newest.current === null ? quote.readCell(cell) : newest.current.base;
    become({ text: typed, base, problem: null });
    sign.type();
  }

  function commit(leaving = false): boolean {
    const { current } = newest;
    if (current === null) return true;
    const outcome = commitOf(current, quote.readCell(cell), text.read, leaving);
    const problem =
      outcome.kind === 'unreadable'
        ? outcome.problem
        : outcome.kind === 'nothing'
          ? null
          : whyNotWritten(outcome.value);
    become(problem === null ? null : { ...current, problem });
    return problem === null;
  }

  // What stood in the way may be gone, or something else be there.
  const isRefused = draft !== null && draft.problem !== null;
  useEffect(() => {
    if (!isRefused) return undefined;
    const askAgain = (): void => {
      if (newest.current === null) return;
      const outcome = commitOf(newest.current, quote.readCell(cell), text.read, false);
      newest.current = reconsidered(newest.current, outcome, (next) => quote.foresight.ask(cell, next));
      setDraft(newest.current);
    };
    const ends = [quote.foresight.observe(askAgain), quote.observe(cell, askAgain)];
    return () => {
      for (const end of ends) end();
    };
  }, [quote, cell, text, isRefused]);

  function whyNotWritten(next: Parameters<typeof quote.setCell>[1]): string | null {
    const foreseen = quote.foresight.ask(cell, next);
    if (foreseen.kind === 'closed') return foreseen.message;
    const written = quote.setCell(cell, next);
    return written.ok ? null : inWords(cell, written.reason);
  }

  return {
    inputProps: {
      value: draft?.text ?? text.show(value),
      onChange: ({ currentTarget }) => change(currentTarget.value),
      onFocus: () => sign.enter(),
      onBlur({ currentTarget }) {
        // A half-typed date reads as empty, which is not what was meant.
        if (currentTarget.validity.badInput) become(null);
        commit(true);
        sign.leave();
      },
      onKeyDown(event) {
        if (event.nativeEvent.isComposing || newest.current === null) return;
        if (event.key === 'Enter') commit();
        else if (event.key === 'Escape') become(null);
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
    },
    isDrafting: draft !== null,
    problem: draft?.problem ?? null,
    theirs: overtaken ? { text: text.show(value), by } : null,
    change,
    commit,
    cancel: () => become(null),
  };
}

/** A reason that names the cell as the document does, with the name that people know. */
function inWords(cell: string, reason: string): string {
  const parsed = parseCellId(cell);
  const named = parsed === null ? reason : reason.replace(cell, columnTitle(parsed.root, parsed.column));
  return named.endsWith('.') ? named : `${named}.`;
}
