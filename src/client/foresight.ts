import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Actor } from '../authority/actor.ts';
import { type DecisionContext, type DecisionLedger, type Refusal, decide } from '../authority/decide.ts';
import {
  type Policy,
  type Rule,
  canStick,
  forbids,
  isCondition,
  limitFor,
  parsePolicy,
} from '../authority/policy.ts';
import { type Permission, type Role, mayEdit } from '../authority/role.ts';
import type { Author, RefusalReason } from '../authority/verdict.ts';
import type { CellId } from '../lib/ids.ts';
import { defaultLimits } from '../lib/limits.ts';
import { type Cell, type CellValue, ROOTS, parseCellId, parseNoteRootName, rowOf } from '../quote/cell.ts';
import { parseColumnValue } from '../quote/columns.ts';
import type { EntriesEvent, RulesEvent } from '../wire/messages.ts';
import type { WireUser } from '../wire/user-schema.ts';
import { NO_SUCH_CELL, VIEW_ONLY, explainForeseen, invalidMessage, othersPen } from './foresight-messages.ts';
import { type Later, createHeldCells } from './held-cells.ts';
import type { Presence } from './presence.ts';
import { createStanding, userIdOf } from './standing.ts';

/**
 * What the gate would say, known beforehand: the same `decide`, asked with what this client knows as of the last message. It
 * takes everything as seen, so it errs where something is on its way, and it does not know whether the quote is full. Before
 * the server told its rules, or to a client that does not ask for them, only a viewer and a value that no column takes are
 * foreseen.
 */
export interface Foresight {
  /** What the gate would say to this user writing this now; `together`: with these other cells, by their ids. */
  ask(cell: string, value: CellValue, together?: ReadonlyMap<string, CellValue>): Foreseen;
  /**
   * The same with the value left open: may this cell be changed at all by this user now? Of `removed` it asks for what
   * it is not. Of `note/<id>`: may this user type in it? The same object until the answer is another.
   */
  askOpen(cell: string): Foreseen;
  /** The highest number this user may write there, or null where there is no limit. */
  limitOf(cell: string): number | null;
  /** Calls back when answers may have changed. Returns the function that ends it. */
  observe(listener: () => void): () => void;
}

export type Foreseen =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'closed';
      readonly reason: RefusalReason;
      /** Whose value or edit is in the way, where it is a person's. */
      readonly by: WireUser | null;
      /** A sentence or two for a person. */
      readonly message: string;
    };

/** For whom it is asked. */
type Asker = {
  readonly user: Readonly<WireUser>;
  readonly permission: Permission;
  /** Who edits, where only one person may at a time and it is another. */
  readonly penWith?: Readonly<WireUser> | null;
};

/** Foresight, and what it is told by whoever listens to the server. */
export interface ForesightSource extends Foresight {
  become(me: Asker): void;
  learn(rules: RulesEvent): void;
  follow(entries: EntriesEvent): void;
  close(): void;
}

export interface ForesightDeps {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly presence: Presence;
  readonly later: Later;
}

const OPEN: Foreseen = { kind: 'open' };

/** Answers kept; more cells than a quote shows. */
const ANSWERS_MAX = 20_000;

