import { describe, expect, onTestFinished, test } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { PolicySettings } from '../../src/authority/policy.ts';
import type { Permission, Role } from '../../src/authority/role.ts';
import type { CellValue } from '../../src/quote/cell.ts';
import { type ForesightSource, createForesight } from '../../src/client/foresight.ts';
import { createPresence } from '../../src/client/presence.ts';
import type { EntriesEvent } from '../../src/wire/messages.ts';
import type { WireUser } from '../../src/wire/user-schema.ts';
import { policyOf } from '../support/star.ts';

const dana: WireUser = { id: 'dana', name: 'Dana', role: 'vp_sales' };
const max: WireUser = { id: 'max', name: 'Max', role: 'sales_manager' };

interface Page {
  readonly foresight: ForesightSource;
  /** How often it called back. */
  readonly calls: number;
  become(role: Role, permission?: Permission): void;
  learn(standing?: Readonly<Record<string, WireUser>>, policy?: Partial<PolicySettings>): void;
  write(cells: Readonly<Record<string, CellValue>>): void;
  entry(user: WireUser, writes: Partial<EntriesEvent['entries'][number]['writes'][number]>[]): void;
  /** What another person's presence says. */
  others(user: WireUser, editing: string | null): void;
  leave(): void;
  /** Lets all leases run out. */
  runOut(): void;
}

function openPage(cells: Readonly<Record<string, CellValue>> = {}): Page {
  const [doc, theirDoc] = [new Y.Doc(), new Y.Doc()];
  const [awareness, theirs] = [new Awareness(doc), new Awareness(theirDoc)];
  let timers: (() => void)[] = [];
  const foresight = createForesight({
    doc,
    awareness,
    presence: createPresence(awareness),
    later(_ms, run) {
      timers.push(run);
      return () => void (timers = timers.filter((other) => other !== run));
    },
  });
  let calls = 0;
  foresight.observe(() => (calls += 1));
  onTestFinished(() => {
    foresight.close();
    awareness.destroy();
    theirs.destroy();
    expect(timers).toEqual([]);
  });
  const tell = (state: Record<string, unknown> | null): void => {
    theirs.setLocalState(state);
    applyAwarenessUpdate(awareness, encodeAwarenessUpdate(theirs, [theirs.clientID]), 'remote');
  };
  const page: Page = {
    foresight,
    get calls() {
      return calls;
    },
    become: (role, permission = 'editor') =>
      foresight.become({ user: { id: 'me', name: 'Me', role }, permission }),
    learn: (standing = {}, policy = {}) =>
      foresight.learn({
        type: 'rules',
        revision: 1,
        policy: policyOf({ leaseSeconds: 10, ...policy }).json,
        standing: Object.entries(standing).map(([cell, by]) => ({ cell, by })),
      }),
    write(values) {
      doc.transact(() => {
        for (const [cell, value] of Object.entries(values)) {
          const [root = '', ...key] = cell.split('/');
          doc.getMap(root).set(key.join('/'), value);
        }
      });
    },
    entry: (user, writes) =>
      foresight.follow({
        type: 'entries',
        entries: [
          {
            seq: 2,
            at: 0,
            user,
            origin: 'browser',
            writes: writes.map((write) => ({
              cell: 'fields/title',
              operation: 'update',
              before: null,
              applied: null,
              ...write,
            })),
          },
        ],
      }),
    others: (user, editing) => tell({ user, editing }),
    leave: () => tell(null),
    runOut() {
      for (const run of timers.splice(0)) run();
    },
  };
  page.write(cells);
  return page;
}

const DISCOUNT = 'lineItems/l1/discountPercent';
const REMOVED = 'lineItems/l1/removed';

