import { type Role, rankOf } from '../authority/role.ts';
import { fieldOf } from './usage-conflicts.ts';
import { type UsageTally, countField } from './usage-tally.ts';

/** A write as the log has it, with what counts of its entry. Rows come by quote, entry and number. */
export interface LoggedWriteRow {
  readonly quote: string;
  readonly seq: number;
  readonly at: number;
  readonly user: string;
  readonly role: Role;
  readonly session: string | null;
  readonly origin: string;
  readonly kind: string;
  /** The newest revision that its author is known to have seen. */
  readonly seen: number;
  readonly cell: string;
  readonly verdict: 'accepted' | 'refused' | 'held';
  readonly reason: string | null;
  /** False where the policy lets the last write win. */
  readonly isByAuthority: boolean;
}

export interface SessionOfWrites {
  readonly startedAt: number;
  readonly peopleMax: number;
}

/** Reads the writes of one quote, one after the other, into its tally. */
export interface WriteTally {
  add(row: LoggedWriteRow): void;
  /** The last window is over. */
  end(): void;
}

interface Deps {
  readonly tally: UsageTally;
  /** Earlier ones are only remembered. */
  readonly since: number;
  readonly sessionOf: (id: string) => SessionOfWrites | undefined;
}

export function createWriteTally({ tally, since, sessionOf }: Deps): WriteTally {
  /** Who wrote what stands in each cell. */
  const standing = new Map<string, Pick<LoggedWriteRow, 'user' | 'role' | 'seq'>>();
  let lastExpired = 0;
  let window = '';
  let authors = new Set<string>();

  function closeWindow(): void {
    if (authors.size === 0) return;
    tally.editingWindows += 1;
    tally.editingAuthors += authors.size;
    tally.editingPeak = Math.max(tally.editingPeak, authors.size);
    authors = new Set();
  }

  function countEdit({ at, user, session: id, kind }: LoggedWriteRow): void {
    tally.edits += 1;
    if (kind === 'settle') tally.settledByPeople += 1;
    const session = id === null ? undefined : sessionOf(id);
    if (session === undefined) return;
    tally.editsInSessions += 1;
    if (session.peopleMax >= 2) tally.editsShared += 1;
    const now = `${id} ${Math.floor((at - session.startedAt) / WINDOW_MS)}`;
    if (now !== window) closeWindow();
    window = now;
    authors.add(user);
  }

  function countConflict(row: LoggedWriteRow): void {
    if (row.verdict === 'held') tally.held += 1;
    else if (row.reason === 'authority_overridden') tally.refused += 1;
    else if (row.verdict === 'accepted' && putsAside(row, standing.get(row.cell))) tally.overridden += 1;
    else return;
    countField(tally, fieldOf(row.cell));
  }

  return {
    add(row) {
      const { seq, kind, verdict, origin, at } = row;
      if (at >= since) {
        if (kind === 'expire' && seq !== lastExpired) tally.expired += 1;
        if (kind !== 'expire') countConflict(row);
        if (verdict === 'accepted' && origin !== 'system' && kind !== 'create') countEdit(row);
      }
      if (kind === 'expire') lastExpired = seq;
      if (verdict === 'accepted') standing.set(row.cell, { user: row.user, role: row.role, seq });
    },
    end: closeWindow,
  };
}

/** Those who write within the same five minutes of a session edit at once. */
const WINDOW_MS = 5 * 60_000;

type Standing = Pick<LoggedWriteRow, 'user' | 'role' | 'seq'>;

const putsAside = (
  { user, role, seen, isByAuthority }: LoggedWriteRow,
  before: Standing | undefined,
): boolean =>
  isByAuthority &&
  before !== undefined &&
  before.user !== user &&
  before.seq > seen &&
  rankOf(role) > rankOf(before.role);
