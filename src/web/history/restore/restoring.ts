import {
  type RestorePreview,
  type Restored,
  carryOutRestore,
  previewRestore,
} from '../../../client/carry-out-restore.ts';
import type { QuoteClient } from '../../../client/connect-quote.ts';
import { mayEdit } from '../../../authority/role.ts';
import { noteRootName } from '../../../quote/cell.ts';
import type { RestoreScope } from '../../../quote/plan-restore.ts';
import type { Snapshot } from '../../../quote/snapshot.ts';
import { createListeners } from '../../room/listeners.ts';
import { problemOf } from '../../words/problem-of.ts';

/**
 * One restore, from the preview to what became of it:
 *
 *   opening -> ready -> sending -> done
 *                ^                  |
 *                +------------------+  `preview` again
 *
 *   any but done -> barred: whoever may not edit here, or a connection that was closed for good
 *
 * What is carried out is what was previewed: a cell that changes in between is named as such, and left alone.
 */
export type RestoringView =
  | { readonly kind: 'opening'; readonly isOffline: boolean }
  | { readonly kind: 'barred'; readonly message: string }
  | {
      readonly kind: 'ready';
      readonly preview: RestorePreview;
      /** Cells, and `note/<id>` for texts, that hold something else by now than in the preview. */
      readonly changed: ReadonlySet<string>;
      /** Why it could not be carried out. */
      readonly problem: string | null;
    }
  | { readonly kind: 'sending'; readonly isOffline: boolean }
  | { readonly kind: 'done'; readonly outcome: RestoreOutcome };

export interface RestoreOutcome {
  /** Cells, and `note/<id>` for texts, that are as they were. */
  readonly restored: readonly string[];
  /** The gate said no after all. */
  readonly refused: readonly string[];
  /** Changed by others since the preview. */
  readonly skipped: readonly string[];
}

export interface Restoring {
  view(): RestoringView;
  observe(listener: () => void): () => void;
  /** Looks again at what differs. */
  preview(): void;
  /** Does nothing where there is nothing to restore. */
  carryOut(): void;
  close(): void;
}

type RestoringClient = Pick<
  QuoteClient,
  | 'doc'
  | 'foresight'
  | 'readCell'
  | 'setCells'
  | 'noteText'
  | 'me'
  | 'state'
  | 'on'
  | 'observe'
  | 'whenSynced'
  | 'whenSaved'
>;

/** Begins with a client that is just being opened, so that nothing it hears is missed. */
export function createRestoring(
  quote: RestoringClient,
  { past, scope }: { readonly past: Snapshot; readonly scope: RestoreScope },
): Restoring {
  const listeners = createListeners<'all'>();
  const refused = new Set<string>();
  let view: RestoringView = { kind: 'opening', isOffline: false };
  let isClosed = false;

  function become(next: RestoringView): void {
    if (isClosed) return;
    view = next;
    listeners.call('all');
  }

  function preview(): void {
    const barred = barredBy(quote);
    if (barred !== null) return become({ kind: 'barred', message: barred });
    const found = previewRestore(quote, past, scope);
    return become({ kind: 'ready', preview: found, changed: new Set(), problem: null });
  }

  async function carryOut({ preview: found }: Extract<RestoringView, { kind: 'ready' }>): Promise<void> {
    refused.clear();
    // What its own writes change is no change of somebody else's.
    become({ kind: 'sending', isOffline: false });
    const written = carryOutRestore(quote, found.open);
    if (!written.ok)
      return become({ kind: 'ready', preview: found, changed: new Set(), problem: written.reason });
    await quote.whenSaved();
    return become({ kind: 'done', outcome: outcomeOf(written.value, refused) });
  }

  const failed = (error: unknown): void => become({ kind: 'barred', message: problemOf(error) });
  const rulesHere = new Promise<void>((resolve) => {
    quote.on('rules', () => resolve());
  });
  Promise.all([rulesHere, quote.whenSynced()]).then(preview, failed);

  const ends = [
    quote.on('refused', ({ writes }) => {
      for (const { cell } of writes) refused.add(cell);
    }),
    quote.on('closed', ({ final, message }) => {
      if (final && view.kind !== 'done') become({ kind: 'barred', message });
    }),
    quote.on('state', ({ kind }) => {
      if (view.kind === 'opening' || view.kind === 'sending')
        become({ ...view, isOffline: kind === 'offline' });
    }),
    quote.observe('all', () => {
      if (view.kind !== 'ready') return;
      const changed = changedSince(quote, view.preview);
      if (changed.size !== view.changed.size) become({ ...view, changed });
    }),
  ];

  return {
    view: () => view,
    observe: (listener) => listeners.add('all', listener),
    preview,
    carryOut() {
      if (view.kind === 'ready') carryOut(view).catch(failed);
    },
    close() {
      isClosed = true;
      for (const end of ends) end();
    },
  };
}

function barredBy(quote: RestoringClient): string | null {
  const me = quote.me();
  if (me === null || mayEdit(me.permission)) return null;
  return me.penWith === null
    ? 'You can only view this quote. Restoring writes into it, so only its editors and hosts can: ask a host to let you edit.'
    : `${me.penWith.name} is editing this quote, and only one person can at a time. Restore when they have left.`;
}

function changedSince(quote: RestoringClient, { plan }: RestorePreview): ReadonlySet<string> {
  const cells = plan.steps.filter(({ cell, from }) => quote.readCell(cell) !== from);
  const texts = plan.texts.filter(({ note, from }) => quote.noteText(note).toString() !== from);
  return new Set([...cells.map(({ cell }) => cell), ...texts.map(({ note }) => noteRootName(note))]);
}

function outcomeOf({ cells, notes, skipped }: Restored, refused: ReadonlySet<string>): RestoreOutcome {
  const written = [...cells, ...notes.map(noteRootName)];
  return {
    restored: written.filter((cell) => !refused.has(cell)),
    refused: written.filter((cell) => refused.has(cell)),
    skipped,
  };
}
