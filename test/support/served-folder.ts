import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/program.ts';
import type { ExitCode } from '../../src/cli/terminal.ts';
import type { Role } from '../../src/authority/role.ts';
import { present } from '../../src/lib/assert.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { signToken } from '../../src/session/tokens.ts';
import { type CommandResult, type TestTerminal, createTestTerminal, runCommand } from './test-terminal.ts';

const SECRET = 'a secret for served folders, long enough';

/** `quoteroom serve` on a data folder, in this process, and commands that ask it as some person. */
export interface ServedFolder {
  readonly url: string;
  /** The environment of a person's commands. */
  envOf(user: string, role?: Role): Promise<Record<string, string>>;
  runAs(person: readonly [user: string, role?: Role], ...argv: string[]): Promise<CommandResult>;
  /** A command that goes on until it is stopped. */
  startAs(
    person: readonly [user: string, role?: Role],
    ...argv: string[]
  ): Promise<{ readonly terminal: TestTerminal; readonly ended: Promise<ExitCode> }>;
  /** A request with this person's token. */
  // A test reads what it expects.
  call(
    person: readonly [user: string, role?: Role],
    method: string,
    path: string,
    body?: unknown,
  ): Promise<ReturnType<typeof JSON.parse>>;
  stop(): Promise<ExitCode>;
}

export async function serveFolder(folder: string, config = ''): Promise<ServedFolder> {
  writeFileSync(join(folder, 'quoteroom.yaml'), `defaultPermission: editor\n${config}`);
  const terminal = createTestTerminal({ cwd: folder, env: { QUOTEROOM_SECRET: SECRET } });
  const ended = runCommandLine(['serve', '--port', '0'], terminal);
  await Promise.race([terminal.untilWritten('listens at'), ended]);
  const url = present(/listens at (http:\S+)/.exec(terminal.written.out)?.[1], terminal.written.err);

  const tokenOf = (user: string, role: Role = 'sales_rep'): Promise<string> =>
    signToken(
      SECRET,
      { user: user as UserId, role, name: `${user[0]?.toUpperCase()}${user.slice(1)}` },
      { now: Date.now(), lifetimeMs: 3_600_000 },
    );
  const envOf = async (user: string, role?: Role): Promise<Record<string, string>> => ({
    QUOTEROOM_URL: url,
    QUOTEROOM_TOKEN: await tokenOf(user, role),
  });
  return {
    url,
    envOf,
    runAs: async (person, ...argv) => runCommand({ cwd: folder, env: await envOf(...person) }, ...argv),
    async startAs(person, ...argv) {
      const own = createTestTerminal({ cwd: folder, env: await envOf(...person) });
      return { terminal: own, ended: runCommandLine(argv, own) };
    },
    async call(person, method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${await tokenOf(...person)}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return response.json();
    },
    stop() {
      terminal.stop();
      return ended;
    },
  };
}

/** Settings under which two equals who write a payment term are held. */
export const HOLDING = `policy:\n  rules:\n    - cells: fields/paymentTerms\n      tie: hold\n`;
