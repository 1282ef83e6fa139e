import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { defaultLimits } from '../../src/lib/limits.ts';
import type { SettingsProblem } from '../../src/cli/settings-problems.ts';
import { settingKeys } from '../../src/cli/settings-schema.ts';
import {
  type Settings,
  type SettingsSources,
  defaultPublicUrl,
  loadSettings,
  loadStoreSettings,
} from '../../src/cli/settings.ts';

const SECRET = 'a-secret-of-the-tests-of-32-bytes';
const AUDIT_SEED = Buffer.alloc(32, 1).toString('base64');

interface Given {
  flags?: SettingsSources['flags'];
  env?: Record<string, string>;
  /** Files by absolute path. */
  files?: Record<string, string>;
  /** quoteroom.yaml in the working directory. */
  yaml?: string;
}

const sources = ({ flags = {}, env = {}, files = {}, yaml }: Given): SettingsSources => ({
  flags,
  env,
  cwd: '/srv/room',
  readFile: (path) =>
    ({ ...(yaml === undefined ? {} : { '/srv/room/quoteroom.yaml': yaml }), ...files })[path] ?? null,
});

const withSecret = (given: Given): Given => ({
  ...given,
  env: { QUOTEROOM_SECRET: SECRET, ...given.env },
});

const settings = (given: Given): Settings => bareSettings(withSecret(given));

function bareSettings(given: Given): Settings {
  const loaded = loadSettings(sources(given));
  if (!loaded.ok) throw new Error(messages(loaded.reason).join('\n'));
  return loaded.value;
}

/** What is wrong, in settings that would otherwise do. */
function problems(given: Given): string[] {
  const loaded = loadSettings(sources(withSecret(given)));
  return loaded.ok ? [] : messages(loaded.reason);
}

const messages = (found: readonly SettingsProblem[]): string[] => found.map(({ message }) => message);

describe('without any settings', () => {
  test('the defaults are those of the documentation', () => {
    expect(settings({})).toEqual({
      auth: { kind: 'secret', secret: expect.anything() },
      signInUrl: null,
      ineffective: [],
      dev: false,
      host: '127.0.0.1',
      port: 8080,
      data: '/srv/room/data',
      publicUrl: 'http://127.0.0.1:8080',
      defaultPermission: 'viewer',
      collaboration: { enabled: true, maxSessions: 100, maxParticipants: 100 },
      session: { timeoutMinutes: 60, warningMinutes: 5, idleMinutes: 2, awayMinutes: 5 },
      policy: {
        conflict: 'authority',
        leaseSeconds: 10,
        holdMinutes: 15,
        builtin: true,
        rules: [],
      },
      limits: defaultLimits,
      auditKey: null,
      slack: { kind: 'off', roleMaxAgeDays: 30 },
    });
  });

  test('serving is refused until people can sign in, and the message says how', () => {
    const loaded = loadSettings(sources({}));
    expect(loaded).toMatchObject({ ok: false, reason: [{ key: 'secret' }] });
    const [message] = loaded.ok ? [] : messages(loaded.reason);
    for (const way of ['QUOTEROOM_SECRET', 'openssl rand', 'jwksUrl', '--dev'])
      expect(message).toContain(way);
  });

  test('commands on the data work', () => {
    const loaded = loadStoreSettings(sources({ flags: { data: '/backup' } }));
    expect(loaded).toMatchObject({ ok: true, value: { data: '/backup' } });
    expect(loaded.ok && 'auth' in loaded.value).toBe(false);
  });
});

