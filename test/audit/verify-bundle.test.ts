import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { formatNoteKey } from '../../src/log/signed-note.ts';
import { sealEntry } from '../../src/log/entry-hash.ts';
import { bundleOf, leafOf, newSigner, runVerifier } from '../support/audit-bundle.ts';
import { type Recorded, playSession, record } from '../support/recorded-quote.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/*
 * The bundle's own program is run as an auditor runs it. Whoever changes a file may also know how to make the manifest fit
 * again: what is checked beyond it is tried that way.
 */

const signer = newSigner();
const key = formatNoteKey(signer);

let quotes: Recorded[];
let folder: string;
let count: number;

beforeEach(async () => {
  quotes = [record(playSession()), record(playSession(), 'q2')];
  count = present(quotes[0], 'there are two').entries.length;
  folder = join(temporaryFolder(), 'bundle');
  await bundleOf(quotes, { folder, signer });
});

const author = { user: 'rita', role: 'sales_rep' };
/** By file: members that have to be there for each part of a record's form to be tried. */
const SAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'entries.jsonl': {
    session: 's1',
    clocks: [{ client: 1, clock: 2, length: 3 }],
    activeEdits: [{ ...author, cell: 'fields/title' }],
    aliases: [{ clock: 1, cell: 'fields/title', of: { ...author, seq: 1 } }],
  },
  'writes.jsonl': { reason: 'held', by: author },
  'policies.jsonl': {},
  'proofs.jsonl': {},
};
/** Members that may be null. */
const NULLABLE = ['session', 'connection', 'merged', 'of', 'reason', 'by', 'head', 'first', 'last'];

const pathOf = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(pathOf(name), 'utf8');
const linesOf = (name: string): string[] => read(name).split('\n').slice(0, -1);
const writeLines = (name: string, lines: readonly string[]): void =>
  writeFileSync(pathOf(name), lines.map((line) => `${line}\n`).join(''));

/** The first line of the output that says what is wrong. */
async function wrong(...argv: string[]): Promise<string> {
  const { code, out, err } = await runVerifier(folder, ...argv);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toMatch(/\d+ (?:thing is|things are) WRONG\.\n$/);
  return out
    .split('\n')
    .filter((line) => line.startsWith('WRONG'))
    .join('\n');
}

/** Makes the manifest fit the files again, and then `change`s it. */
function fitManifest(change: (manifest: ReturnType<typeof JSON.parse>) => void = () => undefined): void {
  const manifest = JSON.parse(read('manifest.json'));
  for (const [name, file] of Object.entries<{ bytes: number; sha256: string }>(manifest.files)) {
    const content = readFileSync(pathOf(name));
    file.bytes = content.length;
    file.sha256 = createHash('sha256').update(content).digest('hex');
  }
  change(manifest);
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeFileSync(pathOf('manifest.json'), text);
  const sum = createHash('sha256').update(text).digest('hex');
  writeFileSync(pathOf('manifest.sha256'), `${sum}  manifest.json\n`);
}

function changeRecord(name: string, line: number, change: (record: ReturnType<typeof JSON.parse>) => void) {
  const lines = linesOf(name);
  const changed = JSON.parse(present(lines[line], 'there is such a line'));
  change(changed);
  lines[line] = JSON.stringify(changed);
  writeLines(name, lines);
}

