import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOLDING, type ServedFolder, serveFolder } from '../support/served-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ann = ['ann', 'sales_manager'] as const;
const bob = ['bob', 'sales_manager'] as const;
const ada = ['ada', 'admin'] as const;
const NONE = '00000000-0000-4000-8000-000000000000';

let served: ServedFolder;

beforeEach(async () => {
  served = await serveFolder(temporaryFolder(), HOLDING);
  await served.call(ann, 'POST', '/api/quotes', { id: 'q1', fields: { title: 'Bolts', currency: 'EUR' } });
});

afterEach(async () => {
  expect(await served.stop()).toBe(0);
});

async function createSession(): Promise<string> {
  const { session } = (await served.runAs(bob, 'session', 'create', 'q1', '--json')).json();
  return session.id;
}

/** Two managers write the payment terms without having seen each other. */
async function holdTerms(): Promise<void> {
  const { revision: base } = await served.call(ann, 'GET', '/api/quotes/q1');
  const write = (value: string): unknown => ({ base, writes: [{ cell: 'fields/paymentTerms', value }] });
  await served.call(ann, 'PATCH', '/api/quotes/q1/cells', write('30 days'));
  await served.call(bob, 'PATCH', '/api/quotes/q1/cells', write('60 days'));
}

test('create starts a session, or shows the one that is open', async () => {
  const created = await served.runAs(ann, 'session', 'create', 'q1');
  expect(created).toMatchObject({ code: 0, err: '' });
  const id = /^Session (\S+) of quote q1: solo\n/.exec(created.out)?.[1];
  expect(created.out).toMatch(/ {2}started .* UTC by Ann \(sales_manager\)\n {2}ends .* UTC, unless/);
  expect(created.out).toContain(`  here: nobody\n  ${served.url}/q/q1\n`);
  expect((await served.runAs(bob, 'session', 'create', 'q1', '--json')).json()).toMatchObject({
    session: { id, quoteId: 'q1', startedBy: { id: 'ann' } },
  });
});

test('create --share prints a link that lets people in', async () => {
  const { out } = await served.runAs(ann, 'session', 'create', 'q1', '--share');
  const token = /Link for a viewer, until .* UTC:\n {2}\S+\/join\/(\S+)\n$/.exec(out)?.[1];
  expect(await served.call(['zoe'], 'POST', `/api/links/${token}/accept`)).toMatchObject({ quote: 'q1' });
  const json = await served.runAs(ann, 'session', 'create', 'q1', '--share', 'editor', '--json');
  expect(json.json()).toMatchObject({ session: { quoteId: 'q1' }, link: { permission: 'editor' } });
});

test('create --share says that the session is open where there is no link', async () => {
  expect(await served.runAs(bob, 'session', 'create', 'q1', '--share')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^error: session \S+ is open, but there is no link: Only hosts/),
  });
});

test('list shows the open ones, and with --all those that ended', async () => {
  expect((await served.runAs(ann, 'session', 'list')).out).toBe('No open sessions.\n');
  const id = await createSession();
  expect((await served.runAs(ann, 'session', 'list')).out).toMatch(
    new RegExp(`^Session +Quote +State .*\\n${id} +q1 +solo `),
  );
  await served.runAs(ann, 'session', 'end', id);
  expect((await served.runAs(ann, 'session', 'list', '--json')).json()).toEqual({ sessions: [] });
  expect((await served.runAs(ann, 'session', 'list', '--all')).out).toMatch(/q1 +closed .* by_hand\n$/);
  const other = await served.runAs(ann, 'session', 'list', '--all', '--quote', 'q2');
  expect(other).toMatchObject({ code: 0, out: 'No sessions.\n' });
});

test('join takes part and tells who comes and goes, states and conflicts, until one leaves', async () => {
  const id = await createSession();
  const { terminal, ended } = await served.startAs(bob, 'session', 'join', id);
  await terminal.untilWritten('"quoteroom watch q1" shows the quote. Ctrl+C leaves.\n');
  const people = await served.runAs(ann, 'session', 'participants', id);
  expect(people.out).toMatch(/^Person +Id +Role .*\nBob +bob +sales_manager +editor +viewing /);

  const watcher = await served.startAs(ann, 'session', 'join', id);
  await watcher.terminal.untilWritten('shows the quote');
  await terminal.untilWritten('Ann (sales_manager) is here');
  await terminal.untilWritten('state: collaborative');
  await holdTerms();
  await terminal.untilWritten('state: conflicting');
  await terminal.untilWritten('conflict parked  "60 days" by Bob (sales_manager), revision 3');
  await served.runAs(ann, 'session', 'settle', 'q1', '1', 'kept');
  await terminal.untilWritten('conflict 1 in fields/paymentTerms is settled');
  await terminal.untilWritten('state: resolved');
  terminal.stop();
  expect(await ended).toBe(0);
  await watcher.terminal.untilWritten('Bob (sales_manager) left, or is away\n');

  const gone = (await served.runAs(ann, 'session', 'participants', id, '--json')).json();
  expect(gone.participants.map(({ user }: { user: { id: string } }) => user.id)).toEqual(['bob', 'ann']);
  const over = await served.runAs(ann, 'session', 'end', id);
  expect(over.out).toMatch(
    /: closed\n[^]*ended .* UTC by Ann \(sales_manager\)\n {2}let go: Ann \(sales_manager\)\n$/,
  );
  expect(await watcher.ended).toBe(0);
  expect(watcher.terminal.written.out).toContain('the session was ended by Ann (by_hand)');
});