/** A value other than the default for every setting, as text and as the value it means. */
const samples: Record<string, { text: string; value: unknown }> = {
  secret: { text: 'x'.repeat(32), value: 'x'.repeat(32) },
  jwksUrl: { text: 'https://id.acme.test/keys', value: 'https://id.acme.test/keys' },
  audience: { text: 'api://quoteroom', value: 'api://quoteroom' },
  issuer: { text: 'https://id.acme.test/', value: 'https://id.acme.test/' },
  host: { text: '0.0.0.0', value: '0.0.0.0' },
  port: { text: '9000', value: 9000 },
  data: { text: '/var/room', value: '/var/room' },
  publicUrl: { text: 'https://quotes.acme.test', value: 'https://quotes.acme.test' },
  signInUrl: { text: 'https://sso.acme.test/quotes', value: 'https://sso.acme.test/quotes' },
  defaultPermission: { text: 'none', value: 'none' },
  'collaboration.enabled': { text: 'false', value: false },
  'policy.conflict': { text: 'last_write_wins', value: 'last_write_wins' },
  'policy.builtin': { text: 'false', value: false },
  'policy.rules': {
    text: '[{"cells":"fields/*","minRole":"admin"}]',
    value: [{ cells: 'fields/*', minRole: 'admin' }],
  },
  'audit.key': { text: AUDIT_SEED, value: AUDIT_SEED },
  'slack.enabled': { text: 'true', value: true },
  'slack.botToken': { text: 'xoxb-12345', value: 'xoxb-12345' },
  'slack.signingSecret': { text: '0123456789', value: '0123456789' },
  'slack.appToken': { text: 'xapp-12345', value: 'xapp-12345' },
  'slack.apiUrl': { text: 'http://127.0.0.1:4003/api/', value: 'http://127.0.0.1:4003/api/' },
};
const sampleOf = (name: string) => samples[name] ?? { text: '77', value: 77 };

const variableNames = Object.fromEntries([...settingKeys].map(([name, { variable }]) => [name, variable]));

/** The value in force, by the name of its setting. */
function inForce(loaded: Settings, name: string): unknown {
  const { auth, slack, auditKey, ...rest } = loaded;
  const flat = {
    ...rest,
    ...auth,
    audit: { key: auditKey },
    slack: { enabled: slack.kind === 'on', ...slack },
  };
  let value: unknown = flat;
  for (const part of name.split('.')) value = new Map(Object.entries(value ?? {})).get(part);
  return typeof value === 'object' &&
    value !== null &&
    'reveal' in value &&
    typeof value.reveal === 'function'
    ? value.reveal()
    : value;
}

/** A file, from settings by name: JSON is YAML. */
function fileOf(values: Readonly<Record<string, unknown>>): string {
  const root: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const [group = '', key] = name.split('.');
    root[group] = key === undefined ? value : Object.assign(root[group] ?? {}, { [key]: value });
  }
  return JSON.stringify(root);
}

/** A file in which a setting has this value, beside what the others need. */
const fileWith = (name: string, value: unknown): string =>
  fileOf({
    ...(['jwksUrl', 'audience', 'issuer'].includes(name)
      ? { jwksUrl: 'https://id.acme.test', audience: 'other' }
      : { secret: SECRET }),
    'slack.enabled': true,
    'slack.botToken': 'xoxb-other',
    'slack.signingSecret': 'other',
    [name]: value,
  });

describe('every setting', () => {
  const names = [...settingKeys.keys()];

  test('is one of the documentation', () => {
    const limits = Object.keys(defaultLimits).map((name) => `limits.${name}`);
    const [top, rest] = [
      names.filter((name) => !name.includes('.')),
      names.filter((name) => name.includes('.')),
    ];
    const signIn = ['secret', 'jwksUrl', 'audience', 'issuer'];
    expect(top).toEqual([...signIn, 'host', 'port', 'data', 'publicUrl', 'signInUrl', 'defaultPermission']);
    expect(rest.toSorted()).toEqual(
      [
        ...['enabled', 'maxSessions', 'maxParticipants'].map((name) => `collaboration.${name}`),
        ...['timeoutMinutes', 'warningMinutes', 'idleMinutes', 'awayMinutes'].map(
          (name) => `session.${name}`,
        ),
        ...['conflict', 'leaseSeconds', 'holdMinutes', 'builtin', 'rules'].map((name) => `policy.${name}`),
        ...limits,
        'audit.key',
        ...['enabled', 'botToken', 'signingSecret', 'appToken', 'apiUrl', 'roleMaxAgeDays'].map(
          (name) => `slack.${name}`,
        ),
      ].toSorted(),
    );
  });

  test('has a variable of its own, named after its path', () => {
    expect(new Set(Object.values(variableNames)).size).toBe(names.length);
    expect(variableNames).toMatchObject({
      secret: 'QUOTEROOM_SECRET',
      jwksUrl: 'QUOTEROOM_JWKS_URL',
      audience: 'QUOTEROOM_AUDIENCE',
      issuer: 'QUOTEROOM_ISSUER',
      defaultPermission: 'QUOTEROOM_DEFAULT_PERMISSION',
      'collaboration.maxSessions': 'QUOTEROOM_COLLABORATION_MAX_SESSIONS',
      'limits.syncFramesPerSecond': 'QUOTEROOM_LIMITS_SYNC_FRAMES_PER_SECOND',
      'limits.connectionsPerUserAndQuote': 'QUOTEROOM_LIMITS_CONNECTIONS_PER_USER_AND_QUOTE',
      'policy.rules': 'QUOTEROOM_POLICY_RULES',
    });
  });

  test.each(names)('%s can be set by its variable', (name) => {
    const { text, value } = sampleOf(name);
    const env = { [variableNames[name] ?? '']: text };
    expect(inForce(bareSettings({ env, yaml: fileWith(name, null) }), name)).toEqual(value);
  });

  test.each(names)('%s can be set in the file', (name) => {
    const { value } = sampleOf(name);
    expect(inForce(bareSettings({ yaml: fileWith(name, value) }), name)).toEqual(value);
  });

  test.each(names)('%s counts as not set where its variable or key is empty', (name) => {
    const env = { [variableNames[name] ?? '']: '' };
    const load = (given: Given) => loadStoreSettings(sources(given));
    expect(load({ env, yaml: fileOf({ [name]: null }) })).toEqual(load({}));
  });
});

