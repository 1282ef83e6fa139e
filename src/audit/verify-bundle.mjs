// Checks this bundle, with nothing but Node 20 or newer:
//
//     node verify.mjs                   with the public keys that lie in the bundle, which anyone could have put there
//     node verify.mjs --key PUBLICKEY   with a key that you have from elsewhere: a file, or the key itself as one line
//
// It lies beside the files that it checks, needs no package and no network, and changes nothing. Read it from the top: what
// it checks is in `main`, in that order; how the hash of an entry is made is in `bytesOfEntry`, how the head is signed in
// `readHead`. Whoever does not trust it can write the same in any language.
//
// Ends with 0 if everything is as it should be; with 1 and one line for each thing that is wrong; with 2 if it was called in
// another way; with 3 if a key was given, nothing is wrong, and the signed head does not cover all that is here: the bundle
// is sound in itself, and somebody who made it anew could have made it so.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs';
import { readFileSync, readSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const FORMAT = 'quoteroom audit bundle';
const VERSION = 1;
const DATA_FILES = ['entries.jsonl', 'writes.jsonl', 'entries.csv', 'writes.csv', 'policies.jsonl'].concat([
  'head.txt',
  'keys.txt',
  'proofs.jsonl',
]);
const PROBLEMS_SHOWN_MAX = 100;
/* More than any bundle has: a file that was made to be large must not fill the memory. */
const LINE_BYTES_MAX = 64 * 2 ** 20;
const MANIFEST_BYTES_MAX = 64 * 2 ** 20;
const SMALL_FILE_BYTES_MAX = 16 * 2 ** 20;

function main() {
  const given = givenKey();
  const manifest = readManifest();
  if (manifest === null) return reportNothing();
  checkFiles(manifest);
  const head = readHead(manifest, given);
  const policies = readPolicies(manifest);
  const found = checkEntries(policies, head);
  checkQuotes(manifest, found, head);
  const purged = checkPurged(manifest, given);
  report(manifest, { given, found, head, purged });
}

/* The text with the key that the caller has from elsewhere, or null. */
function givenKey() {
  const [flag, value, ...more] = process.argv.slice(2);
  if (flag === undefined) return null;
  if (flag !== '--key' || value === undefined || more.length > 0) {
    process.stderr.write('usage: node verify.mjs [--key PUBLICKEY]   (a file, or the key as one line)\n');
    process.exit(2);
  }
  if (parseKey(value) !== null) return value;
  const content = attempt(() => readFileSync(value, 'utf8'));
  if (content !== null && readKeys(content, ['any']).length > 0) return content;
  const why = content === null ? 'is no public key, and no file that can be read' : 'holds no public key';
  process.stderr.write(`${plain(value)} ${why}\n`);
  return process.exit(2);
}

// ---- The manifest: what should be here ----

/* Null where it does not say what should be here: then nothing else is looked at. */
function readManifest() {
  const content = readSmall('manifest.json', MANIFEST_BYTES_MAX);
  const sum = readSmall('manifest.sha256', SMALL_FILE_BYTES_MAX);
  if (content === null || sum === null) return null;
  if (sum.toString() !== `${sha256(content)}  manifest.json\n`)
    problem('manifest.json', 'is not what manifest.sha256 says: one of the two was changed');
  const manifest = parseJson(content.toString());
  if (manifest?.format !== FORMAT || manifest.version !== VERSION) {
    problem(
      'manifest.json',
      `is no manifest of a ${FORMAT} of version ${VERSION}, which is what this program checks`,
    );
    return null;
  }
  const form = Object.hasOwn(manifest, 'purged') ? PURGED_MANIFEST_FORM : MANIFEST_FORM;
  const isAsWritten = attempt(() => `${JSON.stringify(manifest, null, 2)}\n` === content.toString());
  if (!hasForm(manifest, form) || isAsWritten !== true) {
    problem('manifest.json', 'has not the form of a manifest');
    return null;
  }
  for (const { id } of twice(manifest.quotes)) problem('manifest.json', `names quote ${id} twice`);
  for (const { id } of twice(manifest.purged ?? [])) problem('manifest.json', `names quote ${id} twice`);
  for (const name of DATA_FILES) sizes.set(name, manifest.files[name].bytes);
  sizes.set('verify.mjs', manifest.files['verify.mjs'].bytes);
  return manifest;
}

function twice(named) {
  const seen = new Set();
  return named.filter(({ id }) => seen.size === seen.add(id).size);
}

function checkFiles(manifest) {
  for (const name of [...DATA_FILES, 'verify.mjs']) {
    const hash = createHash('sha256');
    const isThere = readChunks(name, (chunk) => void hash.update(chunk));
    if (isThere && hash.digest('hex') !== manifest.files[name].sha256)
      problem(name, 'was changed: its SHA-256 is not the one in the manifest');
  }
}

// ---- The form of a record: all of its members, in this order, each of its type, and nothing else ----

/*
 * A number that comes as text, or a member that is there twice, could mean one thing to a check and another to the reader. So what
 * has not its form is wrong, and is not looked at further; and a line must be, byte for byte, the JSON of what was read.
 */
function hasForm(value, form) {
  if (typeof form === 'function') return form(value) === true;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const names = Object.keys(form);
  const own = Object.keys(value);
  return (
    own.length === names.length &&
    names.every((name, index) => own[index] === name && hasForm(value[name], form[name]))
  );
}

const isText = (value) => typeof value === 'string';
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isNumber = (value) => isCount(value) && value >= 1;
const isTime = (value) => isCount(value) && value <= 8.64e15;
const isHash = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value);
const isId = (value) => isText(value) && /^[A-Za-z0-9_-]{1,64}$/.test(value);
const isBytes = (value) => isText(value) && Buffer.from(value, 'base64').toString('base64') === value;
const isJson = (value) => value !== undefined;
const listOf = (form) => (value) => Array.isArray(value) && value.every((one) => hasForm(one, form));
const orNull = (form) => (value) => value === null || hasForm(value, form);

