import type { Command } from 'commander';
import { createSqliteStretches } from '../audit/sqlite-stretches.ts';
import type { PolicyFinding } from '../audit/sqlite-stray-rows.ts';
import { type WholeVerification, verifyAll } from '../audit/verify-all.ts';
import type { QuoteVerification } from '../audit/verify.ts';
import { present } from '../lib/assert.ts';
import { isDataHeld } from '../log/data-lock.ts';
import type { NoteKey } from '../log/signed-note.ts';
import type { Tombstone } from '../log/tombstone.ts';
import { readAuditKeys } from './audit-key.ts';
import { type LocalOptions, addLocalOptions, refuseServer } from './audit-options.ts';
import { storeSettingsOf } from './command-settings.ts';
import { count } from './count-text.ts';
import { openDataForReading } from './data-folder.ts';
import { noSuchQuote, parseQuoteId } from './find-quote.ts';
import { showTime } from './moment.ts';
import { plain } from './plain-text.ts';
import { showProgress } from './show-progress.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { type HeadOptions, describeHead, readHeadFile, tombstoneKeys } from './verify-head.ts';

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
  const quote = text === undefined ? null : parseQuoteId(text);
  const head = readHeadFile(context, options);
  const data = openDataForReading(settings);
  const threads = createSqliteStretches(data.databasePath, {
    isBesideServer: isDataHeld(settings.data),
  });
  try {
    const inFolder = (): readonly NoteKey[] => readAuditKeys(settings.data);
    const keysOf = (tombstones: readonly Tombstone[]) =>
      tombstoneKeys(context, options, { tombstones, inFolder });
    const onProgress = options.json ? undefined : showProgress(context);
    const found = await verifyAll(
      { ...data, log: { ...data.log, threads }, keysOf },
      { quote, head, onProgress },
    );
    if (quote !== null && found === null) throw noSuchQuote(quote, settings.data);
    const verified = present(found, 'only one quote can be unknown, not all');
    if (options.json) printJson(context, json(verified));
    else printLines(context, describe(verified));
    context.end(verified.ok ? 0 : 1);
  } finally {
    await threads.close();
    await data.close();
  }
}

const json = ({ ok, quotes, policies, head }: WholeVerification): unknown => ({
  ...{ ok, quotes },
  ...(policies.length > 0 && { policies }),
  ...(head !== null && { head }),
});

function describe({ quotes, policies, head }: WholeVerification): string[] {
  const entries = quotes.reduce((sum, quote) => sum + quote.entries, 0);
  const bad = quotes.filter((quote) => !quote.ok).length;
  const wrong = bad === 0 ? 'not all policies are' : `${bad} of ${quotes.length} quotes with problems`;
  const summary = bad === 0 && policies.length === 0 ? 'all as they were written' : wrong;
  return [
    ...describePolicies(policies),
    ...quotes.flatMap(describeQuote),
    `${count(quotes.length, 'quote')}, ${count(entries, 'entry', 'entries')}: ${summary}`,
    ...(head === null ? [] : describeHead(head)),
  ];
}

const describePolicies = (policies: readonly PolicyFinding[]): string[] =>
  policies.map(({ message }) => `[policy] ${message}`);

const describeQuote = ({ quote, entries, ok, problems, purged }: QuoteVerification): string[] => [
  purged === undefined
    ? `${plain(quote)}: ${count(entries, 'entry', 'entries')}, ${ok ? 'ok' : 'NOT OK'}`
    : `${plain(quote)}: purged on ${showTime(purged.at)} UTC by ${plain(purged.by)}, last entry ${purged.seq} with the hash ` +
      `${purged.hash}, ${ok ? 'ok' : 'NOT OK'}`,
  ...problems.map(({ seq, kind, message }) => `  entry ${seq} [${kind}] ${plain(message)}`),
];
