import type { Command } from 'commander';
import { CommandFailure, UsageError } from './command-errors.ts';

/** The flags that lead to a running server, for every command that goes there. */
export interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
}

export interface ServerAddress {
  /** `http://` or `https://`, without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

export const addServerOptions = (command: Command): Command =>
  command
    .option('--url <url>', 'where the server is (default: QUOTEROOM_URL)')
    .option('--token <token>', 'who you are there (default: QUOTEROOM_TOKEN)');

/** Whether a command that can work on either goes to the server: --data says no, else --url or QUOTEROOM_URL yes. */
export const goesToServer = (options: ServerOptions & { readonly data?: string }, env: Env): boolean =>
  options.data === undefined && Boolean(options.url ?? env['QUOTEROOM_URL']);

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where the server is and who asks, by flags or else by the environment. Throws a `UsageError` where either is not
 * said.
 */
export function serverOf(options: ServerOptions, env: Env): ServerAddress {
  const url = options.url ?? env['QUOTEROOM_URL'];
  const token = options.token ?? env['QUOTEROOM_TOKEN'];
  if (!url)
    throw new UsageError('where is the server? Give --url http://127.0.0.1:8080, or set QUOTEROOM_URL');
  if (!token) {
    throw new UsageError(
      'who are you? Give --token, or set QUOTEROOM_TOKEN; "quoteroom token --help" says how to get one',
    );
  }
  return { url: parseServerUrl(url), token };
}

function parseServerUrl(text: string): string {
  const url = text.replace(/^ws(s?):/, 'http$1:').replace(/\/+$/, '');
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new UsageError(`the server's address is like http://127.0.0.1:8080, not "${text}"`);
}

export const badToken = (url: string): Error =>
  new CommandFailure(
    'unauthenticated',
    `${url} does not take your token: it has run out, or was not made for this server. ` +
      'Set QUOTEROOM_TOKEN to a new one: "quoteroom token --help" says how to get it, ' +
      'and a server started with --dev prints some',
  );

export const cannotReach = (url: string): Error =>
  new CommandFailure(
    'unreachable',
    `no server answers at ${url}: start it with "quoteroom serve", or check the address`,
  );