const PLACE = { seq: isNumber, hash: isHash };
const MANIFEST_START = {
  format: isText,
  version: isNumber,
  made: { at: isText, by: isText },
  quotes: listOf({ id: isId, entries: isCount, writes: isCount, first: orNull(PLACE), last: orNull(PLACE) }),
  head: orNull({ number: isCount, at: isText, signedBy: listOf(isText) }),
};
const FILES = Object.fromEntries(
  [...DATA_FILES, 'verify.mjs'].map((name) => [name, { rows: isCount, bytes: isCount, sha256: isHash }]),
);
const MANIFEST_FORM = { ...MANIFEST_START, files: FILES };
const PURGED_MANIFEST_FORM = {
  ...MANIFEST_START,
  purged: listOf({ id: isId, last: PLACE, note: isText }),
  files: FILES,
};
const PROOF_FORM = { quote: isId, seq: isNumber, hash: isHash, index: isCount, path: listOf(isHash) };
const POLICY_FORM = { hash: isHash, json: isText };
const ENTRY_FORM = {
  ...{ quote: isId, seq: isNumber, at: isTime, user: isText, role: isText, permission: isText },
  ...{ session: orNull(isText), connection: orNull(isText), origin: isText, kind: isText },
  clocks: listOf({ client: isCount, clock: isCount, length: isCount }),
  ...{ received: isBytes, merged: orNull(isBytes), policy: isHash, gateVersion: isCount },
  seen: { kind: isText, revision: isCount },
  activeEdits: listOf({ user: isText, role: isText, cell: isText }),
  aliases: listOf({
    ...{ clock: isCount, cell: isText },
    of: orNull({ user: isText, role: isText, seq: isCount }),
  }),
  ...{ writes: isCount, previousHash: isHash, hash: isHash },
};
const WRITE_FORM = {
  ...{ quote: isId, seq: isNumber, n: isNumber, cell: isText, operation: isText },
  ...{ before: isJson, offered: isJson, applied: isJson, verdict: isText, reason: orNull(isText) },
  by: orNull({ user: isText, role: isText }),
};

// ---- The signed head: which entries somebody vouched for ----

/*
 * head.txt is a signed note (c2sp.org/signed-note). Its text says how many quotes the whole log had and the root of a Merkle tree
 * (RFC 6962, SHA-256) with one leaf for each: the line ["QUOTE",SEQ,"HASH"] of its newest entry. After an empty line
 * come signatures, each `— NAME base64(4 bytes of the key's id, then the Ed25519 signature over the text)`. Each line of
 * proofs.jsonl leads from the leaf of one quote up to that root.
 *
 * Gives what is covered, by quote; null where there is no head, or it is not as it was signed.
 */