describe('a bundle as it was made', () => {
  test('is fine, and says what is not proven with a key that came with it', async () => {
    const { code, out } = await runVerifier(folder);
    expect(code).toBe(0);
    expect(out).toContain(`q2: ${count} entries, the last is ${count} with the hash`);
    expect(out).toContain('the signed head covers them all');
    expect(out).toContain('The key comes from the bundle itself and proves nothing about who signed');
    expect(out).toMatch(/All of it is as it should be\.\n$/);
  });

  test.each([
    ['as one line', () => key],
    ['in a file', () => keyFile(`${key}\n`)],
    ['as PEM', () => keyFile(String(signer.publicKey.export({ format: 'pem', type: 'spki' })))],
  ])('is fine with a key from elsewhere, %s', async (_form, given) => {
    const { code, out } = await runVerifier(folder, '--key', given());
    expect(code).toBe(0);
    expect(out).toContain('The key is the one that you gave.');
    expect(out).not.toContain('proves nothing about who signed');
  });

  test('of one quote proves it without naming the others', async () => {
    const one = join(temporaryFolder(), 'one');
    await bundleOf(quotes, { folder: one, signer, quotes: [present(quotes[1], 'there are two').quote] });
    const { code, out } = await runVerifier(one, '--key', key);
    expect(code).toBe(0);
    expect(out).toContain('the signed head covers them all');
    for (const name of readdirSync(one)) {
      if (name !== 'verify.mjs') expect(readFileSync(join(one, name), 'utf8')).not.toMatch(/\bq1\b/);
    }
  });

  test.each(['=1+1', 'bolts;=1+1', 'a\t@b;-5', '\t=1', '-5;-6', '";=1', 'x;\r\n=1', '-7'])(
    'agrees with the export on what is written for a spreadsheet: %j',
    async (offered) => {
      const offering = quotes.map((one) => rewrite(one, { offered }));
      const other = join(temporaryFolder(), 'other');
      await bundleOf(offering, { folder: other, signer });
      expect(await runVerifier(other, '--key', key)).toMatchObject({ code: 0 });
    },
  );

  test.each([1, 2, 3, 7, 8])('proves each of %i quotes', async (howMany) => {
    const star = playSession();
    const all = Array.from({ length: howMany }, (_, index) => record(star, `q${index}`));
    const every = join(temporaryFolder(), 'every');
    await bundleOf(all, { folder: every, signer });
    expect(await runVerifier(every, '--key', key)).toMatchObject({ code: 0 });
  });

  test('says which entries came after the head, and which quotes it does not cover', async () => {
    const partly = join(temporaryFolder(), 'partly');
    const leaves = [leafOf(present(quotes[0], 'there are two'), 4)];
    await bundleOf(quotes, { folder: partly, signer, leaves });
    const { code, out } = await runVerifier(partly, '--key', key);
    expect(code).toBe(3);
    expect(out).toContain('the signed head covers entries 1 to 4, and proves nothing of those after');
    expect(out).toContain('no entry of it is covered by the signed head');
    expect(out).toContain('the head covers 1 quote, 1 of them is here');
    expect(out).toMatch(/\nSound in itself, but not proven by the head: .*\n$/);
    expect(out).not.toContain('as it should be');
    expect(await runVerifier(partly)).toMatchObject({ code: 0 });
  });

  test('without a head says so, and a key cannot be tried on it', async () => {
    const without = join(temporaryFolder(), 'without');
    await bundleOf(quotes, { folder: without });
    const { code, out } = await runVerifier(without);
    expect(code).toBe(0);
    expect(out).toContain('There is no signed head that holds');
    expect(await runVerifier(without, '--key', key)).toMatchObject({
      code: 3,
      out: expect.stringMatching(/\nSound in itself, but not proven by the head: .*\n$/),
    });
  });

  test('is checked in one way only', async () => {
    for (const argv of [['--kye', key], ['--key'], ['--key', key, 'more']]) {
      expect(await runVerifier(folder, ...argv)).toMatchObject({
        code: 2,
        err: expect.stringContaining('usage:'),
      });
    }
    expect(await runVerifier(folder, '--key', 'nowhere.pub')).toMatchObject({ code: 2 });
    expect(await runVerifier(folder, '--key', pathOf('entries.csv'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('holds no public key'),
    });
  });
});

function keyFile(text: string): string {
  const path = join(temporaryFolder(), 'key.pub');
  writeFileSync(path, text);
  return path;
}

const FILES = ['entries.jsonl', 'writes.jsonl', 'entries.csv', 'writes.csv', 'policies.jsonl'].concat(
  ['head.txt', 'keys.txt', 'proofs.jsonl', 'verify.mjs'],
  ['manifest.json', 'manifest.sha256'],
);

describe('one byte', () => {
  test('all files are tried', () => {
    expect(readdirSync(folder).toSorted()).toEqual(FILES.toSorted());
  });

  test.each(FILES)('of %s that was flipped is found there', async (name) => {
    const bytes = readFileSync(pathOf(name));
    // In the program: where it says what it is, so that it still runs.
    const at = name === 'verify.mjs' ? 5 : Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(pathOf(name), bytes);
    expect(await wrong()).toContain(name.startsWith('manifest') ? 'WRONG  manifest.json' : `WRONG  ${name}`);
  });

  test('anywhere in the data that was flipped is found', async () => {
    const data = FILES.filter((name) => name !== 'verify.mjs');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...data),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 7 }),
        async (name, where, bit) => {
          const before = readFileSync(pathOf(name));
          const bytes = Buffer.from(before);
          const at = Math.floor(where * bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
          writeFileSync(pathOf(name), bytes);
          expect((await runVerifier(folder)).code).toBe(1);
          writeFileSync(pathOf(name), before);
        },
      ),
      { numRuns: 20 },
    );
  });

  test.each(FILES.filter((name) => name !== 'verify.mjs'))('%s that is not there is named', async (name) => {
    rmSync(pathOf(name));
    expect(await wrong()).toContain(`${name}: is not there, or cannot be read`);
  });
});