test('what ended is told, and not joined again', async () => {
  const id = await createSession();
  const json = (await served.runAs(ann, 'session', 'end', id, '--json')).json();
  expect(json).toMatchObject({ session: { id, state: 'closed', endedBy: { id: 'ann' } }, letGo: [] });
  expect((await served.runAs(ann, 'session', 'end', id)).out).toMatch(/^It had ended already\.\n/);
  for (const what of ['join', 'keep-open']) {
    expect(await served.runAs(ann, 'session', what, id)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ has ended: "quoteroom session create/),
    });
  }
});

test('only hosts and admins end a session', async () => {
  const id = await createSession();
  expect(await served.runAs(bob, 'session', 'end', id)).toMatchObject({
    code: 1,
    err: expect.stringContaining('Only hosts'),
  });
  expect(await served.runAs(ada, 'session', 'end', id)).toMatchObject({ code: 0 });
});

test('audit shows who did what and why, to hosts and admins', async () => {
  const id = await createSession();
  await served.runAs(ann, 'session', 'end', id);
  const shown = await served.runAs(ada, 'session', 'audit', id);
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toMatch(
    /^N +Time \(UTC\) +Event +By +Why +State +Detail\n1 .* started +Bob \(sales_manager\) +created /,
  );
  expect(shown.out).toMatch(/ ended +Ann \(sales_manager\) +by_hand +solo -> closed +people 0\n$/);
  const json = (await served.runAs(ann, 'session', 'audit', id, '--json')).json();
  expect(json.rows.map(({ event }: { event: string }) => event)).toEqual(['started', 'ended']);
  expect(await served.runAs(bob, 'session', 'audit', id)).toMatchObject({
    code: 1,
    err: expect.stringContaining('Only hosts'),
  });
});

test('keep-open says until when', async () => {
  const id = await createSession();
  expect(await served.runAs(bob, 'session', 'keep-open', id)).toMatchObject({
    code: 0,
    out: expect.stringMatching(new RegExp(`^Session ${id} stays open until .* UTC`)),
  });
  expect((await served.runAs(bob, 'session', 'keep-open', id, '--json')).json()).toMatchObject({ id });
});

test('conflicts are listed and settled: kept, parked or a third value', async () => {
  expect((await served.runAs(ann, 'session', 'conflicts', 'q1')).out).toBe('No conflict is open.\n');
  await holdTerms();
  const listed = await served.runAs(ann, 'session', 'conflicts', 'q1');
  expect(listed.out).toMatch(/^1 {2}fields\/paymentTerms: settled by itself at .* UTC\n/);
  expect(listed.out).toContain('    kept    "30 days" by Ann (sales_manager)\n');
  expect(listed.out).toContain('    parked  "60 days" by Bob (sales_manager), revision 3\n');
  const viewed = await served.runAs(['rita'], 'session', 'conflicts', 'q1');
  expect(viewed.out).toMatch(/not yours to choose[^]*a value that you may not see/);

  expect(await served.runAs(['rita'], 'session', 'settle', 'q1', '1', 'kept')).toMatchObject({
    code: 1,
    err: expect.stringContaining('may choose'),
  });
  expect(await served.runAs(ann, 'session', 'settle', 'q1', '1', 'parked')).toMatchObject({
    code: 0,
    out: 'settled: fields/paymentTerms is "60 days"\n',
  });
  expect(await served.runAs(ann, 'session', 'settle', 'q1', '1', 'parked')).toMatchObject({
    code: 1,
    err: expect.stringContaining('quote q1 has no open conflict 1: "quoteroom session conflicts q1"'),
  });

  await holdTerms();
  const third = await served.runAs(bob, 'session', 'settle', 'q1', '2', '--value', '45 days', '--json');
  expect(third).toMatchObject({ code: 0 });
  expect(third.json()).toMatchObject({ cell: 'fields/paymentTerms', accepted: true });
  const { fields } = await served.call(ann, 'GET', '/api/quotes/q1');
  expect(fields.paymentTerms).toBe('45 days');
});

test('a choice that is refused leaves the conflict open', async () => {
  await holdTerms();
  const long = 'x'.repeat(9_000);
  expect(await served.runAs(ann, 'session', 'settle', 'q1', '1', '--value', long)).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^refused: fields\/paymentTerms: invalid_value .*it stays "30 days"\n$/),
  });
  expect((await served.runAs(ann, 'session', 'conflicts', 'q1', '--json')).json().conflicts).toHaveLength(1);
});

test('what is not there is said, and what cannot be meant', async () => {
  for (const argv of [
    ['join', NONE],
    ['participants', NONE],
    ['audit', NONE],
    ['end', NONE],
    ['keep-open', NONE],
  ]) {
    expect(await served.runAs(ann, 'session', ...argv)).toMatchObject({
      code: 1,
      err: `error: there is no session ${NONE} at ${served.url}: "quoteroom session list --all" shows those that you may see\n`,
    });
  }
  for (const argv of [
    ['create', 'q-none'],
    ['conflicts', 'q-none'],
    ['settle', 'q-none', '1', 'kept'],
  ]) {
    expect(await served.runAs(ann, 'session', ...argv)).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no quote q-none at'),
    });
  }
  for (const argv of [
    ['create', 'q1', '--share', 'host'],
    ['settle', 'q1', '1'],
    ['settle', 'q1', '1', 'mine'],
    ['settle', 'q1', 'one', 'kept'],
    ['settle', 'q1', '1', 'kept', '--value', 'x'],
    ['settle', 'q1', '1', 'kept', '--revision', '3'],
    ['end', 'a/b'],
  ]) {
    expect(await served.runAs(ann, 'session', ...argv)).toMatchObject({ code: 2, out: '' });
  }
});
