/** What docs/authority.md says by example, done: its settings are loaded and its story is played. */
import { describe, expect, test } from 'vitest';
import { builtinRules, createPolicy, forbids } from '../../src/authority/policy.ts';
import { ROLES, type Role } from '../../src/authority/role.ts';
import { loadStoreSettings } from '../../src/cli/settings.ts';
import type { CellId } from '../../src/lib/ids.ts';
import type { CellValue } from '../../src/quote/cell.ts';
import { type ServerEvent, serverEventSchema } from '../../src/wire/messages.ts';
import { type Peer, type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import { readText } from '../support/source-tree.ts';
import { createStar } from '../support/star.ts';
import { fencedBlocks, jsonLines, sectionOf, tableRows } from './fenced-blocks.ts';

const DOCUMENT = readText('docs/authority.md');
const [ownRules = '', builtinCopy = '', ...more] = fencedBlocks(DOCUMENT, 'yaml');

/** The policy that a `quoteroom.yaml` with this text makes. */
function policyOfYaml(yaml: string) {
  const loaded = loadStoreSettings({ flags: {}, env: {}, cwd: '/srv', readFile: () => yaml });
  if (!loaded.ok) throw new Error(loaded.reason.map(({ message }) => message).join('\n'));
  return createPolicy(loaded.value.policy);
}

const policy = policyOfYaml(ownRules);

/** What the policy says to one write; `others` is what other cells hold. */
function verdictOn(
  role: Role,
  cell: string,
  value: CellValue,
  others: Readonly<Record<string, CellValue>> = {},
) {
  const before = (id: CellId): CellValue => others[id] ?? null;
  const after = (id: CellId): CellValue => (id === cell ? value : before(id));
  return forbids(policy, { role, cell: cell as CellId, value }, before, after);
}

describe('the settings in docs/authority.md', () => {
  test('there are two, and the server takes them', () => {
    expect(more).toEqual([]);
    expect(() => policyOfYaml(builtinCopy)).not.toThrow();
  });

  test('the copy of the built-in rules says the same as the built-in rules', () => {
    const { settings } = policyOfYaml(builtinCopy);
    expect(settings.builtin).toBe(false);
    expect(settings.rules).toEqual(builtinRules);
  });

  test('payment terms', () => {
    expect(verdictOn('sales_rep', 'fields/paymentTerms', '30 days')).toBe('not_permitted');
    expect(verdictOn('sales_manager', 'fields/paymentTerms', '30 days')).toBeNull();
    expect(verdictOn('vp_sales', 'fields/paymentTerms', '90 days')).toBe('not_permitted');
    expect(verdictOn('deal_desk', 'fields/paymentTerms', '90 days')).toBeNull();
  });

  test('prices stick, and of two equals the first stays', () => {
    const star = createStar({ policy });
    const [ada, bob] = ['ada', 'bob'].map((user) => star.join({ user, role: 'sales_manager' }));
    const eve = star.join({ user: 'eve', role: 'sales_rep' });
    ada?.doc.getMap('lineItems').set('l1/unitPrice', '10');
    bob?.doc.getMap('lineItems').set('l1/unitPrice', '11');
    star.settle();
    eve.doc.getMap('lineItems').set('l1/unitPrice', '12');
    star.settle();
    expect(eve.doc.getMap('lineItems').get('l1/unitPrice')).toBe('10');
    const reasons = star.history.flatMap(({ outcome }) =>
      outcome.kind === 'judged' ? outcome.verdicts.map(({ reason }) => reason) : [],
    );
    expect(reasons).toEqual([null, 'held', 'authority_overridden']);
  });

  test('large orders', () => {
    expect(verdictOn('sales_rep', 'lineItems/l1/quantity', '500')).toBeNull();
    expect(verdictOn('sales_rep', 'lineItems/l1/quantity', '500.5')).toBe('not_permitted');
    expect(verdictOn('sales_manager', 'lineItems/l1/quantity', '100000')).toBeNull();
  });

  test('in review', () => {
    const inReview = { 'fields/status': 'in_review' };
    expect(verdictOn('sales_manager', 'lineItems/l1/name', 'Bolt', inReview)).toBe('locked');
    expect(verdictOn('sales_manager', 'discounts/d1/label', 'Spring', inReview)).toBe('locked');
    expect(verdictOn('sales_manager', 'lineItems/l1/x_bin', 'B4', inReview)).toBeNull();
    expect(verdictOn('vp_sales', 'lineItems/l1/name', 'Bolt', inReview)).toBeNull();
    expect(verdictOn('sales_rep', 'lineItems/l1/name', 'Bolt')).toBeNull();
  });

  test('sending what was not approved', () => {
    for (const open of [{}, { 'fields/status': 'draft' }, { 'fields/status': 'in_review' }]) {
      expect(verdictOn('sales_manager', 'fields/status', 'sent', open)).toBe('not_permitted');
      expect(verdictOn('vp_sales', 'fields/status', 'sent', open)).toBeNull();
    }
    expect(verdictOn('sales_rep', 'fields/status', 'sent', { 'fields/status': 'approved' })).toBeNull();
  });
});

test('the table of the built-in policy names the limits that there are', () => {
  const rows = tableRows(sectionOf(DOCUMENT, 'The built-in policy'));
  expect(rows[0]).toEqual(['what', ...ROLES]);
  const inTable = rows.filter(([what]) => what?.endsWith('at most')).map((row) => row.slice(1).map(Number));
  const inPolicy = builtinRules.flatMap(({ limits }) => (limits ? [ROLES.map((role) => limits[role])] : []));
  expect(inTable).toEqual(inPolicy);
});

describe('the worked example of docs/authority.md', () => {
  const told = jsonLines(DOCUMENT).map((json) => serverEventSchema.parse(json));
  const [toldToBob, toldInTheOtherOrder] = [told.slice(0, -1), told.slice(-1)];
  const HALF_A_MINUTE = 30_000;

  interface Story {
    readonly harness: RoomHarness;
    readonly bob: Peer;
    readonly dana: Peer;
  }

  async function begin(): Promise<Story> {
    const harness = await createRoomHarness({
      cells: { 'lineItems/l1/position': 'a0', 'lineItems/l1/quantity': '10' },
      policy: { leaseSeconds: 10 },
    });
    const bob = await harness.join({ user: 'bob', name: 'Bob', role: 'sales_rep', events: true });
    const dana = await harness.join({ user: 'dana', name: 'Dana', role: 'vp_sales', events: true });
    return { harness, bob, dana };
  }

  const write = ({ doc }: Peer, column: string, value: CellValue): void =>
    void doc.getMap('lineItems').set(`l1/${column}`, value);
  const verdictsOf = ({ events }: Peer): ServerEvent[] =>
    events.filter(({ type }) => type === 'refused' || type === 'overridden');

  test('goes as it says', async () => {
    const { harness, bob, dana } = await begin();
    write(dana, 'quantity', '20');
    write(bob, 'quantity', '15');
    await harness.settle();
    harness.advance(HALF_A_MINUTE);
    write(bob, 'quantity', '18');
    await harness.settle();
    write(dana, 'discountPercent', '12');
    await harness.settle();
    harness.advance(HALF_A_MINUTE);
    write(bob, 'discountPercent', '9');
    await harness.settle();
    write(bob, 'removed', true);
    await harness.settle();
    expect(verdictsOf(bob)).toEqual(toldToBob);
    expect(verdictsOf(dana)).toEqual([]);
    expect(dana.doc.getMap('lineItems').toJSON()).toEqual({
      'l1/position': 'a0',
      'l1/quantity': '18',
      'l1/discountPercent': '12',
    });
  });

  test('ends the same in the other order', async () => {
    const { harness, bob, dana } = await begin();
    write(bob, 'quantity', '15');
    write(dana, 'quantity', '20');
    await harness.settle();
    expect(bob.doc.getMap('lineItems').get('l1/quantity')).toBe('20');
    expect(verdictsOf(bob)).toEqual(toldInTheOtherOrder);
  });
});
