import type { CellId } from '../lib/ids.ts';
import { defaultLimits } from '../lib/limits.ts';
import { type Result, ok } from '../lib/result.ts';
import { noteRootName } from '../quote/cell.ts';
import { parseCellValue } from '../quote/columns.ts';
import {
  type RestorePlan,
  type RestoreScope,
  type RestoreStep,
  type RestoredText,
  planRestore,
} from '../quote/plan-restore.ts';
import { type Snapshot, readSnapshot } from '../quote/snapshot.ts';
import type { Foreseen } from './foresight.ts';
import type { QuoteClient } from './quote-client.ts';

/**
 * Takes a quote, a row or a cell back to what it was: as this user's own new writes, which the gate judges like all
 * others. First a preview, then all or a part of its plan in one transaction: one frame, one entry of the log, one step of undo.
 */
export interface RestorePreview {
  readonly plan: RestorePlan;
  /** The plan's steps in its order, each with what the gate is expected to say; see `Foresight`. */
  readonly steps: readonly ForeseenStep[];
  readonly texts: readonly ForeseenText[];
  /** The plan without what would be refused. */
  readonly open: RestorePlan;
}

export type ForeseenStep = RestoreStep & { readonly foreseen: Foreseen };
export type ForeseenText = RestoredText & { readonly foreseen: Foreseen };

export interface Restored {
  readonly cells: readonly CellId[];
  /** Ids of notes whose text was set. */
  readonly notes: readonly string[];
  /**
   * What was left alone: cells, and `note/<id>` for text, that hold something else by now than when the plan was made, and
   * values that their column takes no more.
   */
  readonly skipped: readonly string[];
}

type RestoringClient = Pick<QuoteClient, 'doc' | 'foresight' | 'readCell' | 'setCells' | 'noteText'>;

/** From what the client holds now to what was `then`, read with its removed rows. */
export function previewRestore(
  { doc, foresight }: RestoringClient,
  then: Snapshot,
  scope?: RestoreScope,
): RestorePreview {
  const plan = planRestore(readSnapshot(doc, { removed: true }), then, scope);
  const together = new Map(plan.steps.map(({ cell, to }) => [cell as string, to]));
  const steps = plan.steps.map((step) => ({
    ...step,
    foreseen: foresight.ask(step.cell, step.to, together),
  }));
  const texts = plan.texts.map((text) => ({
    ...text,
    foreseen: foresight.askOpen(noteRootName(text.note)),
  }));
  const open = {
    steps: plan.steps.filter((_, index) => isOpen(steps[index])),
    texts: plan.texts.filter((_, index) => isOpen(texts[index])),
  };
  return { plan, steps, texts, open };
}

const isOpen = (part: ForeseenStep | ForeseenText | undefined): boolean => part?.foreseen.kind === 'open';

/** Writes a plan, or a part of one. Fails with a sentence, and writes nothing, where this user may not edit. */
export function carryOutRestore(client: RestoringClient, plan: RestorePlan): Result<Restored> {
  const steps = plan.steps.filter(
    ({ cell, from, to }) => client.readCell(cell) === from && isWritable(cell, to),
  );
  const texts = plan.texts.filter(({ note, from }) => client.noteText(note).toString() === from);
  const written = client.setCells(
    steps.map(({ cell, to }) => ({ cell, value: to })),
    texts.map(({ note, to }) => ({ note, text: to })),
  );
  if (!written.ok) return written;
  const notes = texts.map(({ note }) => note);
  const done = new Set<string>([...written.value, ...notes.map(noteRootName)]);
  const planned = [
    ...plan.steps.map(({ cell }) => cell),
    ...plan.texts.map(({ note }) => noteRootName(note)),
  ];
  return ok({
    cells: written.value,
    notes,
    skipped: planned.filter((name) => !done.has(name)),
  });
}

const isWritable = (cell: string, value: unknown): boolean =>
  parseCellValue(cell, value, defaultLimits.cellBytes).ok;
