import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatHeadFile } from '../audit/head-file.ts';
import { newestHead } from '../log/heads.ts';
import { headSchema } from '../wire/head-schemas.ts';
import { callServer, serverFailure } from './call-server.ts';
import { CommandFailure } from './command-errors.ts';
import { type DataOptions, WHERE_IT_READS, addSourceOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { type ServerOptions, goesToServer, serverOf } from './server-options.ts';
import type { CommandContext } from './terminal.ts';

interface HeadOptions extends DataOptions, ServerOptions {
  readonly out?: string;
}

export function addAuditHeadCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('head')
    .description('Print the newest signed head, to keep it elsewhere')
    .option('--out <file>', 'write it into this file, which must not be there yet')
    .addHelpText(
      'after',
      `
A head is a signed statement of the newest entry of every quote. Kept where nobody who can change the database can
change it, it proves later that nothing up to it was cut off or rewritten: audit verify --head FILE --key FILE.
A running server is asked to sign one now, for which your role has to be admin; without one it is the newest in the
data folder.
${WHERE_IT_READS}
Examples:
  quoteroom audit head --out head-2026-03-01.txt
  quoteroom audit head --url https://quotes.example.com`,
    );
  addSourceOptions(command).action((options: HeadOptions) => printHead(context, options));
}

async function printHead(context: CommandContext, options: HeadOptions): Promise<void> {
  const text = goesToServer(options, context.env)
    ? await askServer(context, options)
    : await readData(context, options);
  if (options.out === undefined) context.out(text);
  else writeHead(context, options.out, text);
}

async function askServer({ env }: CommandContext, options: HeadOptions): Promise<string> {
  const answer = await callServer(
    serverOf(options, env),
    { method: 'POST', path: '/api/audit/heads' },
    headSchema,
  );
  if (answer.ok) return answer.value.head;
  throw serverFailure(answer.reason);
}

async function readData(context: CommandContext, options: HeadOptions): Promise<string> {
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    const head = await newestHead(data.heads);
    if (head !== null) return formatHeadFile(head);
    throw new CommandFailure(
      'no_head',
      `no head was signed in ${settings.data} yet: a running server signs them`,
    );
  } finally {
    await data.close();
  }
}

/** Never over another head: that one may be the proof that somebody needs. */
function writeHead(context: CommandContext, path: string, text: string): void {
  try {
    writeFileSync(resolve(context.cwd, path), text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const why = code === 'EEXIST' ? 'there is a file of that name already' : code;
    throw new CommandFailure('cannot_write', `cannot write ${path}: ${why}`);
  }
  context.out(`Kept in ${path}. Put it where nobody who can change the database can change it.\n`);
}
