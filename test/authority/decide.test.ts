import { describe, expect, test } from 'vitest';
import { viewOf } from '../../src/authority/active-edits.ts';
import { type Decision, type DecisionContext, decide, decideReturn } from '../../src/authority/decide.ts';
import { type Ledger, createLedger } from '../../src/authority/ledger.ts';
import type { PolicySettings } from '../../src/authority/policy.ts';
import { PERMISSIONS, ROLES, type Role } from '../../src/authority/role.ts';
import type { CellId, UserId } from '../../src/lib/ids.ts';
import { type CellValue, parseCellId } from '../../src/quote/cell.ts';
import { actorOf, policyOf } from '../support/star.ts';

/**
 * Authority as a total table. The expectation is written down a second time here, in the words of SPEC.md, without a
 * look at the code.
 */
const L1 = 'lineItems/l1';
const CELL = `${L1}/quantity` as CellId;
const REMOVED = `${L1}/removed` as CellId;
const SEQ = 10;

const rank: Readonly<Record<Role, number>> = {
  sales_rep: 1,
  sales_manager: 2,
  vp_sales: 3,
  deal_desk: 4,
  admin: 5,
};

interface Situation {
  readonly actor: Role;
  /** Who wrote what stands, in which role. */
  readonly other: Role;
  readonly isOwn: boolean;
  readonly isSeen: boolean;
  readonly standing: 'a value' | 'nothing' | 'an imported value';
  readonly offered: 'another value' | 'the same value' | 'nothing';
  readonly isSticky: boolean;
  readonly holdsTies: boolean;
  /** A third person has the cell under their hands. */
  readonly editing: Role | null;
}

const BOTH = [true, false] as const;

function* situations(): Generator<Situation> {
  for (const actor of ROLES)
    for (const other of ROLES)
      for (const isOwn of BOTH)
        for (const isSeen of BOTH)
          for (const standing of ['a value', 'nothing', 'an imported value'] as const)
            for (const offered of ['another value', 'the same value', 'nothing'] as const)
              for (const isSticky of BOTH)
                for (const holdsTies of BOTH)
                  for (const editing of [null, ...ROLES])
                    yield { actor, other, isOwn, isSeen, standing, offered, isSticky, holdsTies, editing };
}

interface Expectation {
  readonly kind: 'accepted' | 'authority_overridden' | 'held';
  readonly by: 'other' | 'editor' | null;
  readonly tellsOther: boolean;
}

function expected(one: Situation): Expectation {
  const isUnseen = !one.isOwn && !one.isSeen;
  const refused = (by: 'other' | 'editor'): Expectation => ({
    kind: 'authority_overridden',
    by,
    tellsOther: false,
  });
  const writeIsHigher = isUnseen && rank[one.other] > rank[one.actor];
  const editIsHigher = one.editing !== null && rank[one.editing] > rank[one.actor];
  if (writeIsHigher && editIsHigher && one.editing !== null) {
    return refused(rank[one.editing] > rank[one.other] ? 'editor' : 'other');
  }
  if (writeIsHigher) return refused('other');
  if (editIsHigher) return refused('editor');
  if (one.isSticky && one.standing === 'a value' && rank[one.other] > rank[one.actor])
    return refused('other');
  if (one.holdsTies && isUnseen && one.other === one.actor)
    return { kind: 'held', by: 'other', tellsOther: false };
  return { kind: 'accepted', by: null, tellsOther: isUnseen && rank[one.other] < rank[one.actor] };
}

function settingsOf({
  isSticky,
  holdsTies,
}: {
  isSticky: boolean;
  holdsTies: boolean;
}): Partial<PolicySettings> {
  return {
    builtin: false,
    rules: [
      { cells: '**', precedence: isSticky ? 'sticky' : 'concurrent', tie: holdsTies ? 'hold' : 'latest' },
    ],
  };
}

const policies = new Map(
  BOTH.flatMap((isSticky) =>
    BOTH.map(
      (holdsTies) => [`${isSticky} ${holdsTies}`, policyOf(settingsOf({ isSticky, holdsTies }))] as const,
    ),
  ),
);

function ledgerWith(
  cell: CellId,
  write: { user: string; role: Role; value: CellValue; imported?: boolean; seq?: number },
): Ledger {
  const ledger = createLedger();
  const { user, role, value, imported = false, seq = SEQ } = write;
  ledger.stand({ cell, seq, user: user as UserId, role, value, imported }, { client: 1, clock: 0 });
  return ledger;
}

