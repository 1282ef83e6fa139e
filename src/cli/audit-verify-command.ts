import type { Command } from 'commander';
import { believedTombstones } from '../audit/check-tombstone.ts';
import { createSqliteStretches } from '../audit/sqlite-stretches.ts';
import type { PolicyFinding } from '../audit/sqlite-stray-rows.ts';
import { verifyGone } from '../audit/verify-gone.ts';
import { type Progress, type QuoteVerification, type Verification, verifyQuotes } from '../audit/verify.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { HeadLeaf } from '../log/head-tree.ts';
import { readAuditKeys } from './audit-key.ts';
import { type LocalOptions, addLocalOptions, refuseServer } from './audit-options.ts';
import { storeSettingsOf } from './command-settings.ts';
import { type ReadableData, openDataForReading } from './data-folder.ts';
import { noSuchQuote, parseQuoteId } from './find-quote.ts';
import { plain } from './plain-text.ts';
import { showProgress } from './show-progress.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { showTime } from './moment.ts';
import { type HeadOptions, describeHead, readHead, tombstoneKeys, verifyHead } from './verify-head.ts';

interface VerifyOptions extends LocalOptions, HeadOptions {
  readonly json?: true;
}

export function addAuditVerifyCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('verify')
    .argument('[quote]', 'its id; all quotes without it')
    .description('Check that the log is what it was when it was written')
    .option('--head <file>', 'compare with a signed head that was kept elsewhere; needs --key')
    .option('--key <file>', 'the public key that the head is signed with, kept elsewhere too')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Checks every hash and link of the chain, that no entry is missing, that every decision, row, correction and merged
byte comes out again as recorded, that checkpoints and the list of quotes are what the entries lead to, and that no
row belongs to nothing. Works while the server runs. Exits with 1 if anything is wrong, and names quote and entry.

Of a quote that was purged ("quoteroom purge") it checks the tombstone: that a key of this log signed it, that no signed
head contradicts it, and that nothing else of the quote is left. With --key, only that file's keys count: keep there
all that ever signed here ("quoteroom audit key --all").

Examples:
  quoteroom audit verify
  quoteroom audit verify q-acme-2026 --json
  quoteroom audit verify --head head-2026-03-01.txt --key quoteroom.pub`,
    );
  addLocalOptions(command).action((quote: string | undefined, options: VerifyOptions) =>
    verify(context, quote, options),
  );
}

async function verify(
  context: CommandContext,
  text: string | undefined,
  options: VerifyOptions,
): Promise<void> {
  refuseServer('audit verify', options);
  const settings = storeSettingsOf(context, options);
  const asked = text === undefined ? null : parseQuoteId(text);
  const head = readHead(context, options);
  const data = openDataForReading(settings);
  try {
    // Before the quotes: each that it covers was there by then.
    const covered = await coveredQuotes(data);
    const tombstones = await data.log.tombstones();
    const keys = tombstoneKeys(context, options, {
      tombstones,
      inFolder: () => readAuditKeys(settings.data),
    });
    const known = data.quoteIds();
    const purged = new Set(tombstones.map(({ quote }) => quote));
    const isCovered = head?.ok === true && head.value.leaves.some(({ quote }) => quote === asked);
    const all = new Set<QuoteId>([...known, ...purged, ...covered.keys()]);
    if (asked !== null && !all.has(asked) && !isCovered) throw noSuchQuote(asked, settings.data);
    const isAsked = (quote: QuoteId): boolean => asked === null || quote === asked;
    const quotes = known.filter((quote) => isAsked(quote) && !purged.has(quote));
    const living = await verifyLiving(data, quotes, options.json ? undefined : showProgress(context));
    const gone = verifyGone({ tombstones, keys, covered, known: new Set(known) }).filter(({ quote }) =>
      isAsked(quote),
    );
    const result: Verification = {
      ok: living.ok && gone.every(({ ok }) => ok),
      quotes: [...living.quotes, ...gone].toSorted((a, b) => (a.quote < b.quote ? -1 : 1)),
    };
    const policies = asked === null ? data.strayRows.policies() : [];
    const kept =
      head === null
        ? null
        : await verifyHead(data.log, head, {
            ...{ asked, known },
            tombstones: believedTombstones(tombstones, keys),
          });
    const isLogOk = result.ok && policies.length === 0;
    const ok = isLogOk && kept?.ok !== false;
    const more = { ...(policies.length > 0 && { policies }), ...(kept !== null && { head: kept }) };
    if (options.json) printJson(context, { ...result, ok, ...more });
    else {
      const words = [...describePolicies(policies), ...describe({ ...result, ok: isLogOk })];
      printLines(context, [...words, ...(kept === null ? [] : describeHead(kept))]);
    }
    context.end(ok ? 0 : 1);
  } finally {
    await data.close();
  }
}

async function verifyLiving(
  data: ReadableData,
  quotes: readonly QuoteId[],
  onProgress?: (progress: Progress) => void,
): Promise<Verification> {
  const threads = createSqliteStretches(data.databasePath);
  try {
    return await verifyQuotes({ ...data.log, strayRows: data.strayRows, threads }, quotes, onProgress);
  } finally {
    await threads.close();
  }
}

/** What the newest signed head that the database holds says of each quote. */
async function coveredQuotes({ heads }: Pick<ReadableData, 'heads'>): Promise<Map<QuoteId, HeadLeaf>> {
  const newest = await heads.newest();
  const leaves = newest === null ? [] : await heads.leaves(newest.n);
  return new Map(leaves.map((leaf) => [leaf.quote, leaf]));
}

function describe({ ok, quotes }: Verification): string[] {
  const entries = quotes.reduce((sum, quote) => sum + quote.entries, 0);
  const bad = quotes.filter((quote) => !quote.ok).length;
  const wrong = bad === 0 ? 'not all policies are' : `${bad} of ${quotes.length} quotes with problems`;
  const verdict = ok ? 'all as they were written' : wrong;
  return [
    ...quotes.flatMap(describeQuote),
    `${count(quotes.length, 'quote')}, ${count(entries, 'entry', 'entries')}: ${verdict}`,
  ];
}

const describePolicies = (policies: readonly PolicyFinding[]): string[] =>
  policies.map(({ message }) => `[policy] ${message}`);

const describeQuote = ({ quote, entries, ok, problems, purged }: QuoteVerification): string[] => [
  purged === undefined
    ? `${quote}: ${count(entries, 'entry', 'entries')}, ${ok ? 'ok' : 'NOT OK'}`
    : `${quote}: purged on ${showTime(purged.at)} UTC by ${plain(purged.by)}, last entry ${purged.seq} with the hash ` +
      `${purged.hash}, ${ok ? 'ok' : 'NOT OK'}`,
  ...problems.map(({ seq, kind, message }) => `  entry ${seq} [${kind}] ${plain(message)}`),
];

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