function readHead(manifest, given) {
  const note = readSmall('head.txt', SMALL_FILE_BYTES_MAX)?.toString() ?? '';
  const keyText = readSmall('keys.txt', SMALL_FILE_BYTES_MAX)?.toString() ?? '';
  checkRows(manifest, 'head.txt', note === '' ? 0 : 1);
  checkRows(manifest, 'keys.txt', keyText.split('\n').length - 1);
  if (note === '') {
    if (manifest.head !== null)
      problem('head.txt', 'is empty, and the manifest says that there is a signed head');
    return null;
  }
  const end = note.lastIndexOf('\n\n') + 1;
  const content = note.slice(0, end);
  const signatures = note
    .slice(end + 1)
    .split('\n')
    .slice(0, -1)
    .map(parseSignature);
  if (end === 0 || signatures.length === 0 || signatures.includes(null)) {
    problem('head.txt', 'is no signed note');
    return null;
  }
  const names = signatures.map(({ name }) => name);
  const signers = signatures.map(({ name, id }) => `${name}+${id}`);
  const keys = readKeys(given ?? keyText, names);
  const signer = checkSignatures(content, signatures, keys);
  if (signer === null) {
    const whose = given === null ? 'one of the keys in keys.txt' : 'the key that you gave';
    problem('head.txt', `has no good signature of ${whose}; it says it is signed by ${signers.join(', ')}`);
  }
  const parts = /^[^\n]+\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\nhead (\d{1,15})\nat (\S{24})\n$/.exec(content);
  if (parts === null) problem('head.txt', 'its text is not that of a head');
  if (signer === null || parts === null) return null;
  const [, size, root, number, at] = parts;
  const said = manifest.head;
  const isSaid = said?.number === Number(number) && said.at === at && said.signedBy.join() === signers.join();
  if (!isSaid) problem('head.txt', `is head ${number} of ${at}, and the manifest says another one`);
  const covered = readProofs(manifest, Number(size), Buffer.from(root, 'base64'));
  return { number, at, signer, isGiven: given !== null, size: Number(size), covered };
}

/* The key that signed it; a signature that a known key is said to have made must be good, whoever else signed. */
function checkSignatures(content, signatures, keys) {
  let signer = null;
  for (const { name, id, signature } of signatures) {
    const key = keys.find((one) => one.name === name && one.id === id);
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(content, 'utf8'), key.publicKey, signature)) return null;
    signer ??= `${name}+${id}`;
  }
  return signer;
}