function decideIn(
  context: Partial<DecisionContext> & { role: Role; ledger: Ledger },
  cell: CellId,
  value: CellValue,
  k: number,
): Decision {
  const parsed = parseCellId(cell);
  if (parsed === null) throw new Error('a cell');
  const policy = context.policy ?? policyOf({ builtin: false });
  return decide(
    {
      policy,
      actor: actorOf({ user: 'me', role: context.role }),
      ties: 'hold',
      activeEdits: viewOf([]),
      rowsSeen: k,
      after: (id) => (id === cell ? value : context.ledger.valueOf(id)),
      ...context,
    },
    { cell: parsed, id: cell, value, k },
  );
}

test('[A21] [A22] [A23] [A24] [A26] every combination of roles, precedence, ties, knowledge, active edits and values', () => {
  let count = 0;
  for (const one of situations()) {
    const before: CellValue = one.standing === 'nothing' ? null : '7';
    const ledger = ledgerWith(CELL, {
      user: one.isOwn ? 'me' : 'other',
      role: one.other,
      value: before,
      imported: one.standing === 'an imported value',
    });
    const value = one.offered === 'nothing' ? null : one.offered === 'the same value' ? before : '8';
    const policy = policies.get(`${one.isSticky} ${one.holdsTies}`) ?? policyOf();
    const activeEdits = viewOf(
      one.editing === null ? [] : [{ user: 'editor' as UserId, role: one.editing, cell: CELL }],
    );
    const decision = decideIn(
      { role: one.actor, ledger, policy, activeEdits },
      CELL,
      value,
      one.isSeen ? SEQ : SEQ - 1,
    );
    const found: Expectation =
      decision.kind === 'accepted'
        ? { kind: 'accepted', by: null, tellsOther: decision.overrides.length > 0 }
        : {
            kind: decision.reason === 'held' ? 'held' : 'authority_overridden',
            by: decision.by?.user === 'editor' ? 'editor' : 'other',
            tellsOther: false,
          };
    expect({ ...one, ...found }).toEqual({ ...one, ...expected(one) });
    count += 1;
  }
  expect(count).toBe(5 * 5 * 2 * 2 * 3 * 3 * 2 * 2 * 6);
});

test('[A51] [A54] every combination of roles, ties, authors, knowledge, stickiness and active edits where a conflict is open', () => {
  let count = 0;
  for (const actor of ROLES)
    for (const kept of ROLES)
      for (const isOwn of BOTH)
        for (const isSeen of BOTH)
          for (const isSticky of BOTH)
            for (const holdsTies of BOTH)
              for (const ties of ['hold', 'choose', 'version1'] as const)
                for (const editing of [null, ...ROLES]) {
                  const ledger = ledgerWith(CELL, { user: isOwn ? 'me' : 'other', role: kept, value: '7' });
                  ledger.park(CELL, { seq: SEQ + 1, user: 'third' as UserId, role: kept, value: '5' });
                  const policy = policies.get(`${isSticky} ${holdsTies}`) ?? policyOf();
                  const activeEdits = viewOf(
                    editing === null ? [] : [{ user: 'editor' as UserId, role: editing, cell: CELL }],
                  );
                  const context = { role: actor, ledger, policy, activeEdits, ties };
                  const decision = decideIn(context, CELL, '8', isSeen ? SEQ + 1 : SEQ - 1);
                  const isUnseen = !isOwn && !isSeen;
                  const expectedKind = ((): Expectation['kind'] => {
                    if (editing !== null && rank[editing] > rank[actor]) return 'authority_overridden';
                    if (rank[kept] > rank[actor]) {
                      const isOpenTo = ties === 'version1' && !isUnseen && !isSticky;
                      return isOpenTo ? 'accepted' : 'authority_overridden';
                    }
                    if (rank[kept] < rank[actor] || isOwn || ties === 'choose') return 'accepted';
                    if (ties === 'hold') return 'held';
                    return holdsTies && isUnseen ? 'held' : 'accepted';
                  })();
                  const found =
                    decision.kind === 'accepted'
                      ? 'accepted'
                      : decision.reason === 'held'
                        ? 'held'
                        : 'authority_overridden';
                  const one = { actor, kept, isOwn, isSeen, isSticky, holdsTies, ties, editing };
                  expect({ ...one, found }).toEqual({ ...one, found: expectedKind });
                  count += 1;
                }
  expect(count).toBe(5 * 5 * 2 * 2 * 2 * 2 * 3 * 6);
});

