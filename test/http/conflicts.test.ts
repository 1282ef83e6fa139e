import { expect, test } from 'vitest';
import { type TestServer, serverForTest } from '../support/server.ts';

const CELL = 'fields/paymentTerms';
const ann = { user: 'ann', role: 'sales_rep', name: 'Ann' } as const;
const ben = { user: 'ben', role: 'sales_rep', name: 'Ben' } as const;
const dan = { user: 'dan', role: 'sales_manager', name: 'Dan' } as const;
const CONFLICTS = '/api/quotes/q1/conflicts';

/** Ann's "Net 30" stands, Ben's "Net 60" waits. */
async function held(): Promise<TestServer> {
  const server = await serverForTest({ policy: { rules: [{ cells: CELL, tie: 'hold' }] } });
  await server.createQuote({ id: 'q1', fields: { title: 'Offer' } });
  const write = (who: typeof ann | typeof ben, value: string) =>
    server.call(who, 'PATCH', '/api/quotes/q1/cells', { base: 1, writes: [{ cell: CELL, value }] });
  await write(ann, 'Net 30');
  const { body } = await write(ben, 'Net 60');
  expect(body.verdicts).toMatchObject([
    { accepted: false, reason: 'held', kept: 'Net 30', by: { name: 'Ann' } },
  ]);
  return server;
}

test('the list: both values for those who may choose, no parked value for others', async () => {
  const server = await held();
  await server.grant('q1', 'eye', 'viewer');
  const { body } = await server.call(dan, 'GET', CONFLICTS);
  expect(body.conflicts).toMatchObject([
    {
      n: 1,
      cell: CELL,
      kept: { by: { name: 'Ann' }, value: 'Net 30', revision: 2 },
      parked: [{ by: { name: 'Ben' }, value: 'Net 60', revision: 3 }],
      mayChoose: true,
    },
  ]);
  expect(body.conflicts[0].settlesAt - body.conflicts[0].since).toBe(15 * 60_000);
  const other = await server.call({ user: 'eye', role: 'admin' }, 'GET', CONFLICTS);
  expect(other.body.conflicts[0]).toMatchObject({ mayChoose: false });
  expect(other.body.conflicts[0].parked[0]).not.toHaveProperty('value');
});

test('open, release, settle: with what everyone sees of it, in the log and in the session', async () => {
  const server = await held();
  const client = await server.connect(ann, 'q1', { events: true });
  await client.untilSynced();
  const opened = await server.call(dan, 'POST', `${CONFLICTS}/1/open`);
  expect(opened.body).toMatchObject({ n: 1, openedBy: { name: 'Dan' } });
  await client.until(() => client.eventsOf('session').at(-1)?.state === 'resolving', 'that Dan chooses');
  expect((await server.call(dan, 'DELETE', `${CONFLICTS}/1/open`)).status).toBe(204);
  await client.until(() => client.eventsOf('session').at(-1)?.state === 'conflicting', 'that he let go');
  const settled = await server.call(dan, 'POST', `${CONFLICTS}/1/settle`, {
    choose: 'value',
    value: 'Net 45',
  });
  expect(settled.body).toEqual({ revision: 4, verdicts: [{ cell: CELL, accepted: true }] });
  await client.untilCell(CELL, 'Net 45');
  await client.until(() => client.eventsOf('conflicts').at(-1)?.conflicts.length === 0, 'no conflict left');
  await client.until(() => client.eventsOf('session').at(-1)?.state === 'resolved', 'the state resolved');
  expect((await server.call(ben, 'GET', CONFLICTS)).body).toEqual({ conflicts: [] });
});

test.each([
  ['kept', { choose: 'kept' }, 'Net 30'],
  ['parked', { choose: 'parked', revision: 3 }, 'Net 60'],
] as const)('an equal settles it by what is %s', async (_what, body, stands) => {
  const server = await held();
  expect((await server.call(ben, 'POST', `${CONFLICTS}/1/settle`, body)).body.verdicts[0].accepted).toBe(
    true,
  );
  expect((await server.call(ben, 'GET', '/api/quotes/q1')).body.fields.paymentTerms).toBe(stands);
});

test('what is wrong is named', async () => {
  const server = await held();
  await server.grant('q1', 'eye', 'viewer');
  const eye = { user: 'eye', role: 'admin' } as const;
  const answers = [
    await server.call(dan, 'POST', `${CONFLICTS}/9/open`),
    await server.call(dan, 'POST', `${CONFLICTS}/x/open`),
    await server.call(eye, 'POST', `${CONFLICTS}/1/open`),
    await server.call(eye, 'POST', `${CONFLICTS}/1/settle`, { choose: 'kept' }),
    await server.call(dan, 'POST', `${CONFLICTS}/1/settle`, { choose: 'both' }),
    await server.call(dan, 'POST', `${CONFLICTS}/1/settle`, { choose: 'value' }),
    await server.call(dan, 'POST', `${CONFLICTS}/1/settle`, { choose: 'parked', revision: 8 }),
    await server.call(dan, 'POST', `${CONFLICTS}/1/settle`, {}),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 400, 403, 403, 400, 400, 400, 400]);
  expect(answers[4]?.body.error.details[0].message).toBe('takes kept, parked or value');
  const twice = { choose: 'kept' };
  await server.call(dan, 'POST', `${CONFLICTS}/1/settle`, twice);
  const { status, body } = await server.call(dan, 'POST', `${CONFLICTS}/1/settle`, twice);
  expect([status, body.error.code]).toEqual([409, 'settled']);
  expect(answers[0]?.body.error.message).toBe('There is no such conflict.');
});