describe('where the manifest was made to fit again', () => {
  test('a line that was taken out of the entries', async () => {
    writeLines('entries.jsonl', linesOf('entries.jsonl').toSpliced(3, 1));
    fitManifest();
    expect(await wrong()).toContain('quote q1, entry 5: entry 4 is missing before it');
  });

  test('a line that was taken out of the writes', async () => {
    const lines = linesOf('writes.jsonl');
    const { seq } = JSON.parse(present(lines[1], 'there are more'));
    writeLines('writes.jsonl', lines.toSpliced(1, 1));
    fitManifest();
    const found = await wrong();
    expect(found).toMatch(
      new RegExp(`quote q1, entry ${seq}: it says it has \\d+ writes, and \\d+ are there`),
    );
    expect(found).toContain(`quote q1, entry ${seq}: it is not what its hash was made of`);
  });

  test.each(['entries', 'writes'])('two lines of the %s that changed places', async (what) => {
    const lines = linesOf(`${what}.jsonl`);
    const [first, second] = lines.splice(0, 2);
    writeLines(`${what}.jsonl`, [present(second, 'it is there'), present(first, 'it is there'), ...lines]);
    fitManifest();
    expect(await wrong()).toMatch(/quote q1, entry [12]: /);
  });

  test('a write that was added', async () => {
    const lines = linesOf('writes.jsonl');
    const last = JSON.parse(present(lines.at(-1), 'it is there'));
    writeLines('writes.jsonl', [...lines, JSON.stringify({ ...last, seq: 99, n: 1 })]);
    fitManifest((manifest) => (manifest.files['writes.jsonl'].rows += 1));
    expect(await wrong()).toContain('quote q2, entry 99: a write of no entry');
  });

  test.each([
    ['the author', { user: 'ada' }],
    ['the role', { role: 'admin' }],
    ['the time', { at: 1 }],
    ['the bytes', { received: 'AAAA' }],
    ['what was seen', { seen: { kind: 'connection', revision: 99 } }],
    ['a field of another form', { clocks: 'none' }],
  ])('%s of an entry', async (_what, changed) => {
    changeRecord('entries.jsonl', 2, (entry) => Object.assign(entry, changed));
    fitManifest();
    expect(await wrong()).toMatch(/quote q1, entry 3: |entries.jsonl, line 3: has not the form/);
  });

  test.each([
    ['the value', { applied: 'forged' }],
    ['the verdict', { verdict: 'accepted', reason: null, by: null }],
    ['the cell', { cell: 'fields/owner' }],
  ])('%s of a write', async (_what, changed) => {
    const line = linesOf('writes.jsonl').findIndex((text) => text.includes('"refused"'));
    const { seq } = JSON.parse(present(linesOf('writes.jsonl')[line], 'there is a refused one'));
    changeRecord('writes.jsonl', line, (write) => Object.assign(write, changed));
    fitManifest();
    expect(await wrong()).toContain(`quote q1, entry ${seq}: it is not what its hash was made of`);
  });

  test.each(['entries', 'writes'])('a CSV of %s that says something else', async (what) => {
    const name = `${what}.csv`;
    writeFileSync(pathOf(name), read(name).replace(/rita/, 'maxi'));
    fitManifest();
    expect(await wrong()).toContain(`${name} does not say the same as the .jsonl file of that name`);
    writeFileSync(pathOf(name), read(name).split('\r\n').slice(0, -2).join('\r\n'));
    fitManifest();
    expect(await wrong()).toContain(`${name} does not say the same`);
  });

  test('a policy under the hash of another', async () => {
    changeRecord('policies.jsonl', 0, (policy) => (policy.json = policy.json.replace(':10', ':90')));
    fitManifest();
    expect(await wrong()).toContain('policies.jsonl, line 1: policy');
  });

  test('a policy that was left out', async () => {
    writeLines('policies.jsonl', []);
    fitManifest();
    expect(await wrong()).toContain('quote q1, entry 1: the policy it was decided with');
  });

  test('counts, and places, in the manifest', async () => {
    fitManifest((manifest) => {
      manifest.files['writes.csv'].rows += 1;
      manifest.quotes[0].entries -= 1;
      manifest.quotes[1].last.seq = 2;
    });
    const found = await wrong();
    expect(found).toContain('writes.csv: has ');
    expect(found).toContain(`quote q1: has ${count} entries, and the manifest says ${count - 1}`);
    expect(found).toMatch(/quote q2: its last entry is \d+ \([0-9a-f]{64}\), and the manifest says 2 /);
  });

  test('a quote that was left out of the manifest', async () => {
    fitManifest((manifest) => manifest.quotes.pop());
    expect(await wrong()).toContain('quote q2: is not in the manifest');
  });

  test('a bundle of another form', async () => {
    fitManifest((manifest) => (manifest.version = 2));
    expect(await wrong()).toContain('is no manifest of a quoteroom audit bundle of version 1');
  });
});