export function createForesight({ doc, ...deps }: ForesightDeps): ForesightSource {
  const roots = new Map(ROOTS.map((root) => [root as string, doc.getMap(root)]));
  const rootNames = new Map<unknown, string>([...roots].map(([root, map]) => [map, root]));
  const standing = createStanding();
  const held = createHeldCells(deps, changed);
  const listeners = new Set<() => void>();
  const answers = new Map<string, { readonly version: number; readonly foreseen: Foreseen }>();
  /** Of each column, until answers may be others; only where no lock is about single rows. */
  const lockMessages = new Map<string, string>();
  let locksByColumn = false;
  let version = 0;
  let me: Asker | null = null;
  let policy: Policy | null = null;

  function changed(): void {
    version += 1;
    lockMessages.clear();
    for (const listener of [...listeners]) listener();
  }

  function valueOf(id: CellId): CellValue {
    const slash = id.indexOf('/');
    const value = roots.get(id.slice(0, slash))?.get(id.slice(slash + 1));
    return typeof value === 'string' || typeof value === 'boolean' ? value : null;
  }

  /** All that stands is seen, so only who wrote it counts. */
  const ledger: DecisionLedger = {
    valueOf,
    unseen: () => [],
    rankAt: () => 0,
    cellsOf: standing.inRow,
    conflictOn: () => null,
    record(cell) {
      const by = standing.by(cell);
      if (by === null) return null;
      const { role } = by;
      const value = valueOf(cell);
      return { standing: { cell, seq: 0, user: userIdOf(by), role, value, imported: false } };
    },
  };

  function foresee(
    cell: Cell,
    id: CellId,
    value: CellValue | undefined,
    together?: ReadonlyMap<string, CellValue>,
  ): Foreseen {
    if (me === null || policy === null) return OPEN;
    const actor: Actor = { user: userIdOf(me.user), role: me.user.role, permission: me.permission };
    const context: DecisionContext = {
      policy,
      ledger,
      actor,
      ties: 'hold',
      activeEdits: held,
      rowsSeen: 0,
      after: afterWriting(id, value, together),
    };
    const decision = decide(context, { cell, id, value, k: 0 });
    return decision.kind === 'accepted' ? OPEN : closedBy(context, decision, { cell, id, value });
  }

  /** With the value left open no limit is passed. */
  function afterWriting(
    id: CellId,
    value: CellValue | undefined,
    together?: ReadonlyMap<string, CellValue>,
  ): (cell: CellId) => CellValue {
    if (value === undefined) return () => null;
    return (other) => {
      if (other === id) return value;
      const written = together?.get(other);
      return written === undefined ? valueOf(other) : written;
    };
  }

  function closedBy(
    { policy: rules, actor, after }: DecisionContext,
    { reason, by }: Refusal,
    write: { readonly cell: Cell; readonly id: CellId; readonly value: CellValue | undefined },
  ): Foreseen {
    const row = rowOf(write.cell);
    const editing =
      row !== null && write.value === true ? [...held.inRow(row), ...held.on(write.id)] : held.on(write.id);
    const person = by === null ? null : personOf(by, row, write.id);
    const explain = (): string =>
      explainForeseen({
        ...write,
        reason,
        by: person,
        isHeld: by !== null && editing.some(({ user, role }) => user === by.user && role === by.role),
        policy: rules,
        role: actor.role,
        before: valueOf,
        after,
      });
    const message = reason === 'locked' ? lockMessage(write.cell, explain) : explain();
    return { kind: 'closed', reason, by: person, message };
  }

  /** A status locks most cells of a quote at once, and finding words takes longer than finding out. */
  function lockMessage({ root, column }: Cell, explain: () => string): string {
    if (!locksByColumn) return explain();
    const name = `${root}/${column}`;
    const message = lockMessages.get(name) ?? explain();
    lockMessages.set(name, message);
    return message;
  }

  function personOf({ user, role }: Author, row: string | null, id: CellId): WireUser {
    const writers = [id, ...(row === null ? [] : standing.inRow(row))].map(standing.by);
    const known = held.person(user) ?? writers.find((writer) => writer?.id === user);
    return { id: user, name: known?.name ?? user, role };
  }

  function readOpen(cell: string): Foreseen {
    if (me === null) return OPEN;
    if (!mayEdit(me.permission)) return shutOut(me);
    const note = parseNoteRootName(cell);
    if (note !== null) return readTextOpen(cell as CellId, note, me.user.role);
    const parsed = parseCellId(cell);
    if (parsed === null) return noSuchCell;
    const id = cell as CellId;
    const isRemovedCell = parsed.row !== null && parsed.column === 'removed';
    return foresee(parsed, id, isRemovedCell ? (valueOf(id) === true ? null : true) : undefined);
  }

  /** Text merges by the letter: nobody's edit is in the way, only the policy can be. */
  function readTextOpen(id: CellId, note: string, role: Role): Foreseen {
    const reason = policy === null ? null : forbids(policy, { role, cell: id }, valueOf, valueOf);
    if (policy === null || reason === null) return OPEN;
    const cell: Cell = { root: 'notes', row: note, column: 'text', key: `${note}/text` };
    const around = { by: null, isHeld: false, value: undefined, before: valueOf, after: valueOf };
    return {
      kind: 'closed',
      reason,
      by: null,
      message: explainForeseen({ ...around, reason, policy, role, cell, id }),
    };
  }

  const onTransaction = ({ changed: types }: Y.Transaction): void => {
    if (policy === null) return;
    for (const [type, keys] of types) {
      const root = rootNames.get(type);
      if (root === undefined) continue;
      for (const key of keys)
        if (key !== null && matters(policy, `${root}/${key}` as CellId)) return changed();
    }
  };
  doc.on('afterTransaction', onTransaction);

  return {
    ask(cell, value, together) {
      if (me === null) return OPEN;
      if (!mayEdit(me.permission)) return shutOut(me);
      const parsed = parseCellId(cell);
      if (parsed === null) return noSuchCell;
      const limits = policy?.limits ?? defaultLimits;
      const valid = parseColumnValue(parsed, value, limits.cellBytes);
      return valid.ok
        ? foresee(parsed, cell as CellId, valid.value, together)
        : invalid(invalidMessage(valid.reason));
    },
    askOpen(cell) {
      const known = answers.get(cell);
      if (known?.version === version) return known.foreseen;
      const found = readOpen(cell);
      const foreseen = known !== undefined && isSame(known.foreseen, found) ? known.foreseen : found;
      if (answers.size >= ANSWERS_MAX) answers.clear();
      answers.set(cell, { version, foreseen });
      return foreseen;
    },
    limitOf(cell) {
      if (me === null || policy === null || parseCellId(cell) === null) return null;
      return limitFor(policy, me.user.role, cell as CellId, valueOf);
    },
    observe(listener) {
      // A function of its own, so that one listener may be added twice and removed once.
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },

    become(next) {
      me = next;
      changed();
    },
    learn(rules) {
      policy = readPolicy(rules.policy);
      locksByColumn = policy?.settings.rules.every(locksNoSingleRow) === true;
      standing.replace(rules.standing);
      held.lease((policy?.settings.leaseSeconds ?? 0) * 1000);
      changed();
    },
    follow(entries) {
      for (const { user, writes } of entries.entries) {
        for (const { cell, reason } of writes) if (reason === undefined) held.wrote(user.id, cell);
      }
      if (policy !== null && standing.follow(policy, entries)) changed();
    },
    close() {
      doc.off('afterTransaction', onTransaction);
      held.close();
      listeners.clear();
    },
  };
}

