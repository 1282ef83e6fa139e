import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Permission } from '../authority/role.ts';
import type { CellId, QuoteId } from '../lib/ids.ts';
import type { Result } from '../lib/result.ts';
import type { CellValue, RowRoot } from '../quote/cell.ts';
import type { Totals } from '../quote/pricing.ts';
import type { Snapshot } from '../quote/snapshot.ts';
import type {
  Ack,
  EntriesEvent,
  Hello,
  OverriddenEvent,
  Refused,
  RulesEvent,
  ServerEvent,
  SessionEvent,
  ConflictsEvent,
} from '../wire/messages.ts';
import type { WireUser } from '../wire/user-schema.ts';
import type { ConflictJson } from '../wire/session-schemas.ts';
import type { NoteTextWrite } from './note-text.ts';
import type { Write } from './cell-store.ts';
import type { Closure } from './closure.ts';
import type { Foresight } from './foresight.ts';
import type { Presence } from './presence.ts';
import type { Place } from './row-writes.ts';
import type { SaveState } from './save-state.ts';
import type { SessionCalls } from './session-calls.ts';
import type { UndoOutcome } from './undo-history.ts';
import type { Verdict } from './verdicts.ts';

/**
 * One quote, live. Reads and writes are synchronous and work on the local replica, online or not; what the server decides
 * comes back as the document changing and as a verdict. Everything that is read is the same object until it changes, so
 * each read pairs with a subscription for `useSyncExternalStore`:
 *
 *   readCell, rowIds, snapshot, totals -> observe     state -> on('state')     verdicts -> on('verdicts')
 *   session -> on('session')     conflicts -> on('conflicts')
 *   canUndo, canRedo -> on('undo')    presence.others -> presence.observe     me -> on('me')
 *   foresight.askOpen -> foresight.observe
 */
export interface QuoteClient extends SessionCalls {
  readonly quoteId: QuoteId;
  /** The document and its awareness, for editor bindings. Write cells through this client, so that they can be undone. */
  readonly doc: Y.Doc;
  readonly awareness: Awareness;

  /** The value of `lineItems/<id>/<column>` or `fields/<column>`; null if it is empty or there is no such cell. */
  readCell(cell: string): CellValue;
  /** Rows on the quote in order, without removed ones. Changes only when rows come, go or move. */
  rowIds(root: RowRoot): readonly string[];
  snapshot(): Snapshot;
  totals(): Totals;
  /**
   * Calls back after each change of the target: a cell, a row (`lineItems/l1`), the rows of a root (`lineItems`: they
   * came, went or moved; `fields`: any field), or `all`. Returns the function that ends it.
   */
  observe(target: string, listener: () => void): () => void;

  /** Writes one cell; fails with a sentence where the value does not fit. The value is the cells really changed. */
  setCell(cell: string, value: CellValue): Result<readonly CellId[]>;
  /** Writes all or none of them, and sets texts of notes too, in one transaction and one step of undo. */
  setCells(writes: readonly Write[], texts?: readonly NoteTextWrite[]): Result<readonly CellId[]>;
  /** Adds a row at the end, or where `place` says; gives its id. Its `position` is found here. */
  addRow(root: RowRoot, cells?: Readonly<Record<string, CellValue>>, place?: Place): Result<string>;
  /** Adds rows one below the other, and makes `writes` too: all or nothing, one transaction and one step of undo. Gives the ids. */
  addRows(
    root: RowRoot,
    rows: readonly Readonly<Record<string, CellValue>>[],
    place?: Place,
    writes?: readonly Write[],
  ): Result<readonly string[]>;
  removeRow(root: RowRoot, id: string): Result<readonly CellId[]>;
  restoreRow(root: RowRoot, id: string): Result<readonly CellId[]>;
  moveRow(root: RowRoot, id: string, place: Place): Result<readonly CellId[]>;
  /** The body of a note, to read, edit or bind to an editor. Ask for it before typing, so that typing can be undone. */
  noteText(noteId: string): Y.Text;

  /** Takes back this user's newest step. Cells that others have changed since are skipped, and named. */
  undo(): UndoOutcome;
  redo(): UndoOutcome;
  canUndo(): boolean;
  canRedo(): boolean;

  readonly presence: Presence;

  /** What the server would say to a write before it is made; knows the rules only with the option `entries`. */
  readonly foresight: Foresight;

  /** Who this user is in this quote, in the server's words; null before its first hello. */
  me(): Me | null;
  /** The session in which this user takes part, as the server told it last; null before. */
  session(): SessionEvent | null;
  /** Held conflicts that are open, by number. */
  conflicts(): readonly ConflictJson[];
  state(): SaveState;
  /** The last hundred verdicts on this user's writes, newest last. */
  verdicts(): readonly Verdict[];
  /** Listens to an event until the returned function is called. */
  on<Name extends keyof QuoteEvents>(name: Name, listener: (event: QuoteEvents[Name]) => void): () => void;

  /** Resolves once this replica has all that the server had; rejects with a `Fault` if closed for good. */
  whenSynced(): Promise<void>;
  /** Resolves once the server has all that was written here, refused or not; rejects with a `Fault` if closed for good. */
  whenSaved(): Promise<void>;
  /** Uses another token from the next connection on; connects at once if the last one was turned down (4401). */
  setToken(token: string): void;
  /** Connects again after `disconnect`, or after a final close once its cause is gone. */
  reconnect(): void;
  /** Hangs up until `reconnect`; edits are kept. */
  disconnect(): void;
  /** Ends everything, and the document too if it was made here. Unsaved edits are lost: wait for `whenSaved` first. */
  destroy(): void;
}

export interface Me {
  /** With the role that counts now. */
  readonly user: Readonly<WireUser>;
  readonly permission: Permission;
  readonly sessionId: string;
  /** Who edits, where only one person may at a time: this user is a viewer until they leave. Else null. */
  readonly penWith: Readonly<WireUser> | null;
}

/** The first nine are the server's messages as they come; see `wire/messages.ts`. */
export interface QuoteEvents {
  hello: Hello;
  ack: Ack;
  refused: Refused;
  overridden: OverriddenEvent;
  session: SessionEvent;
  conflicts: ConflictsEvent;
  permission: Extract<ServerEvent, { type: 'permission' }>;
  /** With the option `entries` only, as are `rules`. */
  entries: EntriesEvent;
  rules: RulesEvent;
  /** The server ended a connection, or it is closed for good (`final`). Mere loss of the network is only a state. */
  closed: Closure;
  state: SaveState;
  verdicts: readonly Verdict[];
  me: Me;
  /** What can be undone or redone changed. */
  undo: { readonly canUndo: boolean; readonly canRedo: boolean };
}
