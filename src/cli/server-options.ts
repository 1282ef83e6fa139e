import type { Command } from 'commander';
import { CommandFailure, UsageError } from './command-errors.ts';
import { plain } from './plain-text.ts';

/** The flags that lead to a running server, for every command that goes there. */
export interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
}

export interface ServerAddress {
  /** `http://` or `https://`, without a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** How long it may take to answer; `ANSWER_MS` where it is not there. */
  readonly answerMs?: number;
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
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new UsageError(`the server's address is like http://127.0.0.1:8080, not "${withoutQuery(text)}"`);
  }
  const { origin, pathname, search, hash } = new URL(url);
  if (!OWN_PATHS.test(pathname) && search === '' && hash === '') return url;
  const base = origin + pathname.replace(OWN_PATHS, '').replace(/\/+$/, '');
  throw new UsageError(`the server's address is too long: leave the path out: ${base}`);
}

/** Below which the server itself has its addresses. Others may be those at which a proxy shows it. */
const OWN_PATHS = /\/(api|sync)(\/.*)?$/;

/** A sign-in link has a token in it. */
const withoutQuery = (url: string): string => url.split('?', 1)[0] ?? '';

/** `reason` is what the server said of the token; empty where it said nothing. */
export function badToken(url: string, reason: string): Error {
  const why = /\bexpired\b/.test(reason)
    ? 'your token has run out: get a new one'
    : `${url} does not take your token: ${plain(reason) || 'it has run out, or was not made for this server.'}`;
  return new CommandFailure(
    'unauthenticated',
    `${why.replace(/\.$/, '')}. Set QUOTEROOM_TOKEN: "quoteroom token --help" says how to get one, ` +
      'and a server started with --dev prints some',
  );
}

export function cannotReach(url: string): Error {
  const checks = 'start it with "quoteroom serve", or check the address';
  const other = url.startsWith('https:') ? `, or try ${url.replace('https:', 'http:')}` : '';
  return new CommandFailure('unreachable', `no server answers at ${url}: ${checks}${other}`);
}