describe('the signed head finds', () => {
  const bundleAgain = async (...given: Parameters<typeof bundleOf>): Promise<void> => {
    rmSync(folder, { recursive: true });
    await bundleOf(...given);
  };

  test('a tail that was cut off the log', async () => {
    const leaves = quotes.map((one) => leafOf(one));
    const [first, second] = quotes.map((one) => present(one, 'there are two'));
    const cut = {
      ...present(first, 'there are two'),
      entries: present(first, 'there are two').entries.slice(0, -2),
    };
    await bundleAgain([cut, present(second, 'there are two')], { folder, signer, leaves });
    expect(await wrong('--key', key)).toBe(
      `WRONG  quote q1: ends at entry ${count - 2}, and the signed head covers ${count}: what came after was cut off`,
    );
  });

  test('a quote that was taken out of the log', async () => {
    const leaves = quotes.map((one) => leafOf(one));
    const [first, second] = quotes.map((one) => present(one, 'there are two'));
    const none = { ...present(first, 'there are two'), entries: [] };
    await bundleAgain([none, present(second, 'there are two')], { folder, signer, leaves });
    expect(await wrong('--key', key)).toContain(
      `quote q1: ends at entry 0, and the signed head covers ${count}`,
    );
  });

  test('a history that was written anew, with all its hashes', async () => {
    const leaves = quotes.map((one) => leafOf(one));
    const [first, second] = quotes.map((one) => present(one, 'there are two'));
    const forged = rewrite(present(first, 'there are two'));
    await bundleAgain([forged, present(second, 'there are two')], { folder, signer, leaves });
    expect(await wrong('--key', key)).toBe(
      `WRONG  quote q1, entry ${count}: it is another one than the signed head covers: the log was written anew`,
    );
  });

  test('with a key from elsewhere, that everything was made anew under another key', async () => {
    const stranger = newSigner(signer.name);
    const forged = quotes.map((one) => rewrite(one));
    await bundleAgain(forged, { folder, signer: stranger });
    expect(await runVerifier(folder)).toMatchObject({ code: 0 });
    expect(await wrong('--key', key)).toContain(
      `head.txt: has no good signature of the key that you gave; it says it is signed by ${stranger.name}+${stranger.id}`,
    );
  });

  test('its own text, changed', async () => {
    writeFileSync(pathOf('head.txt'), read('head.txt').replace('head 7', 'head 8'));
    fitManifest((manifest) => (manifest.head.number = 8));
    expect(await wrong()).toContain('head.txt: has no good signature of one of the keys in keys.txt');
  });

  test('a proof that says another entry, or stands elsewhere, or is another one', async () => {
    for (const change of [{ seq: 4 }, { hash: '0'.repeat(64) }, { index: 1 }, { index: 9 }, { path: [] }]) {
      const before = read('proofs.jsonl');
      changeRecord('proofs.jsonl', 0, (proof) => Object.assign(proof, change));
      fitManifest();
      expect(await wrong('--key', key), JSON.stringify(change)).toContain(
        'proofs.jsonl, line 1: the proof of quote q1 does not lead to the root that was signed',
      );
      writeFileSync(pathOf('proofs.jsonl'), before);
    }
  });

  test('that it was taken out', async () => {
    writeFileSync(pathOf('head.txt'), '');
    fitManifest((manifest) => (manifest.files['head.txt'].rows = 0));
    expect(await wrong()).toContain('head.txt: is empty, and the manifest says that there is a signed head');
  });
});