function parseSignature(line) {
  const [, name, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  const decoded = Buffer.from(encoded ?? '', 'base64');
  if (name === undefined || decoded.length <= 4 || decoded.toString('base64') !== encoded) return null;
  return { name, id: decoded.toString('hex', 0, 4), signature: decoded.subarray(4) };
}

/* Keys as lines NAME+ID+base64(1, then 32 bytes), and PEM, which has no name and takes those of the signatures. */
function readKeys(content, names) {
  const pems = content.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  return [
    ...content.split(/\r?\n/).map((line) => parseKey(line.trim())),
    ...pems.flatMap((pem) => names.map((name) => attempt(() => keyOf(name, createPublicKey(pem))))),
  ].filter((key) => key !== null);
}

function parseKey(line) {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  const decoded = Buffer.from(encoded ?? '', 'base64');
  if (decoded.length !== 33 || decoded[0] !== 1) return null;
  const der = Buffer.concat([KEY_PREFIX, decoded.subarray(1)]);
  const key = keyOf(name, createPublicKey({ key: der, format: 'der', type: 'spki' }));
  return key.id === id ? key : null;
}

/* What stands before the 32 bytes of an Ed25519 public key in its DER form. */
const KEY_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/* A key's id is the start of the SHA-256 of its name, a line feed, one byte 1, and its 32 bytes. */
function keyOf(name, publicKey) {
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new Error('no Ed25519 key');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(KEY_PREFIX.length);
  return {
    name,
    id: sha256(Buffer.concat([Buffer.from(`${name}\n\u0001`, 'utf8'), raw])).slice(0, 8),
    publicKey,
  };
}

/*
 * What is given as covered holds until an entry was compared with it: see `checkQuotes`, which asks for each of them whether it was.
 */
function readProofs(manifest, size, root) {
  const covered = new Map();
  let rows = 0;
  for (const { record, place } of records('proofs.jsonl', PROOF_FORM)) {
    rows += 1;
    const { quote, seq, hash } = record;
    if (covered.has(quote)) problem(place, `a second proof of quote ${quote}`);
    else if (attempt(() => rootOfProof(record, size).equals(root)) === true)
      covered.set(quote, { seq, hash, isCompared: false });
    else problem(place, `the proof of quote ${quote} does not lead to the root that was signed`);
  }
  checkRows(manifest, 'proofs.jsonl', rows);
  return covered;
}

/* RFC 9162, section 2.1.3.2: a leaf is hashed after one byte 0, two nodes after one byte 1. */
function rootOfProof({ quote, seq, hash, index, path }, size) {
  if (index >= size) throw new Error('no place in the tree');
  let [at, last] = [index, size - 1];
  let node = digest(Buffer.of(0), Buffer.from(`["${quote}",${seq},"${hex(hash)}"]`, 'utf8'));
  for (const sibling of path) {
    if (last === 0) throw new Error('a path that is too long');
    const other = Buffer.from(hex(sibling), 'hex');
    if (at % 2 === 1 || at === last) {
      node = digest(Buffer.of(1), other, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else node = digest(Buffer.of(1), node, other);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  if (last !== 0) throw new Error('a path that is too short');
  return node;
}

const digest = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

// ---- Purged quotes: nothing is left of them but a signed note in the manifest ----

/*
 * Its text says how many entries the quote had, the hash of the last one, when it was purged, by whom and why, and the SHA-256 of
 * the manifest.json of the bundle that it was exported to before: whoever has that bundle can check the entries.
 */
function checkPurged(manifest, given) {
  const keyText = readSmall('keys.txt', SMALL_FILE_BYTES_MAX)?.toString() ?? '';
  return (manifest.purged ?? []).map(({ id, last, note }) => {
    const end = note.lastIndexOf('\n\n') + 1;
    const content = note.slice(0, end);
    const signatures = note
      .slice(end + 1)
      .split('\n')
      .slice(0, -1)
      .map(parseSignature);
    const isNote = end > 0 && signatures.length > 0 && !signatures.includes(null);
    const names = isNote ? signatures.map(({ name }) => name) : [];
    const signer = isNote ? checkSignatures(content, signatures, readKeys(given ?? keyText, names)) : null;
    const parts = TOMBSTONE.exec(content);
    if (signer === null)
      problem(
        `quote ${id}`,
        'its tombstone has no good signature of a key known here; "quoteroom audit key --all" prints all keys',
      );
    else if (parts === null || parts[1] !== id || Number(parts[2]) !== last.seq || parts[3] !== last.hash)
      problem(`quote ${id}`, 'its tombstone says something else than the manifest');
    return `${id}: purged${parts === null ? '' : ` on ${parts[4]}`}, the last entry was ${last.seq} with the hash ${last.hash}`;
  });
}

const TOMBSTONE =
  /^quoteroom tombstone v1\nlog [^\n]+\nquote (\S+)\nentries (\d{1,15})\nlast ([0-9a-f]{64})\npurged (\S{24})\nby ".*"\nwhy ".*"\nbundle [0-9a-f]{64}\n$/;

// ---- Policies: each is stored under its hash ----

function readPolicies(manifest) {
  const policies = new Set();
  let rows = 0;
  for (const { record, place } of records('policies.jsonl', POLICY_FORM)) {
    rows += 1;
    if (sha256(record.json) !== record.hash)
      problem(place, `policy ${record.hash} is not what its hash was made of: it was changed`);
    else policies.add(record.hash);
  }
  checkRows(manifest, 'policies.jsonl', rows);
  return policies;
}

// ---- Entries and their writes ----

/*
 * Goes through entries and writes side by side. Each quote's entries must be numbered 1, 2, 3 ... without a gap, each must name the
 * hash of the one before, none may be older than the one before, its hash must be the one that its fields lead to, and its
 * writes must be numbered 1, 2, 3 ..., as many as it says. The CSV files must say the same as the JSON.
 */
function checkEntries(policies, head) {
  const quotes = new Map();
  const writes = readAhead(records('writes.jsonl', WRITE_FORM));
  const entriesCsv = openExpected('entries.csv');
  const writesCsv = openExpected('writes.csv');
  const total = { entries: 0, writes: 0 };
  entriesCsv.expect(ENTRY_CSV_HEADER, 'the header');
  writesCsv.expect(WRITE_CSV_HEADER, 'the header');
  let before = null;

  for (const { record: entry, place } of records('entries.jsonl', ENTRY_FORM)) {
    total.entries += 1;
    const where = `quote ${entry.quote}, entry ${entry.seq}`;
    if (before?.quote !== entry.quote) {
      if (quotes.has(entry.quote)) problem(where, `its quote's entries are not together (${place})`);
      before = null;
    }
    const own = takeWrites(writes, entry, where);
    total.writes += own.length;
    checkPlace(entry, before, where);
    checkHash(entry, own, where);
    const covered = head?.covered.get(entry.quote);
    if (covered?.seq === entry.seq) {
      covered.isCompared = true;
      if (covered.hash !== entry.hash)
        problem(where, 'it is another one than the signed head covers: the log was written anew');
    }
    if (!policies.has(entry.policy))
      problem(where, `the policy it was decided with, ${entry.policy}, is not in policies.jsonl`);
    entriesCsv.expect(
      attempt(() => entryCsv(entry)),
      where,
    );
    for (const write of own)
      writesCsv.expect(
        attempt(() => writeCsv(entry, write)),
        `${where}, write ${write.n}`,
      );
    const known = quotes.get(entry.quote) ?? { entries: 0, writes: 0, first: entry, last: entry };
    quotes.set(entry.quote, {
      entries: known.entries + 1,
      writes: known.writes + own.length,
      first: { seq: known.first.seq, hash: known.first.hash },
      last: { seq: entry.seq, hash: entry.hash },
    });
    before = { quote: entry.quote, seq: entry.seq, at: entry.at, hash: entry.hash };
  }
  for (let next = writes.take(); next !== null; next = writes.take())
    problem(`quote ${next.record.quote}, entry ${next.record.seq}`, `a write of no entry (${next.place})`);
  entriesCsv.end();
  writesCsv.end();
  return { quotes, total };
}

function takeWrites(writes, entry, where) {
  const own = [];
  for (let next = writes.peek(); next !== null; next = writes.peek()) {
    if (next.record.quote !== entry.quote || next.record.seq !== entry.seq) {
      // A write that belongs to an entry further down, or to none: the next entry tells.
      if (next.record.quote !== entry.quote || !(next.record.seq < entry.seq)) break;
      problem(
        `quote ${next.record.quote}, entry ${next.record.seq}`,
        `a write of no entry, or out of place (${next.place})`,
      );
      writes.take();
      continue;
    }
    own.push(next.record);
    writes.take();
  }
  own.forEach((write, index) => {
    if (write.n !== index + 1) problem(where, `its write ${index + 1} has the number ${write.n}`);
  });
  if (own.length !== entry.writes)
    problem(where, `it says it has ${entry.writes} writes, and ${own.length} are there`);
  return own;
}

function checkPlace(entry, before, where) {
  const expected = (before?.seq ?? 0) + 1;
  if (entry.seq !== expected) {
    problem(
      where,
      entry.seq > expected ? `${missing(expected, entry.seq - 1)} before it` : 'it is out of place',
    );
    return;
  }
  const previous = before?.hash ?? '00'.repeat(32);
  if (entry.previousHash !== previous)
    problem(where, `it does not follow entry ${expected - 1}: it names another hash as the one before`);
  if (before !== null && entry.at < before.at)
    problem(where, `it is older than entry ${before.seq} before it`);
}

const missing = (first, last) =>
  first === last ? `entry ${first} is missing` : `entries ${first} to ${last} are missing`;

function checkHash(entry, writes, where) {
  const bytes = attempt(() => bytesOfEntry(entry, writes));
  if (bytes === null) problem(where, 'a field of it, or of its writes, has not the form that it should have');
  else if (sha256(bytes) !== entry.hash)
    problem(
      where,
      'it is not what its hash was made of: it, or one of its writes, was changed after it was written',
    );
}

/*
 * What the hash of an entry is the SHA-256 of: these parts, one after another.
 *
 *     uint       7 bits a byte, lowest first, the high bit set on all bytes but the last (LEB128)
 *     bytes      uint length, then the bytes
 *     text       bytes, of its UTF-8
 *     json       text, of its canonical JSON (RFC 8785)
 *     maybe X    one byte 0 for null, or one byte 1 and then X
 *     list X     uint count, then each X
 */
function bytesOfEntry(entry, writes) {
  const author = ({ user, role }) => [text(user), text(role)];
  return Buffer.concat(
    [
      text('quoteroom entry v1'),
      [text(entry.quote), uint(entry.seq), uint(entry.at)],
      [text(entry.user), text(entry.role), text(entry.permission)],
      [maybe(entry.session, text), maybe(entry.connection, text), text(entry.origin), text(entry.kind)],
      list(entry.clocks, ({ client, clock, length }) => [uint(client), uint(clock), uint(length)]),
      [base64(entry.received), maybe(entry.merged, base64)],
      [text(entry.policy), uint(entry.gateVersion)],
      [text(entry.seen.kind), uint(entry.seen.revision)],
      list(entry.activeEdits, (edit) => [author(edit), text(edit.cell)]),
      list(entry.aliases, ({ clock, cell, of }) => [
        uint(clock),
        text(cell),
        maybe(of, (write) => [author(write), uint(write.seq)]),
      ]),
      list(writes, (write) => [
        [text(write.cell), text(write.operation)],
        [json(write.before), json(write.offered), json(write.applied)],
        [text(write.verdict), maybe(write.reason, text), maybe(write.by, author)],
      ]),
      bytes(Buffer.from(hex(entry.previousHash), 'hex')),
    ].flat(Infinity),
  );
}

function uint(value) {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error('no whole number');
  const parts = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) parts.push((rest % 128) + 128);
  return Buffer.from([...parts, rest]);
}

const bytes = (value) => [uint(value.length), value];
const maybe = (value, write) => (value === null ? [Buffer.of(0)] : [Buffer.of(1), write(value)]);
const list = (items, write) => [uint(items.length), items.map(write)];
const json = (value) => text(canonicalJson(value));

function text(value) {
  if (typeof value !== 'string') throw new Error('no text');
  return bytes(Buffer.from(value, 'utf8'));
}

function base64(value) {
  const decoded = Buffer.from(value, 'base64');
  if (decoded.toString('base64') !== value) throw new Error('no base64');
  return bytes(decoded);
}

function hex(value) {
  if (!isHash(value)) throw new Error('no hash');
  return value;
}

function canonicalJson(value) {
  if (value === undefined) throw new Error('no value');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const names = Object.keys(value).toSorted((a, b) => (a < b ? -1 : 1));
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`).join(',')}}`;
}

// ---- The CSV files: made again from the JSON, and compared ----

const ENTRY_CSV_HEADER =
  'quote,seq,time,user,role,permission,session,connection,origin,kind,writes,policy,gate_version,seen,seen_revision,previous_hash,hash\r\n';
const WRITE_CSV_HEADER =
  'quote,seq,n,time,user,role,cell,operation,before,offered,applied,verdict,reason,by_user,by_role\r\n';

const entryCsv = (entry) =>
  csvRecord([
    ...[entry.quote, entry.seq, new Date(entry.at).toISOString(), entry.user, entry.role, entry.permission],
    ...[entry.session, entry.connection, entry.origin, entry.kind, entry.writes],
    ...[
      entry.policy,
      entry.gateVersion,
      entry.seen.kind,
      entry.seen.revision,
      entry.previousHash,
      entry.hash,
    ],
  ]);

const writeCsv = (entry, write) =>
  csvRecord([
    ...[entry.quote, entry.seq, write.n, new Date(entry.at).toISOString(), entry.user, entry.role],
    ...[
      write.cell,
      write.operation,
      csvValue(write.before),
      csvValue(write.offered),
      csvValue(write.applied),
    ],
    ...[write.verdict, write.reason, write.by?.user ?? null, write.by?.role ?? null],
  ]);

const csvValue = (value) => (typeof value === 'string' || value === null ? value : JSON.stringify(value));
const csvRecord = (fields) => `${fields.map(csvField).join(',')}\r\n`;

// An apostrophe stands before what a spreadsheet would take for a formula, also where it parts fields by semicolons or tabs.
function csvField(field) {
  const parts = String(field ?? '').split(/(?<=[;\t])/);
  const whole = parts.join('');
  const safe = parts
    .map((part, index) => (isFormula(index === 0 ? whole : part.replace(/[;\t]$/, '')) ? `'${part}` : part))
    .join('');
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const isFormula = (field) =>
  /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(field) && !/^-?\d+(?:\.\d+)?$/.test(field);

/* A file whose text is known before it is read. Says where it differs first, and nothing after that. */
function openExpected(name) {
  const file = openFile(name);
  let isOver = file === null;
  const differs = (where) => {
    isOver = true;
    problem(where, `${name} does not say the same as the .jsonl file of that name`);
  };
  return {
    expect(expected, where) {
      if (isOver) return;
      const wanted = Buffer.from(expected ?? '', 'utf8');
      const found = Buffer.alloc(wanted.length);
      if (expected === null || readInto(file, found) < wanted.length || !found.equals(wanted)) differs(where);
    },
    end() {
      if (!isOver && readInto(file, Buffer.alloc(1)) > 0) differs('after the last entry');
      if (file !== null) closeSync(file);
    },
  };
}

// ---- What the manifest says of each quote ----

function checkQuotes(manifest, { quotes, total }, head) {
  for (const [id, { seq, isCompared }] of head?.covered ?? []) {
    const last = quotes.get(id)?.last.seq ?? 0;
    if (last < seq)
      problem(
        `quote ${id}`,
        `ends at entry ${last}, and the signed head covers ${seq}: what came after was cut off`,
      );
    else if (!isCompared)
      problem(
        `quote ${id}`,
        `has no entry ${seq} that could be compared with the one that the signed head covers`,
      );
  }
  for (const said of manifest.quotes) {
    const found = quotes.get(said.id) ?? { entries: 0, writes: 0, first: null, last: null };
    for (const what of ['entries', 'writes']) {
      if (found[what] !== said[what])
        problem(`quote ${said.id}`, `has ${found[what]} ${what}, and the manifest says ${said[what]}`);
    }
    for (const what of ['first', 'last']) {
      if (found[what]?.seq === said[what]?.seq && found[what]?.hash === said[what]?.hash) continue;
      problem(
        `quote ${said.id}`,
        `its ${what} entry is ${placeText(found[what])}, and the manifest says ${placeText(said[what])}`,
      );
    }
  }
  const said = new Set(manifest.quotes.map(({ id }) => id));
  for (const id of quotes.keys()) if (!said.has(id)) problem(`quote ${id}`, 'is not in the manifest');
  for (const name of ['entries.jsonl', 'entries.csv']) checkRows(manifest, name, total.entries);
  for (const name of ['writes.jsonl', 'writes.csv']) checkRows(manifest, name, total.writes);
}

const placeText = (place) => (place ? `${place.seq} (${place.hash})` : 'none');

function checkRows(manifest, name, rows) {
  const said = manifest.files[name].rows;
  if (said !== rows) problem(name, `has ${rows} records, and the manifest says ${said}`);
}

// ---- The report ----

const problems = [];
let problemCount = 0;

function problem(where, what) {
  problemCount += 1;
  if (problems.length < PROBLEMS_SHOWN_MAX) problems.push(`WRONG  ${plain(where)}: ${plain(what)}`);
}

/* Without a manifest nothing says what should be here. */
function reportNothing() {
  for (const line of problems) print(line);
  print('');
  print('Nothing else was looked at.');
  print('');
  conclude(null, false);
}

function report(manifest, { given, found, head, purged }) {
  const { quotes, total } = found;
  const expected = [...DATA_FILES, 'verify.mjs', 'manifest.json', 'manifest.sha256'];
  const others = readdirSync(FOLDER).filter((name) => !expected.includes(name));
  print(`Bundle of ${manifest.made.at}, made by ${manifest.made.by}`);
  for (const [id, { entries, last }] of quotes) {
    print(
      `${id}: ${counted(entries, 'entry', 'entries')}, the last is ${last.seq} with the hash ${last.hash}`,
    );
    if (head !== null) print(`  ${coverText(head.covered.get(id)?.seq ?? 0, last.seq)}`);
  }
  for (const line of purged) print(line);
  const isCovered = ([id, { last }]) => (head?.covered.get(id)?.seq ?? 0) >= last.seq;
  if (head !== null) {
    const here = [...quotes.keys()].filter((id) => head.covered.has(id)).length;
    print(`Head ${head.number} of ${head.at}, signed by ${head.signer}`);
    print(
      `  the head covers ${counted(head.size, 'quote', 'quotes')}, ${here} of them ${here === 1 ? 'is' : 'are'} here`,
    );
  }
  print('');
  for (const line of problems) print(line);
  if (problemCount > problems.length) print(`WRONG  and ${problemCount - problems.length} more`);
  if (problemCount > 0) print('');
  const inQuotes = `${counted(total.entries, 'entry', 'entries')} in ${counted(quotes.size, 'quote', 'quotes')}`;
  print('Checked: SHA-256 and number of records of each file;');
  print(`  of ${inQuotes} that none is missing in between, that each follows the one before and is`);
  print(
    `  what its hash was made of; that ${counted(total.writes, 'write', 'writes')} are those of their entries;`,
  );
  print('  the policies; that the CSV files say the same as the JSON.');
  if (purged.length > 0) print('  The signatures of the tombstones of purged quotes.');
  if (head !== null) print('  The signature of the head, and that it covers these entries as said above.');
  print(
    'Not checked: whether the decisions were right: that takes quoteroom ("quoteroom audit verify" on the database).',
  );
  for (const line of trustText(head)) print(line);
  if (others.length > 0) print(`Other files in this folder, not looked at: ${others.join(', ')}.`);
  print('');
  const isProven = head !== null && quotes.size + purged.length > 0 && [...quotes].every(isCovered);
  conclude(given, isProven);
}

/* The last line, and the exit code. Whoever gives a key asks for a proof. */
function conclude(given, isProven) {
  if (problemCount > 0) {
    print(`${counted(problemCount, 'thing is', 'things are')} WRONG.`);
    process.exitCode = 1;
  } else if (given !== null && !isProven) {
    print('Sound in itself, but not proven by the head: what it does not cover, anybody could have made.');
    process.exitCode = 3;
  } else print('All of it is as it should be.');
}

const counted = (number, one, many) => `${number} ${number === 1 ? one : many}`;

const print = (line) => process.stdout.write(`${plain(line)}\n`);

function coverText(covered, last) {
  if (covered === 0) return 'no entry of it is covered by the signed head: nothing is proven of them';
  if (covered >= last) return 'the signed head covers them all';
  return `the signed head covers entries 1 to ${covered}, and proves nothing of those after`;
}

/* What all this proves, and what not. */
function trustText(head) {
  if (head === null) {
    return [
      'There is no signed head that holds: whether later entries were cut off, or everything made anew, hashes included,',
      '  cannot be told. Compare the last hash of each quote above with one that came to you by another way.',
    ];
  }
  if (head.isGiven) return ['The key is the one that you gave.'];
  return [
    'The key comes from the bundle itself and proves nothing about who signed: whoever made everything anew would have put',
    '  another key there. Give the key that you have from elsewhere: node verify.mjs --key FILE',
  ];
}

/* Nothing that somebody wrote into a quote moves the cursor. */
const plain = (value) => String(value).replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');

// ---- Reading files, a piece at a time ----

/* The records of a .jsonl file that have their form, each with the place where it stands. */
function* records(name, form) {
  let line = 0;
  for (const raw of lines(name)) {
    line += 1;
    const place = `${name}, line ${line}`;
    const content = raw.toString();
    const record = parseJson(content);
    if (record === null) problem(place, 'is no JSON');
    else if (attempt(() => hasForm(record, form)) !== true)
      problem(
        place,
        'has not the form that it should have: something is missing, too much, or of another type',
      );
    else if (attempt(() => Buffer.from(JSON.stringify(record)).equals(raw)) !== true)
      problem(
        place,
        'is not written as it should be: something in it is there twice, or written in another way',
      );
    else yield { record, place };
  }
}

function* lines(name) {
  const file = openFile(name);
  if (file === null) return;
  const chunk = Buffer.alloc(1 << 16);
  let held = [];
  let heldBytes = 0;
  for (let size = readInto(file, chunk); size > 0; size = readInto(file, chunk)) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0 && end < size; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...held, chunk.subarray(from, end)]);
      [held, heldBytes] = [[], 0];
      from = end + 1;
    }
    held.push(Buffer.from(chunk.subarray(from, size)));
    heldBytes += size - from;
    if (heldBytes > LINE_BYTES_MAX) {
      problem(name, `has a line of more than ${LINE_BYTES_MAX} bytes, and was read no further`);
      [held, heldBytes] = [[], 0];
      break;
    }
  }
  closeSync(file);
  if (heldBytes > 0) problem(name, 'its last line has no end');
}

