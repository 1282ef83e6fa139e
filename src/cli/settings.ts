import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { PolicySettings } from '../authority/policy.ts';
import type { DefaultPermission } from '../authority/role.ts';
import { present } from '../lib/assert.ts';
import type { Limits } from '../lib/limits.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { ineffectiveSettings } from './ineffective-settings.ts';
import type { Secret } from './secret.ts';
import { devProblems, signInProblems, slackProblems } from './settings-checks.ts';
import { type GivenSetting, type SettingsProblem, problemsOf } from './settings-problems.ts';
import { type SettingsInput, settingsSchema } from './settings-schema.ts';
import {
  type SettingsFlags,
  type Source,
  readFlags,
  readSettingsFile,
  readVariables,
} from './settings-sources.ts';

/**
 * The settings of a process, from (the first that says something wins) flags, `QUOTEROOM_*` variables, the file, what
 * `--dev` implies, and the defaults. All go through one schema, and all that is wrong with them is told at once.
 */
export interface Settings extends StoreSettings {
  readonly auth: Auth;
  /** Where people get a token, as the page shows it; null where nobody said. */
  readonly signInUrl: string | null;
  /** Settings that were set but change nothing yet, and by what. */
  readonly ineffective: readonly string[];
}

/** The settings of commands that only work on the data, where nobody signs in. */
export interface StoreSettings {
  readonly dev: boolean;
  readonly host: string;
  readonly port: number;
  /** An absolute path. */
  readonly data: string;
  /** Where people reach the server, without a slash at the end. */
  readonly publicUrl: string;
  readonly defaultPermission: DefaultPermission;
  readonly collaboration: SettingsInput['collaboration'];
  readonly session: SettingsInput['session'];
  readonly policy: PolicySettings;
  readonly limits: Limits;
  /** What heads of the log are signed with; null: the key in the data folder. */
  readonly auditKey: Secret | null;
  readonly slack: SlackSettings;
}

/** What sign-in tokens are verified with. */
export type Auth =
  | { readonly kind: 'secret'; readonly secret: Secret }
  | {
      readonly kind: 'jwks';
      readonly jwksUrl: string;
      readonly audience: string;
      /** Null takes tokens of any issuer whose keys are in the set. */
      readonly issuer: string | null;
    }
  /** With the secret of `--dev`, which is kept in the data folder. */
  | { readonly kind: 'dev' };

export type SlackSettings =
  | { readonly kind: 'off'; readonly roleMaxAgeDays: number }
  | {
      readonly kind: 'on';
      readonly botToken: Secret;
      readonly signingSecret: Secret;
      readonly appToken: Secret | null;
      readonly apiUrl: string | null;
      readonly roleMaxAgeDays: number;
    };

export interface SettingsSources {
  readonly flags: SettingsFlags & {
    readonly dev?: boolean | undefined;
    readonly config?: string | undefined;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** A file's text, or null where there is no such file. */
  readFile(path: string): string | null;
}

/** For what serves people or signs tokens: there must be a way to verify who they are. */
export function loadSettings(sources: SettingsSources): Result<Settings, SettingsProblem[]> {
  const source = gather(sources);
  const dev = sources.flags.dev === true;
  const input = check(source, [
    ...signInProblems(source.given, { dev }),
    ...slackProblems(source.given),
    ...(dev ? devProblems(source.given) : []),
  ]);
  if (!input.ok) return input;
  return ok({
    ...storeSettings(sources, input.value),
    auth: authOf(input.value),
    signInUrl: input.value.signInUrl ?? null,
    ineffective: ineffectiveSettings(source.given),
  });
}

/** For commands that only work on the data. */
export function loadStoreSettings(sources: SettingsSources): Result<StoreSettings, SettingsProblem[]> {
  const input = check(gather(sources), []);
  return input.ok ? ok(storeSettings(sources, input.value)) : input;
}

function gather(sources: SettingsSources): Source {
  const { flags, env, cwd } = sources;
  const strongestFirst = [
    readFlags(flags),
    readVariables(env),
    readSettingsFile(flags.config, cwd, (path) => sources.readFile(path)),
  ];
  const given = new Map(strongestFirst.toReversed().flatMap((source) => [...source.given]));
  const problems = strongestFirst.flatMap((source) => source.problems);
  return { given: flags.dev === true ? new Map([...DEV_DEFAULTS, ...given]) : given, problems };
}

const DEV_DEFAULTS: readonly [string, GivenSetting][] = [
  ['defaultPermission', { value: 'editor', from: '--dev' }],
  // So that everyone can see what a held conflict is.
  ['policy.rules', { value: [{ cells: 'fields/paymentTerms', tie: 'hold' }], from: '--dev' }],
];

/** The settings as the schema gives them, or every problem of theirs and of their sources, and `more`. */
function check(
  { given, problems }: Source,
  more: readonly SettingsProblem[],
): Result<SettingsInput, SettingsProblem[]> {
  const parsed = settingsSchema.safeParse(asTree(valuesOf(given)));
  const wrong = parsed.success ? [] : problemsOf(parsed.error, given);
  const all = [...problems, ...wrong, ...more];
  return parsed.success && all.length === 0 ? ok(parsed.data) : fail(all);
}

const valuesOf = (given: ReadonlyMap<string, GivenSetting>): Map<string, unknown> =>
  new Map([...given].map(([name, { value }]) => [name, value]));

/** `limits.lineItems` becomes `{ limits: { lineItems } }`. */
function asTree(values: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  const groups = new Map<string, Map<string, unknown>>();
  for (const [name, value] of values) {
    const [first = name, ...rest] = name.split('.');
    if (rest.length === 0) tree[first] = value;
    else groups.set(first, (groups.get(first) ?? new Map<string, unknown>()).set(rest.join('.'), value));
  }
  for (const [first, group] of groups) tree[first] = asTree(group);
  return tree;
}

function storeSettings({ flags, cwd }: SettingsSources, input: SettingsInput): StoreSettings {
  const { host, port, defaultPermission, collaboration, session, policy, limits } = input;
  return {
    dev: flags.dev === true,
    host,
    port,
    data: resolve(cwd, input.data),
    publicUrl: input.publicUrl?.replace(/\/+$/, '') ?? defaultPublicUrl(host, port),
    defaultPermission,
    collaboration,
    session,
    policy,
    limits,
    auditKey: input.audit.key ?? null,
    slack: slackOf(input.slack),
  };
}

/** The address of a server that nobody gave another name. */
export const defaultPublicUrl = (host: string, port: number): string =>
  `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;

function authOf({ secret, jwksUrl, audience, issuer }: SettingsInput): Auth {
  if (jwksUrl !== undefined) {
    const ours = present(audience, 'jwksUrl without audience is refused');
    return { kind: 'jwks', jwksUrl, audience: ours, issuer: issuer ?? null };
  }
  return secret === undefined ? { kind: 'dev' } : { kind: 'secret', secret };
}

/** A server that lacks them does not start; commands that only work on the data need none. */
function slackOf(slack: SettingsInput['slack']): SlackSettings {
  const { botToken, signingSecret, roleMaxAgeDays } = slack;
  if (!slack.enabled || botToken === undefined || signingSecret === undefined)
    return { kind: 'off', roleMaxAgeDays };
  return {
    kind: 'on',
    botToken,
    signingSecret,
    appToken: slack.appToken ?? null,
    apiUrl: slack.apiUrl ?? null,
    roleMaxAgeDays,
  };
}
