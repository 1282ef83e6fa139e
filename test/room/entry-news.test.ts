import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../src/authority/policy.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { type Peer, eventsOf, kindOf } from '../support/room-peer.ts';

const cells = {
  'lineItems/l1/position': 'a0',
  'lineItems/l1/name': 'Bolt',
  'lineItems/l1/discountPercent': '3',
};
const listener = { events: true, entries: true } as const;
const ann = { user: 'ann', role: 'sales_rep', name: 'Ann', ...listener } as const;
const dana = { user: 'dana', role: 'vp_sales', name: 'Dana', ...listener } as const;

const set = (peer: Peer, key: string, value: unknown): void =>
  void peer.doc.getMap('lineItems').set(key, value);

const entriesOf = (peer: Peer) => eventsOf(peer, 'entries').flatMap(({ entries }) => entries);

describe('[R62] entries', () => {
  test('[R62] are told once they are durable, in order, after their update frame, and to nobody who did not ask', async () => {
    const harness = await createRoomHarness({ cells });
    const asking = await harness.join(ann);
    const silent = await harness.join({ user: 'bob', role: 'sales_rep', events: true });
    const alone = await harness.join({ user: 'cy', role: 'sales_rep', entries: true });
    const stock = await harness.join({ user: 'dee', role: 'sales_rep' });
    const before = asking.received.length;
    set(silent, 'l1/name', 'Nut');
    set(silent, 'l1/quantity', '2');
    silent.doc.getText('note/n1').insert(0, 'hello');
    await harness.settle();
    expect(entriesOf(asking)).toEqual([
      {
        seq: 2,
        at: harness.now(),
        user: { id: 'bob', name: 'bob', role: 'sales_rep' },
        origin: 'browser',
        writes: [{ cell: 'lineItems/l1/name', operation: 'update', before: 'Bolt', applied: 'Nut' }],
      },
      expect.objectContaining({
        seq: 3,
        writes: [{ cell: 'lineItems/l1/quantity', operation: 'insert', before: null, applied: '2' }],
      }),
      expect.objectContaining({ seq: 4, writes: [], notes: ['n1'] }),
    ]);
    const kinds = asking.received.slice(before).map(kindOf);
    expect(kinds.filter((kind) => kind === 'event')).toHaveLength(
      kinds.filter((kind) => kind === 'update').length,
    );
    expect(kinds.indexOf('update')).toBeLessThan(kinds.indexOf('event'));
    for (const peer of [silent, alone, stock]) {
      expect([...eventsOf(peer, 'entries'), ...eventsOf(peer, 'rules')]).toEqual([]);
    }
  });

  test('[R62] nothing is told of what is not durable', async () => {
    const harness = await createRoomHarness({ cells });
    const asking = await harness.join(ann);
    harness.freeze({ stored: false });
    set(asking, 'l1/name', 'Nut');
    await harness.settle();
    expect(entriesOf(asking)).toEqual([]);
    const late = await harness.join(dana);
    expect(eventsOf(late, 'rules')).toEqual([]);
  });

  test('[R62] writes over HTTP are among them', async () => {
    const harness = await createRoomHarness({ cells });
    const asking = await harness.join(ann);
    const room = await harness.room();
    const actor = { user: 'api' as never, role: 'admin', permission: 'editor' } as const;
    await room.write({
      actor,
      name: 'Api',
      origin: 'api',
      kind: 'update',
      composition: {
        cells: [{ cell: { root: 'fields', row: null, column: 'title', key: 'title' }, value: 'Offer' }],
      },
    });
    await harness.settle();
    expect(entriesOf(asking)).toMatchObject([{ origin: 'api', user: { name: 'Api' } }]);
  });
});

