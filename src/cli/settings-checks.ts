import { BlockList, isIP } from 'node:net';
import { type GivenSetting, type SettingsProblem, wrongValue } from './settings-problems.ts';

/* What must hold between settings. Asked of what is given, so that it is told together with wrong values. */

const SECRET_HINT = 'set QUOTEROOM_SECRET to at least 32 random bytes (`openssl rand -base64 32`)';

export function signInProblems(
  given: ReadonlyMap<string, GivenSetting>,
  { dev }: { readonly dev: boolean },
): SettingsProblem[] {
  const [secret, jwksUrl] = [given.get('secret'), given.get('jwksUrl')];
  if (jwksUrl) return secret ? [twoWaysToSignIn(secret, jwksUrl)] : audienceProblems(given, jwksUrl);
  const needless = problemsWithoutKeySet(given);
  // `--dev` brings a secret of its own.
  if (secret || dev) return needless;
  const message =
    `secret: there is none, so nobody could sign in; ${SECRET_HINT}, or jwksUrl to the key set of your identity ` +
    'provider, with audience; to only try Quoteroom out, start it with --dev';
  return [{ key: 'secret', message }, ...needless];
}

function twoWaysToSignIn(secret: GivenSetting, jwksUrl: GivenSetting): SettingsProblem {
  const message =
    `secret (${secret.from}) and jwksUrl (${jwksUrl.from}): only one of them can verify sign-ins; ` +
    'take the other out';
  return { key: 'jwksUrl', message };
}

/** The keys alone do not say whom a token is for. */
function audienceProblems(
  given: ReadonlyMap<string, GivenSetting>,
  { from }: GivenSetting,
): SettingsProblem[] {
  if (given.has('audience')) return [];
  const message =
    `audience: there is none, but jwksUrl (${from}) is set, so tokens that your identity provider signs for other ` +
    'applications would sign in here; set QUOTEROOM_AUDIENCE to what "aud" is in its tokens for Quoteroom (mostly ' +
    'the client id or the identifier of the API)';
  return [{ key: 'audience', message }];
}

const problemsWithoutKeySet = (given: ReadonlyMap<string, GivenSetting>): SettingsProblem[] =>
  ['audience', 'issuer'].flatMap((key) => {
    const setting = given.get(key);
    if (!setting) return [];
    const message =
      `${key} (${setting.from}): it is checked in tokens of an identity provider only, and there is no jwksUrl; ` +
      `set jwksUrl, or take ${key} out`;
    return [{ key, message }];
  });

/** The secret of `--dev` is printed in sign-in links, so nobody else may reach the server. */
export function devProblems(given: ReadonlyMap<string, GivenSetting>): SettingsProblem[] {
  const host = given.get('host');
  if (typeof host?.value !== 'string' || isLoopback(host.value)) return [];
  const expected = 'an address of this machine only with --dev, like 127.0.0.1';
  return [wrongValue('host', host, expected)];
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

export function slackProblems(given: ReadonlyMap<string, GivenSetting>): SettingsProblem[] {
  if (given.get('slack.enabled')?.value !== true) return [];
  const needed = [
    { key: 'slack.botToken', variable: 'QUOTEROOM_SLACK_BOT_TOKEN' },
    { key: 'slack.signingSecret', variable: 'QUOTEROOM_SLACK_SIGNING_SECRET' },
  ];
  return needed
    .filter(({ key }) => !given.has(key))
    .map(({ key, variable }) => ({
      key,
      message: `${key}: there is none, but slack.enabled is true; set ${variable} to what your Slack app's page shows`,
    }));
}