test('[A23] [A57] an equal that was overwritten since is not kept against anyone, but by version 1', () => {
  for (const ties of ['hold', 'version1'] as const) {
    for (const over of ['sales_rep', 'sales_manager'] as const) {
      const ledger = ledgerWith(CELL, { user: 'other', role: 'sales_manager', value: '7' });
      const write = { cell: CELL, user: 'third' as UserId, role: over, value: '8', imported: false };
      ledger.stand({ ...write, seq: SEQ + 1 }, { client: 2, clock: 0 });
      const policy = policies.get('false true') ?? policyOf();
      const decision = decideIn({ role: 'sales_manager', ledger, policy, ties }, CELL, '9', SEQ - 1);
      const isTied = ties === 'version1' || over === 'sales_manager';
      expect([ties, over, decision.kind]).toEqual([ties, over, isTied ? 'refused' : 'accepted']);
    }
  }
});

test('[A20] a viewer may write nothing, whatever else is true', () => {
  for (const role of ROLES) {
    for (const permission of PERMISSIONS) {
      const decision = decideIn(
        { role, ledger: createLedger(), actor: actorOf({ user: 'me', role, permission }) },
        CELL,
        '1',
        0,
      );
      expect(decision).toMatchObject(
        permission === 'viewer'
          ? { kind: 'refused', reason: 'not_permitted', by: null }
          : { kind: 'accepted' },
      );
    }
  }
});

test('[A21] the highest of several who stand against a write is named, and an overwritten write counts', () => {
  const ledger = ledgerWith(CELL, { user: 'vera', role: 'vp_sales', value: '1' });
  ledger.stand(
    { cell: CELL, seq: 11, user: 'mia' as UserId, role: 'sales_manager', value: '2', imported: false },
    { client: 1, clock: 1 },
  );
  expect(decideIn({ role: 'sales_rep', ledger }, CELL, '3', 0)).toMatchObject({
    by: { user: 'vera', role: 'vp_sales' },
  });
  expect(decideIn({ role: 'sales_rep', ledger }, CELL, '3', 10)).toMatchObject({ by: { user: 'mia' } });
  expect(decideIn({ role: 'sales_rep', ledger }, CELL, '3', 11)).toMatchObject({ kind: 'accepted' });
  expect(decideIn({ role: 'deal_desk', ledger }, CELL, '3', 0)).toMatchObject({
    kind: 'accepted',
    overrides: [{ user: 'vera' }, { user: 'mia' }],
  });
});

test('[A25] last_write_wins asks nothing but what a person may do at all', () => {
  const policy = policyOf({ conflict: 'last_write_wins', builtin: false });
  for (const actor of ROLES) {
    for (const other of ROLES) {
      const ledger = ledgerWith(CELL, { user: 'other', role: other, value: '7' });
      const activeEdits = viewOf([{ user: 'editor' as UserId, role: 'admin', cell: CELL }]);
      expect(decideIn({ role: actor, ledger, policy, activeEdits }, CELL, '1', 0)).toEqual({
        kind: 'accepted',
        overrides: [],
      });
      expect(decideIn({ role: actor, ledger, policy, activeEdits }, REMOVED, true, 0)).toMatchObject({
        kind: 'accepted',
      });
    }
  }
  const viewer = actorOf({ user: 'me', role: 'admin', permission: 'viewer' });
  expect(
    decideIn({ role: 'admin', ledger: createLedger(), policy, actor: viewer }, CELL, '1', 0),
  ).toMatchObject({ reason: 'not_permitted' });
});