test.each<[string, Role, string, CellValue, string | null, Readonly<Record<string, CellValue>>?]>([
  ['in its limit', 'sales_rep', DISCOUNT, '10', null],
  ['over its limit', 'sales_rep', DISCOUNT, '15', 'Discounts over 10 % need a sales manager.'],
  ['far over it', 'sales_rep', DISCOUNT, '35', 'Discounts over 20 % need VP Sales. Your limit is 10 %.'],
  [
    'a manager',
    'sales_manager',
    DISCOUNT,
    '50',
    'Discounts over 35 % need the deal desk. Your limit is 20 %.',
  ],
  ['all but an admin', 'deal_desk', DISCOUNT, '80', 'Discounts over 60 % need an admin.'],
  ['a percentage', 'sales_rep', 'discounts/d1/value', '15', 'Discounts over 10 % need a sales manager.'],
  ['an amount', 'sales_rep', 'discounts/d1/value', '15', null, { 'discounts/d1/kind': 'amount' }],
  [
    'the other half of a pair',
    'sales_rep',
    'discounts/d1/kind',
    'percent',
    'Discounts over 10 % need a sales manager.',
    { 'discounts/d1/kind': 'amount', 'discounts/d1/value': '15' },
  ],
  [
    'a value of its own',
    'sales_rep',
    'fields/status',
    'approved',
    'Only sales managers and above can set the status to “approved”.',
  ],
  [
    'an approved quote',
    'vp_sales',
    'fields/title',
    'New',
    'The quote is approved: only the deal desk and admins can change it now.',
    { 'fields/status': 'approved' },
  ],
  ['who may', 'deal_desk', 'fields/title', 'New', null, { 'fields/status': 'approved' }],
  [
    'the way back',
    'sales_rep',
    'fields/status',
    'in_review',
    'Only sales managers and above can set the status to “in review”.',
    { 'fields/status': 'sent' },
  ],
  [
    'no value of it',
    'admin',
    'fields/status',
    'lost',
    'This cell takes one of draft, in review, approved, sent, accepted, declined, expired.',
  ],
  ['what must not be empty', 'admin', 'fields/status', null, 'This cell cannot be empty.'],
  ['no cell', 'admin', 'fields', 'x', 'There is no such cell in this quote.'],
])('a write is foreseen by the policy: %s', (_what, role, cell, value, message, cells = {}) => {
  const page = openPage(cells);
  page.become(role);
  page.learn();
  const foreseen = page.foresight.ask(cell, value);
  expect(foreseen.kind === 'closed' ? foreseen.message : null).toBe(message);
});

test('rules of one’s own are told in the same words', () => {
  const page = openPage({ 'fields/x_region': 'north' });
  page.become('sales_rep');
  page.learn(
    {},
    {
      rules: [
        { cells: 'fields/paymentTerms', minRole: 'vp_sales' },
        { cells: 'lineItems/*/quantity', limits: { sales_rep: 100, sales_manager: 1_000 } },
        { cells: 'fields/customer', minRole: 'admin', when: { cell: 'fields/x_region', in: ['north'] } },
        { cells: 'fields/contact', values: { '': 'deal_desk' } },
      ],
    },
  );
  const messageOf = (cell: string, value: CellValue): unknown => page.foresight.ask(cell, value);
  expect([
    messageOf('fields/paymentTerms', 'x'),
    messageOf('lineItems/l1/quantity', '200'),
    messageOf('fields/customer', 'x'),
    messageOf('fields/contact', null),
  ]).toMatchObject([
    { reason: 'not_permitted', message: 'Only VP Sales and above can change this.' },
    { reason: 'not_permitted', message: 'Values over 100 need a sales manager.' },
    { reason: 'locked', message: 'This is locked now: only admins can change it.' },
    { reason: 'not_permitted', message: 'Only the deal desk and admins can empty this.' },
  ]);
  expect(page.foresight.askOpen('fields/paymentTerms')).toMatchObject({ kind: 'closed' });
  expect(page.foresight.askOpen('fields/contact')).toEqual({ kind: 'open' });
  expect(page.foresight.limitOf('lineItems/l1/quantity')).toBe(100);
  expect(page.foresight.limitOf('fields/title')).toBeNull();
});

test('the text of a note is open to editors, and closed to viewers and by what locks it', () => {
  const page = openPage({ 'fields/status': 'draft' });
  page.become('sales_rep');
  page.learn();
  expect(page.foresight.askOpen('note/n1').kind).toBe('open');
  page.write({ 'fields/status': 'sent' });
  expect(page.foresight.askOpen('note/n1')).toMatchObject({
    reason: 'locked',
    message: 'The quote is sent: only the deal desk and admins can change it now.',
  });
  page.become('sales_rep', 'viewer');
  expect(page.foresight.askOpen('note/n1')).toMatchObject({ reason: 'not_permitted' });
});

test('a value of a higher role that sticks is closed, and so is removing its row', () => {
  const page = openPage({ [DISCOUNT]: '5' });
  page.become('sales_rep');
  page.learn({ [DISCOUNT]: dana });
  expect(page.foresight.askOpen(DISCOUNT)).toEqual({
    kind: 'closed',
    reason: 'authority_overridden',
    by: dana,
    message: 'Dana (VP Sales) set this; only VP Sales and above can change it.',
  });
  expect(page.foresight.askOpen(REMOVED)).toMatchObject({
    by: dana,
    message: 'Dana (VP Sales) set a value in this row; only VP Sales and above can remove it.',
  });
  expect(page.foresight.askOpen('lineItems/l1/quantity')).toEqual({ kind: 'open' });
  page.become('vp_sales');
  expect(page.foresight.askOpen(DISCOUNT)).toEqual({ kind: 'open' });
});

