import { describe, expect, test } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import type { QuoteId } from '../../src/lib/ids.ts';
import { VERSIONS_MAX } from '../../src/session/named-versions.ts';
import { VERSION_NAME_CHARS_MAX } from '../../src/wire/version-schemas.ts';
import { type Answer, type Caller, type TestServer, serverForTest } from '../support/server.ts';

const VERSIONS = '/api/quotes/q1/versions';
const ann = { user: 'ann', name: 'Ann' } as const;
const eda = { user: 'eda', name: 'Eda' } as const;

/** A quote of Ann's with three entries, and Eda for an editor. */
async function serverWithQuote(options: Parameters<typeof serverForTest>[0] = {}): Promise<TestServer> {
  const server = await serverForTest({ defaultPermission: 'none', ...options });
  await server.createQuote({ id: 'q1', fields: { title: 'Old' } }, ann);
  await server.grant('q1', 'eda', 'editor');
  for (const value of ['A', 'B'])
    await server.call(ann, 'PATCH', '/api/quotes/q1/cells', { writes: [{ cell: 'fields/title', value }] });
  return server;
}

const name = (server: TestServer, body: unknown, person: Caller = eda): Promise<Answer> =>
  server.call(person, 'POST', VERSIONS, body);

describe('/api/quotes/:id/versions', () => {
  test('an editor names what the quote was after an entry; all are listed, newest point first', async () => {
    let time = Date.now();
    const server = await serverWithQuote({ now: () => time });
    const entryTime = time;
    time += 5_000;
    const made = await name(server, { name: '  Sent to ACME ', seq: 2 });
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: expect.any(String),
        name: 'Sent to ACME',
        seq: 2,
        at: expect.any(Number),
        namedBy: { id: 'eda', name: 'Eda', role: 'sales_rep' },
        namedAt: time,
      },
    ]);
    expect(made.body.at).toBeLessThan(entryTime + 1_000);
    await name(server, { name: 'Signed', seq: 3 }, ann);
    await name(server, { name: 'First', seq: 1 }, ann);
    const listed = await server.call(ann, 'GET', VERSIONS);
    expect(listed.status).toBe(200);
    expect(listed.body.versions.map((version: { name: string }) => version.name)).toEqual([
      'Signed',
      'Sent to ACME',
      'First',
    ]);
    expect(listed.body.versions[1]).toEqual(made.body);
  });

  test('naming is no edit: neither the quote nor its log changes', async () => {
    const server = await serverWithQuote();
    await name(server, { name: 'Signed', seq: 3 });
    expect((await server.call(ann, 'GET', '/api/quotes/q1')).body.revision).toBe(3);
    expect((await server.call(ann, 'GET', '/api/quotes/q1/log')).body.entries).toHaveLength(3);
  });

  test.each([
    ['name', { seq: 1 }],
    ['name', { seq: 1, name: '   ' }],
    ['name', { seq: 1, name: 'x'.repeat(VERSION_NAME_CHARS_MAX + 1) }],
    ['name', { seq: 1, name: 'two\nlines' }],
    ['name', { seq: 1, name: 'two\u2028lines' }],
    ['name', { seq: 1, name: 'two\u2029paragraphs' }],
    ['name', { seq: 1, name: 'turned \u202egnp.exe' }],
    ['name', { seq: 1, name: 'apart \u2067from the rest' }],
    ['name', { seq: 1, name: 'un\u200bseen' }],
    ['seq', { name: 'A' }],
    ['seq', { name: 'A', seq: 0 }],
    ['seq', { name: 'A', seq: 1.5 }],
    ['seq', { name: 'A', seq: 4 }],
    ['at', { name: 'A', seq: 1, at: 7 }],
  ])('a wrong %s is named: %j', async (field, body) => {
    const server = await serverWithQuote();
    const answer = await name(server, body);
    expect([answer.status, answer.body.error.details[0].field]).toEqual([400, field]);
    expect((await server.call(ann, 'GET', VERSIONS)).body.versions).toEqual([]);
  });

  test.each(['\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'])(
    'what joins letters and emoji may be in a name: %s',
    async (joined) => {
      const server = await serverWithQuote();
      expect((await name(server, { name: joined, seq: 1 })).body.name).toBe(joined);
    },
  );

  test('a name is there once in a quote: 409', async () => {
    const server = await serverWithQuote();
    await name(server, { name: 'Signed', seq: 1 });
    const again = await name(server, { name: 'Signed', seq: 2 });
    expect([again.status, again.body.error.code]).toEqual([409, 'name_taken']);
    const { id } = (await name(server, { name: 'Offer', seq: 2 })).body;
    const renamed = await server.call(eda, 'PATCH', `${VERSIONS}/${id}`, { name: 'Signed' });
    expect([renamed.status, renamed.body.error.code]).toEqual([409, 'name_taken']);
  });

  test('a quote has so many and no more: 409', async () => {
    const server = await serverWithQuote();
    const { body } = await name(server, { name: 'Signed', seq: 1 });
    const [first] = await server.versions.ofQuote('q1' as QuoteId);
    const version = present(first, 'a version was named');
    for (let count = 1; count < VERSIONS_MAX; count++)
      await server.versions.add({ ...version, id: `v${count}`, name: `${count}` });
    const over = await name(server, { name: 'One more', seq: 1 });
    expect([over.status, over.body.error.code]).toEqual([409, 'too_many_versions']);
    expect((await server.call(eda, 'DELETE', `${VERSIONS}/${body.id}`)).status).toBe(204);
    expect((await name(server, { name: 'One more', seq: 1 })).status).toBe(201);
  });

  test('who named it renames and deletes it; another editor does not, a host does', async () => {
    const server = await serverWithQuote();
    await server.grant('q1', 'bob', 'editor');
    const { body } = await name(server, { name: 'Signed', seq: 1 });
    const path = `${VERSIONS}/${body.id}`;
    for (const [method, change] of [['PATCH', { name: 'Mine' }], ['DELETE']] as const) {
      const denied = await server.call('bob', method, path, change);
      expect([denied.status, denied.body.error.message]).toEqual([
        403,
        'Somebody else named this version: only they and hosts of the quote can change that.',
      ]);
    }
    const renamed = await server.call(ann, 'PATCH', path, { name: 'Signed by both' });
    expect([renamed.status, renamed.body]).toEqual([200, { ...body, name: 'Signed by both' }]);
    expect((await server.call(eda, 'DELETE', path)).status).toBe(204);
    expect((await server.call(eda, 'DELETE', path)).status).toBe(404);
    expect((await server.call(eda, 'PATCH', path, { name: 'Gone' })).status).toBe(404);
  });

  test('an admin who sees the quote renames what others named, also as a viewer', async () => {
    const server = await serverWithQuote();
    const root = { user: 'root', role: 'admin' } as const;
    const { body } = await name(server, { name: 'Signed', seq: 1 });
    const rename = (): Promise<Answer> =>
      server.call(root, 'PATCH', `${VERSIONS}/${body.id}`, { name: 'Checked' });
    expect((await rename()).status).toBe(403);
    await server.grant('q1', 'root', 'viewer');
    expect((await rename()).status).toBe(200);
    expect((await name(server, { name: 'More', seq: 1 }, root)).status).toBe(403);
  });

  test('versions of another quote are not found, nor is a quote that is not there', async () => {
    const server = await serverWithQuote();
    await server.createQuote({ id: 'q2' }, eda);
    const { body } = await name(server, { name: 'Signed', seq: 1 });
    const path = `/api/quotes/q2/versions/${body.id}`;
    expect((await server.call(eda, 'PATCH', path, { name: 'Theirs' })).status).toBe(404);
    expect((await server.call(eda, 'DELETE', path)).status).toBe(404);
    const open = await serverForTest();
    expect((await open.call(eda, 'GET', '/api/quotes/q9/versions')).status).toBe(404);
    expect((await open.call(eda, 'POST', '/api/quotes/q9/versions', { name: 'A', seq: 1 })).status).toBe(404);
  });
});