describe('a record of another form', () => {
  test('a proof whose number is text is no proof, and what it was to cover is not believed', async () => {
    rmSync(folder, { recursive: true });
    const leaves = quotes.map((one) => leafOf(one));
    await bundleOf(
      quotes.map((one) => rewrite(one)),
      { folder, signer, leaves },
    );
    const proofs = linesOf('proofs.jsonl').map((line) => JSON.parse(line));
    writeLines(
      'proofs.jsonl',
      proofs.map((proof) => JSON.stringify({ ...proof, seq: String(proof.seq) })),
    );
    fitManifest();
    expect(await wrong('--key', key)).toContain('proofs.jsonl, line 1: has not the form that it should have');
  });

  test('a second proof of a quote', async () => {
    const [first = '', second = ''] = linesOf('proofs.jsonl');
    writeLines('proofs.jsonl', [first, second, first]);
    fitManifest((manifest) => (manifest.files['proofs.jsonl'].rows = 3));
    expect(await wrong('--key', key)).toContain('proofs.jsonl, line 3: a second proof of quote q1');
  });

  test.each(Object.keys(SAMPLES))(
    'any member of %s that is of another type, missing, or doubled',
    async (name) => {
      const before = JSON.parse(present(linesOf(name)[0], 'there is a line'));
      const confused = confusionsOf({ ...before, ...SAMPLES[name] });
      expect(confused.length).toBeGreaterThan(8);
      // A hundred problems are told.
      for (let from = 0; from < confused.length; from += 90) {
        const part = confused.slice(from, from + 90);
        writeLines(name, part);
        fitManifest();
        const found = await wrong();
        part.forEach((line, index) =>
          expect(found, line).toMatch(
            new RegExp(`${name}, line ${index + 1}: (?:has not the form|is not written as|is no JSON)`),
          ),
        );
      }
    },
  );

  test('any member of the manifest', async () => {
    const original = JSON.parse(read('manifest.json'));
    const purged = [{ id: 'q9', last: original.quotes[0].last, note: 'a note' }];
    const { files, ...rest } = original;
    const short = { ...rest, quotes: rest.quotes.slice(0, 1), purged, files };
    // One of each member: to start a program for each of all is slow.
    const confused = confusionsOf(short).filter(
      (line, index) => index % 9 === 0 || line.includes('purged":null'),
    );
    for (const line of confused) {
      writeFileSync(pathOf('manifest.json'), line);
      writeFileSync(
        pathOf('manifest.sha256'),
        `${createHash('sha256').update(line).digest('hex')}  manifest.json\n`,
      );
      expect(await wrong(), line).toContain('WRONG  manifest.json: ');
    }
  });

  test.each(['[null]', '[]', 'null', '7', '[{}]'])('purged quotes that are %s', async (purged) => {
    fitManifest((manifest) => {
      const { files } = manifest;
      delete manifest.files;
      Object.assign(manifest, { purged: JSON.parse(purged), files });
    });
    if (purged === '[]') expect(await runVerifier(folder)).toMatchObject({ code: 0 });
    else expect(await wrong()).toContain('manifest.json: has not the form of a manifest');
  });
});

