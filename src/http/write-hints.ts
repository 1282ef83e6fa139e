import type { Composition } from '../authority/compose-update.ts';
import type { Gate } from '../authority/gate.ts';
import type { CellReader, Policy } from '../authority/policy.ts';
import type { Role } from '../authority/role.ts';
import type { CellId } from '../lib/ids.ts';
import { type Cell, type CellValue, cellIdOf, parseCellId, rowCell } from '../quote/cell.ts';
import type { VerdictJson } from '../wire/http-schemas.ts';
import { explainRefusal } from './explain-refusal.ts';

/**
 * What a person wants to know beside a verdict, as one sentence, or null: which limit a refused write passed, and that
 * an accepted one went into a row that nobody sees, most often by a mistyped id. It changes no verdict.
 */
export function createWriteHints(
  { policy, role, gate }: { readonly policy: Policy; readonly role: Role; readonly gate: Gate },
  { cells }: Composition,
): (verdict: VerdictJson) => string | null {
  const offered = new Map<CellId, CellValue>(
    cells.map(({ cell, value }) => [cellIdOf(cell.root, cell.key), value]),
  );
  const before: CellReader = (id) => gate.ledger.valueOf(id);
  const after: CellReader = (id) => (offered.has(id) ? (offered.get(id) ?? null) : before(id));

  return ({ cell: name, accepted, reason }) => {
    const cell = parseCellId(name);
    if (cell === null) return null;
    const id = cellIdOf(cell.root, cell.key);
    if (accepted) return isOnQuote(before, cell) ? null : 'its row is not on the quote: check the id';
    if (reason !== 'not_permitted') return null;
    return explainRefusal(policy, { role, cell: id, value: after(id) }, { before, after });
  };
}

const isOnQuote = (read: CellReader, { root, row, column }: Cell): boolean =>
  root === 'fields' ||
  (read(rowCell(root, row, 'position')) !== null &&
    // Whoever removes a row knows that it is gone then.
    (column === 'removed' || read(rowCell(root, row, 'removed')) === null));