test('who wrote what stands follows the entries', () => {
  const page = openPage({ [DISCOUNT]: '5' });
  page.become('sales_rep');
  page.entry(dana, [{ cell: DISCOUNT, applied: '5' }]);
  expect(page.foresight.askOpen(DISCOUNT)).toEqual({ kind: 'open' });
  page.learn();
  const calls = page.calls;
  page.entry(dana, [{ cell: DISCOUNT, applied: '5', reason: 'not_permitted' }, { applied: 'x' }]);
  expect([page.foresight.askOpen(DISCOUNT).kind, page.calls]).toEqual(['open', calls]);
  page.entry(max, [{ cell: DISCOUNT, applied: '5' }]);
  expect(page.foresight.askOpen(DISCOUNT)).toMatchObject({ by: max });
  expect(page.calls).toBe(calls + 1);
  page.entry(dana, [{ cell: DISCOUNT, applied: null }]);
  expect(page.foresight.askOpen(DISCOUNT).kind).toBe('open');
});

describe('a cell that somebody is editing', () => {
  const QUANTITY = 'lineItems/l1/quantity';

  test('is closed to lower roles until they leave it, with its row', () => {
    const page = openPage();
    page.become('sales_rep');
    page.learn();
    page.others(dana, QUANTITY);
    expect(page.foresight.ask(QUANTITY, '3')).toEqual({
      kind: 'closed',
      reason: 'authority_overridden',
      by: dana,
      message: 'Dana (VP Sales) is editing this cell.',
    });
    expect(page.foresight.askOpen(REMOVED)).toMatchObject({
      message: 'Dana (VP Sales) is editing this row.',
    });
    expect(page.foresight.askOpen('lineItems/l1/name').kind).toBe('open');
    page.become('vp_sales');
    expect(page.foresight.askOpen(QUANTITY).kind).toBe('open');
    page.become('sales_rep');
    page.others(dana, null);
    expect(page.foresight.askOpen(QUANTITY).kind).toBe('open');
    page.others(dana, QUANTITY);
    page.leave();
    expect(page.foresight.askOpen(QUANTITY).kind).toBe('open');
  });

  test('is open again when the lease has run out, and was known before the rules came', () => {
    const page = openPage();
    page.become('sales_rep');
    page.others(dana, QUANTITY);
    expect(page.foresight.askOpen(QUANTITY).kind).toBe('open');
    page.learn();
    expect(page.foresight.askOpen(QUANTITY).kind).toBe('closed');
    const { calls } = page;
    page.runOut();
    expect([page.foresight.askOpen(QUANTITY).kind, page.calls]).toEqual(['open', calls + 1]);
  });

  test('is not closed by one’s own other tab', () => {
    const page = openPage();
    page.become('sales_rep');
    page.learn();
    page.others({ id: 'me', name: 'Me', role: 'vp_sales' }, QUANTITY);
    expect(page.foresight.askOpen(QUANTITY).kind).toBe('open');
  });
});

test('before the rules came only a viewer and impossible values are foreseen', () => {
  const page = openPage();
  expect(page.foresight.ask('fields/title', 'x')).toEqual({ kind: 'open' });
  page.become('sales_rep');
  expect(page.foresight.ask(DISCOUNT, '99').kind).toBe('open');
  expect(page.foresight.limitOf(DISCOUNT)).toBeNull();
  expect(page.foresight.ask(DISCOUNT, 'many')).toMatchObject({ reason: 'invalid_value' });
  page.become('sales_rep', 'viewer');
  const foreseen = {
    kind: 'closed',
    reason: 'not_permitted',
    by: null,
    message: 'You can only view this quote.',
  };
  expect(page.foresight.ask('fields/title', 'x')).toEqual(foreseen);
  expect(page.foresight.askOpen('fields/title')).toEqual(foreseen);
});

test('a policy that it cannot read leaves everything open', () => {
  const page = openPage();
  page.become('sales_rep');
  page.foresight.learn({ type: 'rules', revision: 1, policy: '{"policy":{"magic":1}}', standing: [] });
  expect(page.foresight.ask(DISCOUNT, '99').kind).toBe('open');
});

test('an open answer is the same object until it is another, and it calls back when that may be', () => {
  const page = openPage({ 'fields/status': 'approved' });
  page.become('sales_rep');
  page.learn();
  const before = page.foresight.askOpen('fields/title');
  const { calls } = page;
  page.write({ 'fields/title': 'x', 'lineItems/l1/quantity': '1' });
  expect(page.calls).toBe(calls);
  page.others(dana, 'fields/customer');
  expect(page.calls).toBe(calls + 1);
  expect(page.foresight.askOpen('fields/title')).toBe(before);
  page.write({ 'fields/status': 'draft' });
  expect(page.calls).toBe(calls + 2);
  expect(page.foresight.askOpen('fields/title').kind).toBe('open');
});