describe('[A27] removing a row', () => {
  test('[A27] every combination with one write elsewhere in the row', () => {
    let count = 0;
    for (const one of situations()) {
      if (one.offered !== 'another value' || one.holdsTies) continue;
      const ledger = ledgerWith(CELL, {
        user: one.isOwn ? 'me' : 'other',
        role: one.other,
        value: one.standing === 'nothing' ? null : '7',
        imported: one.standing === 'an imported value',
      });
      const policy = policies.get(`${one.isSticky} false`) ?? policyOf();
      const activeEdits = viewOf(
        one.editing === null
          ? []
          : [{ user: 'editor' as UserId, role: one.editing, cell: `${L1}/unit` as CellId }],
      );
      const decision = decideIn(
        { role: one.actor, ledger, policy, activeEdits },
        REMOVED,
        true,
        one.isSeen ? SEQ : SEQ - 1,
      );
      const isUnseen = !one.isOwn && !one.isSeen;
      const isHigher = rank[one.other] > rank[one.actor];
      const sticks = one.isSticky && one.standing === 'a value' && isHigher;
      const isEdited = one.editing !== null && rank[one.editing] > rank[one.actor];
      const isRefused = isEdited || sticks || (isUnseen && isHigher);
      expect({ ...one, kind: decision.kind }).toEqual({ ...one, kind: isRefused ? 'refused' : 'accepted' });
      if (decision.kind === 'refused') {
        expect(decision.reason).toBe('authority_overridden');
        expect(decision.by?.user).toBe(isEdited ? 'editor' : one.isOwn ? 'me' : 'other');
        expect(decision.keptRowFor).toBeNull();
      } else {
        const isTold = isUnseen && rank[one.other] < rank[one.actor];
        expect(decision.overrides.map(({ user }) => user)).toEqual(isTold ? ['other'] : []);
      }
      count += 1;
    }
    expect(count).toBe(5 * 5 * 2 * 2 * 3 * 2 * 6);
  });

  test('[A27] emptying `removed` is a write like any other', () => {
    const ledger = ledgerWith(CELL, { user: 'vera', role: 'vp_sales', value: '7' });
    expect(decideIn({ role: 'sales_rep', ledger }, REMOVED, null, 0)).toMatchObject({ kind: 'accepted' });
  });

  test('[A29] only an unseen write that came after the row was removed brings it back', () => {
    const removedAt = (seq: number): Ledger => {
      const ledger = ledgerWith(CELL, { user: 'vera', role: 'vp_sales', value: '7' });
      ledger.stand(
        { cell: REMOVED, seq, user: 'rob' as UserId, role: 'sales_rep', value: true, imported: false },
        { client: 1, clock: 1 },
      );
      return ledger;
    };
    const remove = (ledger: Ledger, k: number): Decision =>
      decideIn({ role: 'sales_rep', ledger }, REMOVED, true, k);
    expect(remove(removedAt(5), 5)).toMatchObject({ kind: 'refused', keptRowFor: { user: 'vera' } });
    expect(remove(removedAt(12), 5)).toMatchObject({ kind: 'refused', keptRowFor: null });
    expect(remove(removedAt(5), 10)).toMatchObject({ kind: 'accepted' });
  });

  test('[A29] nor does a write by which a value that stuck already was replaced', () => {
    const ledger = ledgerWith(CELL, { user: 'mia', role: 'sales_manager', value: '5', seq: 3 });
    ledger.stand(
      { cell: REMOVED, seq: 5, user: 'adam' as UserId, role: 'admin', value: true, imported: false },
      { client: 1, clock: 1 },
    );
    ledger.stand(
      { cell: CELL, seq: SEQ, user: 'vera' as UserId, role: 'vp_sales', value: '7', imported: false },
      { client: 1, clock: 2 },
    );
    const sticky = policyOf(settingsOf({ isSticky: true, holdsTies: false }));
    const before = ledger.record(REMOVED)?.standing.seq ?? 0;
    const concurrentRow = policyOf({ builtin: false, rules: [{ cells: CELL, precedence: 'sticky' }] });
    expect(
      decideIn({ role: 'sales_rep', ledger, policy: concurrentRow }, REMOVED, true, before),
    ).toMatchObject({
      kind: 'refused',
      keptRowFor: null,
    });
    expect(decideIn({ role: 'sales_rep', ledger, policy: sticky }, REMOVED, true, before)).toMatchObject({
      kind: 'refused',
    });
  });
});

test('[A28] a write into a removed row, by every role against every other', () => {
  for (const actor of ROLES) {
    for (const remover of ROLES) {
      for (const isSeen of BOTH) {
        for (const isOwn of BOTH) {
          for (const isLocked of BOTH) {
            const ledger = ledgerWith(REMOVED, { user: isOwn ? 'me' : 'other', role: remover, value: true });
            const policy = policyOf({
              builtin: false,
              rules: isLocked ? [{ cells: REMOVED, minRole: 'admin' }] : [],
            });
            const cell = parseCellId(CELL);
            if (cell === null) throw new Error('a cell');
            const fate = decideReturn(
              {
                policy,
                ledger,
                actor: actorOf({ user: 'me', role: actor }),
                ties: 'hold',
                activeEdits: viewOf([]),
                rowsSeen: isSeen ? SEQ : SEQ - 1,
                after: ledger.valueOf,
              },
              { cell, id: CELL, value: '1', k: 0 },
            );
            const isStrong = rank[actor] >= rank[remover] && (!isLocked || actor === 'admin');
            const kind = isSeen || isOwn ? undefined : isStrong ? 'returns' : 'stays_removed';
            expect([actor, remover, isSeen, isOwn, isLocked, fate?.kind]).toEqual([
              actor,
              remover,
              isSeen,
              isOwn,
              isLocked,
              kind,
            ]);
          }
        }
      }
    }
  }
});