describe('what wins', () => {
  test.each([
    ['host', '10.0.0.1', '10.0.0.2', '10.0.0.3', '127.0.0.1'],
    ['port', '1', '2', '3', 8080],
    ['data', '/1', '/2', '/3', '/srv/room/data'],
  ] as const)('flag, variable, file, default: %s', (name, flag, variable, file, fallback) => {
    const asValue = (text: string) => (name === 'port' ? Number(text) : text);
    const flags = { [name]: flag };
    const env = { [`QUOTEROOM_${name.toUpperCase()}`]: variable };
    const yaml = fileOf({ [name]: asValue(file) });
    expect(settings({ flags, env, yaml })[name]).toBe(asValue(flag));
    expect(settings({ flags, yaml })[name]).toBe(asValue(flag));
    expect(settings({ env, yaml })[name]).toBe(asValue(variable));
    expect(settings({ yaml })[name]).toBe(asValue(file));
    expect(settings({})[name]).toBe(fallback);
  });

  test('each setting takes the strongest source that has it, whatever the others have', () => {
    const names = [...settingKeys.keys()].filter((name) => /^(limits|session)\./.test(name));
    const value = fc.option(fc.integer({ min: 1, max: 9_999 }), { nil: undefined });
    const anyGiven = fc.array(fc.record({ name: fc.constantFrom(...names), variable: value, file: value }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(anyGiven, (list) => {
        const byName = new Map(list.map((one) => [one.name, one]));
        const env: Record<string, string> = {};
        const file: Record<string, number> = {};
        for (const { name, variable, file: inFile } of byName.values()) {
          if (variable !== undefined) env[variableNames[name] ?? ''] = String(variable);
          if (inFile !== undefined) file[name] = inFile;
        }
        const loaded = settings({ env, yaml: fileOf(file) });
        for (const name of names) {
          const given = byName.get(name);
          expect(inForce(loaded, name)).toBe(given?.variable ?? given?.file ?? inForce(settings({}), name));
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('the file', () => {
  test('is quoteroom.yaml of the working directory, or the one that was named', () => {
    const files = { '/srv/room/conf/other.yaml': 'port: 1', '/etc/room.yaml': 'port: 2' };
    const yaml = 'port: 3';
    expect(settings({ files, yaml, flags: { config: 'conf/other.yaml' } }).port).toBe(1);
    expect(settings({ files, yaml, flags: { config: '/etc/room.yaml' } }).port).toBe(2);
    expect(settings({ files, yaml }).port).toBe(3);
  });

  test('must exist if it was named', () => {
    expect(problems({ flags: { config: 'gone.yaml' } })).toEqual([
      'gone.yaml: there is no such file; create it or leave --config out',
    ]);
  });

  test('that cannot be read is a problem, not a crash', () => {
    const readFile = () => {
      throw Object.assign(new Error('EACCES: no'), { code: 'EACCES' });
    };
    expect(loadStoreSettings({ ...sources({}), readFile })).toMatchObject({
      ok: false,
      reason: [{ message: 'quoteroom.yaml: the file cannot be read (EACCES)' }],
    });
  });

  test.each(['', '# nothing yet\n', '~', 'limits:\nslack:\n'])('may be empty: %j', (yaml) => {
    expect(settings({ yaml }).limits).toEqual(defaultLimits);
  });

  test.each([
    ['port: 1\nport: 2', 'quoteroom.yaml: not valid YAML at line 2, column 1: duplicate key'],
    ['limits:\n\tnotes: 1', 'quoteroom.yaml: not valid YAML at line 2, column 1: tab as indent'],
    ['- port', 'the whole file (quoteroom.yaml): expected a group of keys, got a list'],
    ['limits: 5', 'limits (quoteroom.yaml): expected a group of keys, got a number'],
    ['limits: [5]', 'limits (quoteroom.yaml): expected a group of keys, got a list'],
  ])('that is none of ours is told by its place: %j', (yaml, message) => {
    expect(problems({ yaml })).toEqual([message]);
  });
});

describe('an unknown name', () => {
  test.each([
    ['prot: 1', 'prot (quoteroom.yaml) is not a setting; did you mean port?'],
    ['Port: 1', 'Port (quoteroom.yaml) is not a setting; did you mean port?'],
    [
      'maxSessions: 1',
      'maxSessions (quoteroom.yaml) is not a setting; did you mean collaboration.maxSessions?',
    ],
    ['limit: { notes: 1 }', 'limit (quoteroom.yaml) is not a setting; did you mean limits?'],
    [
      'session: { timeout: 1 }',
      'session.timeout (quoteroom.yaml) is not a setting; did you mean session.timeoutMinutes?',
    ],
    [
      'limits: { lineitem: 1 }',
      'limits.lineitem (quoteroom.yaml) is not a setting; did you mean limits.lineItems?',
    ],
    [
      'limits.notes: 1',
      'limits.notes (quoteroom.yaml) is not a setting; write it as nested keys, not with dots',
    ],
    [
      'policy: { rules: [{ cells: a, minrole: admin }] }',
      'policy.rules.0.minrole (quoteroom.yaml) is not a setting; did you mean policy.rules.0.minRole?',
    ],
    [
      'policy: { rules: [{ cells: a, when: { cells: b, cell: b, in: [c] } }] }',
      'policy.rules.0.when.cells (quoteroom.yaml) is not a setting; did you mean policy.rules.0.when.cell?',
    ],
    [
      'policy: { rules: [{ cells: a, limits: { manager: 1 } }] }',
      'policy.rules.0.limits.manager (quoteroom.yaml) is not a setting; did you mean policy.rules.0.limits.sales_manager?',
    ],
    [
      'favouriteColour: red',
      'favouriteColour (quoteroom.yaml) is not a setting; take it out; the settings and their variables are listed in the README',
    ],
    [
      '__proto__: { port: 1 }',
      '__proto__ (quoteroom.yaml) is not a setting; take it out; the settings and their variables are listed in the README',
    ],
    [
      'toString: 1',
      'toString (quoteroom.yaml) is not a setting; take it out; the settings and their variables are listed in the README',
    ],
  ])('in the file: %s', (yaml, message) => {
    expect(problems({ yaml })).toEqual([message]);
  });

  test.each([
    ['QUOTEROOM_PROT', 'did you mean QUOTEROOM_PORT?'],
    ['QUOTEROOM_MAX_SESSIONS', 'did you mean QUOTEROOM_COLLABORATION_MAX_SESSIONS?'],
    ['QUOTEROOM_DEFAULTPERMISSION', 'did you mean QUOTEROOM_DEFAULT_PERMISSION?'],
    ['QUOTEROOM_', 'take it out; the settings and their variables are listed in the README'],
    ['QUOTEROOM_port', 'did you mean QUOTEROOM_PORT?'],
  ])('among the variables: %s', (variable, hint) => {
    expect(problems({ env: { [variable]: 'value not to show' } })).toEqual([
      `${variable} is not a setting; ${hint}`,
    ]);
  });

  test('is none where it is of the client commands or of somebody else', () => {
    expect(
      problems({
        env: {
          QUOTEROOM_URL: 'x',
          QUOTEROOM_TOKEN: 'y',
          PORT: 'z',
          QUOTE: '1',
          quoteroom_port: 'x',
        },
      }),
    ).toEqual([]);
  });
});

describe('a wrong value', () => {
  test.each<[Given, string]>([
    [{ flags: { port: 'abc' } }, 'port (--port): expected a number, got "abc"'],
    [{ env: { QUOTEROOM_PORT: '70000' } }, 'port (QUOTEROOM_PORT): expected at most 65535, got 70000'],
    [{ env: { QUOTEROOM_PORT: '80.5' } }, 'port (QUOTEROOM_PORT): expected a whole number, got 80.5'],
    [{ env: { QUOTEROOM_PORT: '0x50' } }, 'port (QUOTEROOM_PORT): expected a number, got "0x50"'],
    [{ yaml: 'port: "8080"' }, 'port (quoteroom.yaml): expected a number, got "8080"'],
    [{ yaml: 'port: -1' }, 'port (quoteroom.yaml): expected at least 0, got -1'],
    [
      { yaml: 'data: 5' },
      'data (quoteroom.yaml): expected text (in quotes, if it looks like a number), got 5',
    ],
    [{ flags: { data: '' } }, 'data (--data): expected text that is not empty, got ""'],
    [
      { yaml: 'defaultPermission: host' },
      'defaultPermission (quoteroom.yaml): expected one of none, viewer, editor, got "host"',
    ],
    [
      { env: { QUOTEROOM_COLLABORATION_ENABLED: 'yes' } },
      'collaboration.enabled (QUOTEROOM_COLLABORATION_ENABLED): expected true or false, got "yes"',
    ],
    [{ yaml: 'limits: { notes: 0 }' }, 'limits.notes (quoteroom.yaml): expected at least 1, got 0'],
    [
      { yaml: 'session: { timeoutMinutes: 0 }' },
      'session.timeoutMinutes (quoteroom.yaml): expected more than 0, got 0',
    ],
    [
      { yaml: 'session: { timeoutMinutes: .inf }' },
      'session.timeoutMinutes (quoteroom.yaml): expected a number, got null',
    ],
    [
      { env: { QUOTEROOM_POLICY_RULES: 'none' } },
      'policy.rules (QUOTEROOM_POLICY_RULES): expected a list (in a variable: as JSON), got "none"',
    ],
    [
      { yaml: 'policy: { rules: [{ cells: 5 }] }' },
      'policy.rules.0.cells (quoteroom.yaml): expected text (in quotes, if it looks like a number) or a list (in a variable: as JSON), got 5',
    ],
    [
      { yaml: 'policy: { rules: [{ minRole: admin }] }' },
      'policy.rules.0.cells (quoteroom.yaml): expected text (in quotes, if it looks like a number) or a list (in a variable: as JSON), got nothing',
    ],
    [
      { yaml: 'policy: { rules: [{ cells: a, minRole: boss }] }' },
      'policy.rules.0.minRole (quoteroom.yaml): expected one of sales_rep, sales_manager, vp_sales, deal_desk, admin, got "boss"',
    ],
    [
      { flags: { host: 'http://x' } },
      'host (--host): expected a host name or IP address, without "http://" and without a port, got "http://x"',
    ],
    [
      { flags: { host: 'localhost:80' } },
      'host (--host): expected a host name or IP address, without "http://" and without a port, got "localhost:80"',
    ],
    [
      { yaml: 'publicUrl: quotes.acme.test' },
      'publicUrl (quoteroom.yaml): expected an http or https address, without a user name or password in it, got "quotes.acme.test"',
    ],
    [
      { yaml: 'signInUrl: javascript:alert(1)' },
      'signInUrl (quoteroom.yaml): expected an http or https address, without a user name or password in it, got "javascript:alert(1)"',
    ],
    [
      { yaml: 'publicUrl: ftp://acme.test' },
      'publicUrl (quoteroom.yaml): expected an http or https address, without a user name or password in it, got "ftp://acme.test"',
    ],
    [
      { yaml: `data: [${'x, '.repeat(100)}]` },
      `data (quoteroom.yaml): expected text (in quotes, if it looks like a number), got ["x"${',"x"'.repeat(14)}...`,
    ],
  ])('%j', (given, message) => {
    expect(problems(given)).toEqual([message]);
  });

  test('does not matter where a stronger source has a good one', () => {
    expect(settings({ flags: { port: '1' }, env: { QUOTEROOM_PORT: 'abc' }, yaml: 'port: []' }).port).toBe(1);
  });

  test('is told with all the others at once', () => {
    const loaded = loadSettings(
      sources({
        flags: { port: 'abc', dev: true, host: '0.0.0.0' },
        env: { QUOTEROOM_COLOUR: 'red', QUOTEROOM_SLACK_ENABLED: 'true', QUOTEROOM_SECRET: SECRET },
        yaml: 'jwksUrl: https://id.acme.test\nlimits: { noets: 1, notes: many }',
      }),
    );
    const keys = loaded.ok ? [] : loaded.reason.map(({ key }) => key);
    expect(keys.toSorted()).toEqual(
      [
        'QUOTEROOM_COLOUR',
        'host',
        'jwksUrl',
        'limits.noets',
        'limits.notes',
        'port',
        'slack.botToken',
        'slack.signingSecret',
      ].toSorted(),
    );
  });
});

describe('secrets', () => {
  test('shorter than 32 bytes are refused', () => {
    const [message] = problems({ env: { QUOTEROOM_SECRET: 'x'.repeat(31) } });
    expect(message).toContain('secret (QUOTEROOM_SECRET): expected at least 32 bytes');
    expect(problems({ env: { QUOTEROOM_SECRET: 'é'.repeat(16) } })).toEqual([]);
  });

  test('and a key set exclude each other', () => {
    expect(problems({ yaml: 'jwksUrl: https://id.acme.test/keys' })).toEqual([
      'secret (QUOTEROOM_SECRET) and jwksUrl (quoteroom.yaml): only one of them can verify sign-ins; take the other out',
    ]);
  });

  test('of Slack are needed when it is on', () => {
    expect(problems({ yaml: 'slack: { enabled: true, botToken: xoxb-1 }' })).toEqual([
      "slack.signingSecret: there is none, but slack.enabled is true; set QUOTEROOM_SLACK_SIGNING_SECRET to what your Slack app's page shows",
    ]);
  });

  test('are in no printed settings', () => {
    const loaded = settings({
      yaml: 'slack: { enabled: true, botToken: xoxb-hidden-1, signingSecret: hidden-2, appToken: xapp-hidden-3 }',
    });
    const printed =
      JSON.stringify(loaded) +
      inspect(loaded, { depth: 9, showHidden: true }) +
      String(loaded.auth.kind === 'secret' && loaded.auth.secret);
    expect(printed).not.toContain('hidden-');
    expect(printed).not.toContain(SECRET);
  });

  test('are in no message, however the file is broken', () => {
    const hidden = 'h1dden';
    const files = [
      `secret: ${hidden}`,
      `secret: [${hidden}]`,
      `secret: { a: ${hidden} }`,
      `secret: *${hidden}`,
      `secret: !${hidden} x`,
      `secret: "${hidden}`,
      `secret: 'a' ${hidden}`,
      `secret: a: ${hidden}`,
      `secret=${hidden}`,
      `sceret: ${hidden}`,
      `slack: ${hidden}`,
      `slack: { enabled: true, botToken: [${hidden}], signingSecret: { a: ${hidden} }, appToken: [${hidden}] }`,
      `jwksUrl: https://me:${hidden}@id.acme.test/keys`,
      `\tsecret: ${hidden}`,
      `secret: ${hidden}\nsecret: ${hidden}`,
      `%${hidden}\n---\nsecret: x`,
    ];
    for (const yaml of files) {
      const loaded = loadSettings(sources({ yaml }));
      expect(loaded.ok, yaml).toBe(false);
      expect(JSON.stringify(loaded), yaml).not.toContain(hidden);
    }
  });
});

describe('an identity provider', () => {
  const jwksUrl = 'jwksUrl: https://id.acme.test/keys';
  const loading = (yaml: string, flags = {}) => loadSettings(sources({ yaml, flags }));

  test('is taken with the audience of its tokens, and its issuer where that is set', () => {
    const auth = { kind: 'jwks', jwksUrl: 'https://id.acme.test/keys', audience: 'quoteroom' };
    expect(loading(`${jwksUrl}\naudience: quoteroom`)).toMatchObject({
      ok: true,
      value: { auth: { ...auth, issuer: null } },
    });
    expect(loading(`${jwksUrl}\naudience: quoteroom\nissuer: https://id.acme.test`)).toMatchObject({
      ok: true,
      value: { auth: { ...auth, issuer: 'https://id.acme.test' } },
    });
  });

  test.each([{}, { dev: true }])(
    'is refused without an audience, and the message says why and how',
    (flags) => {
      const loaded = loading(jwksUrl, flags);
      expect(loaded).toMatchObject({ ok: false, reason: [{ key: 'audience' }] });
      const [message] = loaded.ok ? [] : messages(loaded.reason);
      for (const part of ['jwksUrl (quoteroom.yaml)', 'other applications', 'QUOTEROOM_AUDIENCE', '"aud"'])
        expect(message).toContain(part);
    },
  );

  test.each(['audience', 'issuer'])('is what %s is about', (key) => {
    const message = `${key} (quoteroom.yaml): it is checked in tokens of an identity provider only, and there is no jwksUrl; set jwksUrl, or take ${key} out`;
    expect(problems({ yaml: `${key}: acme` })).toEqual([message]);
    expect(loading(`${key}: acme`)).toMatchObject({ ok: false, reason: [{ key: 'secret' }, { message }] });
    expect(loading(`${key}: acme`, { dev: true })).toMatchObject({ ok: false, reason: [{ message }] });
  });
});

describe('--dev', () => {
  const dev = (given: Given) => loadSettings(sources({ ...given, flags: { dev: true, ...given.flags } }));

  test('brings a secret of its own and lets everybody edit', () => {
    expect(dev({})).toMatchObject({
      ok: true,
      value: { dev: true, auth: { kind: 'dev' }, defaultPermission: 'editor', host: '127.0.0.1' },
    });
  });

  test('gives way to what is set', () => {
    const loaded = dev({ yaml: 'defaultPermission: none', env: { QUOTEROOM_SECRET: SECRET } });
    expect(loaded).toMatchObject({ ok: true, value: { defaultPermission: 'none' } });
    expect(loaded.ok && inForce(loaded.value, 'secret')).toBe(SECRET);
    expect(dev({ yaml: 'jwksUrl: https://id.acme.test/keys\naudience: quoteroom' })).toMatchObject({
      ok: true,
      value: { auth: { kind: 'jwks' } },
    });
  });

  test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.8.8', '::1', '0:0:0:0:0:0:0:1'])(
    'may listen on %s',
    (host) => {
      expect(dev({ flags: { host } })).toMatchObject({ ok: true });
    },
  );

  test.each(['0.0.0.0', '::', '10.0.0.1', 'localhost.acme.test', '127.0.0.1.acme.test', '128.0.0.1'])(
    'may not listen on %s',
    (host) => {
      expect(dev({ flags: { host } })).toMatchObject({ ok: false, reason: [{ key: 'host' }] });
      expect(dev({ env: { QUOTEROOM_HOST: host } })).toMatchObject({
        ok: false,
        reason: [{ key: 'host' }],
      });
    },
  );
});

describe('settings without effect so far', () => {
  test('are named, with where they were set', () => {
    const { ineffective } = settings({
      yaml: 'slack: { roleMaxAgeDays: 7 }\ncollaboration: { enabled: false, maxSessions: 5 }',
      env: { QUOTEROOM_SESSION_IDLE_MINUTES: '3', QUOTEROOM_LIMITS_CHAT_PER_MINUTE: '9' },
    });
    expect(ineffective).toEqual(['limits.chatPerMinute (QUOTEROOM_LIMITS_CHAT_PER_MINUTE)']);
  });
});

describe('the public address', () => {
  test.each([
    [{}, 'http://127.0.0.1:8080'],
    [{ flags: { host: '::1', port: '1' } }, 'http://[::1]:1'],
    [{ flags: { host: 'room.local' } }, 'http://room.local:8080'],
    [{ yaml: 'publicUrl: https://acme.test/quotes/' }, 'https://acme.test/quotes'],
  ] satisfies [Given, string][])('%j gives %s', (given, url) => {
    expect(settings(given).publicUrl).toBe(url);
  });

  test('can be made of the port that was found free', () => {
    expect(settings({ flags: { port: '0' } }).port).toBe(0);
    expect(defaultPublicUrl('127.0.0.1', 40_001)).toBe('http://127.0.0.1:40001');
  });
});

test('whatever the file says, it gives settings or problems', () => {
  const part = fc.oneof(
    fc.constantFrom('limits', 'policy', 'rules', 'port', 'slack', 'secret', '__proto__'),
    fc.string({ maxLength: 8 }),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(part, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(
      fc.oneof(
        tree.map((value) => JSON.stringify(value)),
        fc.string(),
      ),
      (yaml) => {
        const loaded = loadStoreSettings(sources({ yaml }));
        if (!loaded.ok) expect(loaded.reason.length).toBeGreaterThan(0);
        else expect(parseDocument(yaml).errors).toEqual([]);
      },
    ),
  );
});