test('[S35] of two who choose at once the second is told that it is settled; so is who opens it later', async () => {
  const server = await held();
  const settle = (who: typeof ann | typeof ben, choose: string) =>
    server.call(who, 'POST', `${CONFLICTS}/1/settle`, { choose });
  const answers = await Promise.all([settle(ann, 'parked'), settle(ben, 'parked')]);
  const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
  expect(won?.status).toBe(200);
  const settled = { status: 409, body: { error: { code: 'settled', message: expect.any(String) } } };
  expect(lost).toMatchObject(settled);
  expect(lost?.body.error.message).toBe('Conflict 1 is settled already. Look at what the cell holds now.');
  expect(await server.call(ben, 'POST', `${CONFLICTS}/1/open`)).toMatchObject(settled);
  expect((await server.call(ben, 'POST', `${CONFLICTS}/2/open`)).status).toBe(404);
  expect((await server.call(ben, 'GET', '/api/quotes/q1')).body.fields.paymentTerms).toBe('Net 60');
});

/** Who looks at the conflict to choose. */
const chooserIn = async (server: TestServer): Promise<unknown> =>
  (await server.call(ann, 'GET', CONFLICTS)).body.conflicts[0].openedBy?.id;

test.each([
  ['who was shut out', 'none'],
  ['who may only look on', 'viewer'],
] as const)('[S34] %s lets go of it, having joined over HTTP', async (_what, permission) => {
  const server = await held();
  const { id } = (await server.call(ann, 'POST', '/api/sessions', { quoteId: 'q1' })).body;
  await server.call(dan, 'POST', `/api/sessions/${id}/join`);
  await server.call(dan, 'POST', `${CONFLICTS}/1/open`);
  await server.grant('q1', 'dan', 'host');
  expect(await chooserIn(server)).toBe('dan');
  await server.grant('q1', 'dan', permission);
  expect(await chooserIn(server)).toBeUndefined();
  expect((await server.call(ann, 'GET', `/api/sessions/${id}`)).body.state).toBe('conflicting');
});

test('[S34] who is of a lower role now lets go of it, connected or not', async () => {
  let time = Date.now();
  const server = await serverForTest({
    policy: { rules: [{ cells: CELL, tie: 'hold' }] },
    now: () => (time += 1),
  });
  await server.createQuote({ id: 'q1', fields: { title: 'Offer' } });
  const managers = [dan, { ...dan, user: 'dora' }];
  for (const [index, who] of managers.entries())
    await server.call(who, 'PATCH', '/api/quotes/q1/cells', {
      base: 1,
      writes: [{ cell: CELL, value: `Net ${index}` }],
    });
  await server.call(dan, 'POST', `${CONFLICTS}/1/open`);
  expect(await chooserIn(server)).toBe('dan');
  time += 2_000;
  await server.call({ ...dan, role: 'sales_rep' }, 'GET', '/api/me');
  expect(await chooserIn(server)).toBeUndefined();
});

test('[S34] who leaves over HTTP lets go of it, but not while they are there in a browser', async () => {
  const server = await held();
  const { id } = (await server.call(ann, 'POST', '/api/sessions', { quoteId: 'q1' })).body;
  const joinAndOpen = async (): Promise<void> => {
    await server.call(dan, 'POST', `/api/sessions/${id}/join`);
    await server.call(dan, 'POST', `${CONFLICTS}/1/open`);
    await server.call(dan, 'POST', `/api/sessions/${id}/leave`);
  };
  await joinAndOpen();
  expect(await chooserIn(server)).toBeUndefined();
  const browser = await server.connect(dan, 'q1');
  await browser.untilSynced();
  await joinAndOpen();
  expect(await chooserIn(server)).toBe('dan');
});

test('[S34] who gave no sign for too long lets go of it', async () => {
  // The clock of sessions takes at most 5 seconds at a time.
  let [ahead, step] = [0, 0];
  const server = await serverForTest({
    policy: { rules: [{ cells: CELL, tie: 'hold' }] },
    session: { idleMinutes: 0.2, awayMinutes: 0.5 },
    now: () => Date.now() + (ahead += step),
  });
  await server.createQuote({ id: 'q1', fields: { title: 'Offer' } });
  for (const who of [ann, ben])
    await server.call(who, 'PATCH', '/api/quotes/q1/cells', {
      base: 1,
      writes: [{ cell: CELL, value: who.name }],
    });
  const { id } = (await server.call(ann, 'POST', '/api/sessions', { quoteId: 'q1' })).body;
  await server.call(dan, 'POST', `/api/sessions/${id}/join`);
  await server.call(dan, 'POST', `${CONFLICTS}/1/open`);
  expect(await chooserIn(server)).toBe('dan');
  step = 5_000;
  await server.eventually(async () => expect(await chooserIn(server)).toBeUndefined());
});
