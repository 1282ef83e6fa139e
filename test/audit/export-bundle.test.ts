import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { Fault } from '../../src/lib/fault.ts';
import { exportBundle } from '../../src/audit/export-bundle.ts';
import { bundleOf, logOfAll, newSigner } from '../support/audit-bundle.ts';
import { type Recorded, playSession, record } from '../support/recorded-quote.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let recorded: Recorded;
let parent: string;
let folder: string;

beforeEach(() => {
  recorded = record(playSession());
  parent = temporaryFolder();
  folder = join(parent, 'bundle');
});

const read = (name: string, from = folder): string => readFileSync(join(from, name), 'utf8');
const records = (name: string): ReturnType<typeof JSON.parse>[] =>
  read(name)
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

test('holds every entry, write and policy, with what the manifest says of them', async () => {
  const manifest = await bundleOf([recorded], { folder, signer: newSigner() });
  expect(JSON.parse(read('manifest.json'))).toEqual(manifest);
  const entries = records('entries.jsonl');
  const writes = records('writes.jsonl');
  expect(entries.map(({ seq }) => seq)).toEqual(recorded.entries.map(({ seq }) => seq));
  expect(writes).toHaveLength(recorded.entries.flatMap((entry) => entry.writes).length);
  expect(manifest.quotes).toEqual([
    {
      id: 'q1',
      entries: entries.length,
      writes: writes.length,
      first: { seq: 1, hash: entries[0].hash },
      last: { seq: entries.length, hash: entries.at(-1).hash },
    },
  ]);
  expect(records('policies.jsonl')).toEqual(recorded.policies.map(({ hash, json }) => ({ hash, json })));
  expect(manifest.head).toMatchObject({ number: 7, at: '2026-02-25T06:13:20.000Z' });
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
});

test('two exports of the same log are byte for byte the same but for the time in the manifest', async () => {
  const signer = newSigner();
  const others = [recorded, record(playSession(), 'q2')];
  const first = await bundleOf(others, { folder, signer });
  const again = join(parent, 'again');
  await bundleOf(others, { folder: again, signer, at: 1_900_000_000_000 });
  for (const name of readdirSync(folder)) {
    if (name.startsWith('manifest')) continue;
    expect(read(name, again), name).toBe(read(name));
  }
  expect({ ...JSON.parse(read('manifest.json', again)), made: first.made }).toEqual(first);
  expect(readdirSync(again)).toEqual(readdirSync(folder));
});

test('what a spreadsheet would take for a formula is harmless in the CSV', async () => {
  const [entry] = recorded.entries;
  recorded.entries = recorded.entries.map((one) =>
    one === entry
      ? { ...one, writes: one.writes.map((write) => ({ ...write, offered: '=HYPERLINK("x","y, z")' })) }
      : one,
  );
  await bundleOf([recorded], { folder });
  expect(read('writes.csv')).toContain(`"'=HYPERLINK(""x"",""y, z"")"`);
});

test('a folder that holds something is left alone', async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  await expect(bundleOf([recorded], { folder })).rejects.toThrow(
    expect.objectContaining({
      code: 'export_failed',
      message: expect.stringContaining('it is there already'),
    }),
  );
  expect(readdirSync(folder)).toEqual(['notes.txt']);
});

test('an empty folder is taken, and one in folders that are not there is made', async () => {
  mkdirSync(folder);
  await bundleOf([recorded], { folder });
  await bundleOf([recorded], { folder: join(parent, 'a/b/c') });
  expect(readdirSync(join(parent, 'a/b/c'))).toEqual(readdirSync(folder));
});

test('an entry that cannot be read ends it, and nothing is left behind', async () => {
  const log = logOfAll([recorded]);
  const corrupt = new Fault({ code: 'log_corrupt', message: 'entry 4 of q1 is damaged', retryable: false });
  const options = { folder, at: 0, by: 'test', head: null, keys: [] };
  const broken = {
    ...log,
    entries: async (...[quote, range]: Parameters<typeof log.entries>) => {
      const entries = await log.entries(quote, range);
      if (entries.some(({ seq }) => seq === 4)) throw corrupt;
      return entries;
    },
  };
  await expect(exportBundle(broken, [recorded.quote], options)).rejects.toThrow(
    'nothing was exported: entry 4 of q1 is damaged; "quoteroom audit verify q1" says what else is wrong',
  );
  expect(readdirSync(parent)).toEqual([]);
});

test('stops where it is asked to, and leaves nothing behind', async () => {
  const stopped = new AbortController();
  const long = { ...recorded, entries: many(recorded, 1_200) };
  const exporting = bundleOf([long], { folder, stop: stopped.signal, onProgress: () => stopped.abort() });
  await expect(exporting).rejects.toThrow(/it was stopped/);
  expect(readdirSync(parent)).toEqual([]);
});

/** More of the same: nobody looks at them here. */
const many = ({ entries }: Recorded, count: number): Recorded['entries'] =>
  Array.from({ length: count }, (_, index) => ({
    ...present(entries[index % entries.length], 'there are some'),
    seq: index + 1,
  }));