test('[R63] what was refused is sent to its author only, in frames made once for all who may see the same', async () => {
  const harness = await createRoomHarness({ cells });
  const author = await harness.join(ann);
  const otherTab = await harness.join(ann);
  const host = await harness.join({ ...ann, user: 'hal', permission: 'host' });
  const admin = await harness.join({ ...ann, user: 'root', role: 'admin' });
  const others = [await harness.join(dana), await harness.join({ ...dana, user: 'dee' }), host, admin];
  set(author, 'l1/discountPercent', '77');
  await harness.settle();
  const offered = (peer: Peer): unknown => entriesOf(peer)[0]?.writes[0]?.offered;
  expect([author, otherTab].map(offered)).toEqual(['77', '77']);
  for (const other of others) {
    expect(entriesOf(other)[0]?.writes).toEqual([
      {
        cell: 'lineItems/l1/discountPercent',
        operation: 'update',
        before: '3',
        applied: '3',
        reason: 'not_permitted',
      },
    ]);
    expect(other.received.some((frame) => Buffer.from(frame).includes('"77"'))).toBe(false);
  }
  const frame = (peer: Peer): Uint8Array | undefined =>
    peer.received.find((one) => Buffer.from(one).includes('"entries"'));
  expect(frame(otherTab)).toBe(frame(author));
  expect(frame(host)).toBe(frame(admin));
  expect(frame(others[0] as Peer)).toBe(frame(others[1] as Peer));
});

test.each([
  [
    'many writes',
    (peer: Peer) => {
      for (let row = 0; row < 501; row++) {
        set(peer, `n${row}/position`, 'a1');
        set(peer, `n${row}/name`, 'Nut');
      }
    },
    1002,
  ],
  [
    'much text',
    (peer: Peer) => {
      for (let row = 0; row < 40; row++) set(peer, `n${row}/name`, 'x'.repeat(8_000));
    },
    40,
  ],
])(
  '[R64] [R65] an entry with %s comes with their number, and the rules again',
  async (_what, write, count) => {
    const harness = await createRoomHarness({ cells });
    const asking = await harness.join(ann);
    const author = await harness.join(dana);
    author.doc.transact(() => {
      write(author);
      set(author, 'l1/discountPercent', '12');
    });
    await harness.settle();
    expect(entriesOf(asking)).toMatchObject([{ seq: 2, writes: [], writeCount: count + 1 }]);
    const by = { id: 'dana', name: 'Dana', role: 'vp_sales' };
    expect(eventsOf(asking, 'rules').map(({ standing }) => standing)).toEqual([
      [],
      [{ cell: 'lineItems/l1/discountPercent', by }],
    ]);
  },
);

describe('[R65] the rules', () => {
  test('[R65] come with the first step 2: the policy, and who wrote what can stick, without imported and empty cells', async () => {
    const harness = await createRoomHarness({ cells: { ...cells, 'lineItems/l2/discountPercent': '9' } });
    const first = await harness.join(dana);
    set(first, 'l1/discountPercent', '12');
    set(first, 'l1/name', 'Nut');
    set(first, 'l3/discountPercent', '5');
    set(first, 'l3/discountPercent', null);
    await harness.settle();
    const second = await harness.join(ann);
    const [rules, ...more] = eventsOf(second, 'rules');
    expect(more).toEqual([]);
    expect(rules).toMatchObject({
      revision: 5,
      standing: [
        { cell: 'lineItems/l1/discountPercent', by: { id: 'dana', name: 'Dana', role: 'vp_sales' } },
      ],
    });
    expect(parsePolicy(rules?.policy ?? '').json).toBe(rules?.policy);
    expect(entriesOf(second)).toEqual([]);
    const kinds = second.received.map(kindOf);
    expect(kinds.indexOf('step2')).toBeLessThan(kinds.lastIndexOf('event'));
  });

  test('[R65] are told on each connection, and of what is durable only', async () => {
    const harness = await createRoomHarness({ cells });
    const first = await harness.join(dana);
    const second = await harness.enter(ann);
    set(first, 'l1/discountPercent', '12');
    await harness.settle();
    const [rules] = eventsOf(second, 'rules');
    const told = entriesOf(second).map(({ seq }) => seq);
    expect(rules?.standing.length === 1 || told.includes(2)).toBe(true);
    expect(eventsOf(await harness.rejoin(second), 'rules')).toHaveLength(1);
  });
});