/** Null for the policy of a newer server that says more than is known here: then nothing is foreseen by it. */
function readPolicy(json: string): Policy | null {
  try {
    return parsePolicy(json);
  } catch {
    return null;
  }
}

function locksNoSingleRow({ cells, minRole, when }: Rule): boolean {
  if (minRole === undefined || when === undefined) return true;
  const isOfAllRows = (pattern: string): boolean => {
    const [root, row = '*'] = pattern.replace(/^!/, '').split('/');
    return root === 'fields' || row === '*' || row === '**';
  };
  return !when.cell.includes('*') && [cells].flat().every(isOfAllRows);
}

/** Whether answers hang on what a cell holds. */
const matters = (policy: Policy, cell: CellId): boolean =>
  cell.endsWith('/removed') || canStick(policy, cell) || isCondition(policy, cell);

const closed = (reason: RefusalReason, message: string): Foreseen => ({
  kind: 'closed',
  reason,
  by: null,
  message,
});
const viewOnly = closed('not_permitted', VIEW_ONLY);
const shutOut = ({ penWith = null }: Asker): Foreseen =>
  penWith === null ? viewOnly : closed('not_permitted', othersPen(penWith.name));
const noSuchCell = closed('invalid_value', NO_SUCH_CELL);
const invalid = (message: string): Foreseen => closed('invalid_value', message);

function isSame(a: Foreseen, b: Foreseen): boolean {
  if (a === b) return true;
  if (a.kind === 'open' || b.kind === 'open') return false;
  return (
    a.reason === b.reason &&
    a.message === b.message &&
    a.by?.id === b.by?.id &&
    a.by?.name === b.by?.name &&
    a.by?.role === b.by?.role
  );
}