function readAhead(iterator) {
  const pull = () => {
    const { value, done } = iterator.next();
    return done ? null : value;
  };
  let next = pull();
  return {
    peek: () => next,
    take() {
      const taken = next;
      next = pull();
      return taken;
    },
  };
}

function readChunks(name, take) {
  const file = openFile(name);
  if (file === null) return false;
  const chunk = Buffer.alloc(1 << 16);
  for (let size = readInto(file, chunk); size > 0; size = readInto(file, chunk))
    take(chunk.subarray(0, size));
  closeSync(file);
  return true;
}

const unopened = new Set();
/* Of each file, as the manifest says. */
const sizes = new Map();

/* Only a plain file is opened: a link could lead anywhere, and a device or a pipe has no end. */
function openFile(name, bytesMax = Number.MAX_SAFE_INTEGER) {
  const path = join(FOLDER, name);
  const said = sizes.get(name);
  const wrong = attempt(
    () => whatIsWrong(lstatSync(path), said, bytesMax),
    'is not there, or cannot be read',
  );
  if (wrong === null) {
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const file = attempt(() => openSync(path, flags));
    if (file !== null && whatIsWrong(fstatSync(file), said, bytesMax) === null) return file;
    if (file !== null) closeSync(file);
  }
  if (!unopened.has(name)) problem(name, wrong ?? 'is not there, or cannot be read');
  unopened.add(name);
  return null;
}

function whatIsWrong(stats, said, bytesMax) {
  if (!stats.isFile()) return 'is no plain file, and was not opened';
  if (said !== undefined && stats.size !== said)
    return `has ${stats.size} bytes, and the manifest says ${said}`;
  return stats.size > bytesMax ? `has more than ${bytesMax} bytes, and was not opened` : null;
}

/* Fills the buffer unless the file ends before. */
function readInto(file, buffer) {
  let size = 0;
  for (let read = -1; read !== 0 && size < buffer.length; size += read)
    read = readSync(file, buffer, size, buffer.length - size, null);
  return size;
}

function readSmall(name, bytesMax) {
  const file = openFile(name, bytesMax);
  if (file === null) return null;
  const content = Buffer.alloc(fstatSync(file).size);
  const size = readInto(file, content);
  closeSync(file);
  return content.subarray(0, size);
}

function parseJson(content) {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

function attempt(make, otherwise = null) {
  try {
    return make();
  } catch {
    return otherwise;
  }
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`this bundle could not be checked: ${plain(error?.message ?? error)}\n`);
  process.exit(1);
});

main();