describe('what is no plain file, or has no end', () => {
  const isWindows = process.platform === 'win32';

  test.skipIf(isWindows).each(FILES)('%s as a pipe is not waited for', async (name) => {
    if (name === 'verify.mjs') return;
    rmSync(pathOf(name));
    execFileSync('mkfifo', [pathOf(name)]);
    expect(await wrong()).toContain(`${name}: is no plain file, and was not opened`);
  });

  test.skipIf(isWindows).each(['entries.jsonl', 'manifest.json', 'head.txt'])(
    '%s as a link is not followed',
    async (name) => {
      rmSync(pathOf(name));
      symlinkSync('/dev/zero', pathOf(name));
      expect(await wrong()).toContain(`${name}: is no plain file, and was not opened`);
    },
  );

  test.each([
    ['manifest.json', 64],
    ['manifest.sha256', 16],
  ])('%s of more than %i MiB is not read', async (name, mib) => {
    truncateSync(pathOf(name), mib * 2 ** 20 + 1);
    expect(await wrong()).toContain(`${name}: has more than ${mib * 2 ** 20} bytes`);
  });

  test('nor is a head, or a longer line', async () => {
    truncateSync(pathOf('head.txt'), 17 * 2 ** 20);
    truncateSync(pathOf('policies.jsonl'), 65 * 2 ** 20);
    fitManifest();
    const found = await wrong();
    expect(found).toContain(`head.txt: has more than ${16 * 2 ** 20} bytes`);
    expect(found).toContain(`policies.jsonl: has a line of more than ${64 * 2 ** 20} bytes`);
  });

  test('a file of another size than the manifest says is not opened', async () => {
    writeFileSync(pathOf('policies.jsonl'), `${read('policies.jsonl')}\n`);
    expect(await wrong()).toMatch(/policies\.jsonl: has \d+ bytes, and the manifest says \d+/);
  });

  test('an error that nobody thought of is one plain line', async () => {
    const program = read('verify.mjs').replace(
      'const given = givenKey();',
      'throw new Error("odd\\u001b[31m");',
    );
    writeFileSync(pathOf('verify.mjs'), program);
    expect(await runVerifier(folder)).toEqual({
      ...{ code: 1, out: '' },
      err: 'this bundle could not be checked: odd\ufffd[31m\n',
    });
  });
});

/** The JSON of a record, with one of its members of another type, null, missing or doubled; and with one too many. */
function confusionsOf(record: Record<string, unknown>): string[] {
  const found = [JSON.stringify({ ...record, more: 1 }), JSON.stringify([record]), 'null', '7'];
  const set = (path: readonly (string | number)[], value: unknown): string => {
    const copy = structuredClone(record);
    const [last = '', ...rest] = path.toReversed();
    const parent = rest.reduceRight<ReturnType<typeof JSON.parse>>((at, name) => at[name], copy);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    return JSON.stringify(copy);
  };
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    const name = String(path.at(-1));
    const isAnything = ['before', 'offered', 'applied'].includes(name);
    if (typeof path.at(-1) === 'string') {
      const text = JSON.stringify(record);
      const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
      found.push(
        set(path, undefined),
        text.replace(member, () => `${member},${member}`),
      );
      if (!isAnything)
        found.push(set(path, typeof value === 'number' ? String(value) : 7), set(path, [value]));
      if (!isAnything && !NULLABLE.includes(name)) found.push(set(path, null));
    }
    if (value === null || typeof value !== 'object' || isAnything) return;
    for (const [key, inner] of Object.entries(value))
      visit(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  for (const [key, value] of Object.entries(record)) visit(value, [key]);
  return found;
}

/** As somebody would who knows how the chain is made: another title, and all hashes from there on. */
function rewrite(recorded: Recorded, change: object = { applied: 'forged' }): Recorded {
  let previous = new Uint8Array(32);
  const entries = recorded.entries.map((entry, index) => {
    const writes = index === 1 ? entry.writes.map((write) => ({ ...write, ...change })) : entry.writes;
    const sealed = sealEntry({ ...entry, writes }, previous);
    previous = Uint8Array.from(sealed.hash);
    return sealed;
  });
  return { ...recorded, entries };
}
