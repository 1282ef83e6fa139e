import { resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Result, fail, ok } from '../lib/result.ts';
import {
  type SettingKey,
  VARIABLE_PREFIX,
  bareSchema,
  settingKeys,
  settingsSchema,
  shapeOf,
} from './settings-schema.ts';
import { type GivenSetting, type SettingsProblem, notAGroup, unknownName } from './settings-problems.ts';

/** What one source gives: settings by name, not yet checked, and what in it is no setting at all. */
export interface Source {
  readonly given: ReadonlyMap<string, GivenSetting>;
  readonly problems: readonly SettingsProblem[];
}

/** Flags that are settings. */
export interface SettingsFlags {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly data?: string | undefined;
}

export function readFlags(flags: SettingsFlags): Source {
  const given = new Map<string, GivenSetting>();
  for (const name of ['host', 'port', 'data'] as const) {
    const text = flags[name];
    const key = settingKeys.get(name);
    if (text !== undefined && key) given.set(name, { value: fromText(key, text), from: `--${name}` });
  }
  return { given, problems: [] };
}

/** Where the client commands find the server and their token: variables, but no settings. */
const CLIENT_VARIABLES = ['QUOTEROOM_URL', 'QUOTEROOM_TOKEN'];
const keysByVariable = new Map([...settingKeys.values()].map((key) => [key.variable, key]));

/** An empty variable counts as not set: that is how many tools pass on what they do not have. */
export function readVariables(env: Readonly<Record<string, string | undefined>>): Source {
  const given = new Map<string, GivenSetting>();
  const problems: SettingsProblem[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(VARIABLE_PREFIX) || CLIENT_VARIABLES.includes(variable)) continue;
    const key = keysByVariable.get(variable);
    if (!key) problems.push(unknownVariable(variable));
    else if (text) given.set(key.name, { value: fromText(key, text), from: variable });
  }
  return { given, problems };
}

function unknownVariable(variable: string): SettingsProblem {
  const [prefix, name] = [VARIABLE_PREFIX, variable.slice(VARIABLE_PREFIX.length)];
  const known = [...keysByVariable.keys()].map((other) => other.slice(VARIABLE_PREFIX.length));
  return unknownName({ prefix, name, from: variable }, known);
}

/** What a text means for a setting of this type; a text that means nothing is left to the schema to refuse. */
function fromText({ schema }: SettingKey, text: string): unknown {
  const trimmed = text.trim();
  if (schema instanceof z.ZodNumber && /^-?\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (schema instanceof z.ZodBoolean && trimmed === 'true') return true;
  if (schema instanceof z.ZodBoolean && trimmed === 'false') return false;
  return schema instanceof z.ZodArray ? fromJson(text) : text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const DEFAULT_FILE = 'quoteroom.yaml';

/** `readFile` gives a file's text, or null where there is no such file. Only a file that was named must exist. */
export function readSettingsFile(
  named: string | undefined,
  cwd: string,
  readFile: (path: string) => string | null,
): Source {
  const from = named ?? DEFAULT_FILE;
  const content = readYaml(resolve(cwd, from), readFile);
  if (!content.ok) return problemOfFile(from, content.reason);
  if (content.value === null) {
    return named === undefined
      ? { given: new Map(), problems: [] }
      : problemOfFile(from, 'there is no such file; create it or leave --config out');
  }
  const found = { given: new Map<string, GivenSetting>(), problems: [] as SettingsProblem[] };
  readGroup(settingsSchema, { value: content.value.root, from }, '', found);
  return found;
}

const problemOfFile = (from: string, reason: string): Source => ({
  given: new Map(),
  problems: [{ key: from, message: `${from}: ${reason}` }],
});

/** The reasons quote nothing of the file, since it may hold secrets: only what is wrong and where. */
function readYaml(path: string, readFile: (path: string) => string | null): Result<{ root: unknown } | null> {
  let text: string | null;
  try {
    text = readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return fail(`the file cannot be read${code}`);
  }
  if (text === null) return ok(null);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    const what = error.code.toLowerCase().replaceAll('_', ' ');
    return fail(`not valid YAML at line ${line}, column ${col}: ${what}`);
  }
  try {
    const root: unknown = document.toJS();
    return ok({ root });
  } catch {
    return fail(
      'not valid YAML: an alias (*name) without its anchor (&name); put values that start with * in quotes',
    );
  }
}

/** Collects the settings of one level. A key without a value counts as not set. */
function readGroup(
  group: z.ZodObject,
  { value, from }: GivenSetting,
  prefix: string,
  found: { given: Map<string, GivenSetting>; problems: SettingsProblem[] },
): void {
  if (value === null) return;
  if (typeof value !== 'object' || Array.isArray(value)) {
    found.problems.push(notAGroup(prefix.slice(0, -1) || 'the whole file', { value, from }));
    return;
  }
  for (const [part, child] of Object.entries(value)) {
    const name = prefix + part;
    const member = shapeOf(group).get(part);
    const schema = member === undefined ? null : bareSchema(member);
    if (schema === null) found.problems.push(unknownName({ prefix: '', name, from }, knownNames));
    else if (schema instanceof z.ZodObject) readGroup(schema, { value: child, from }, `${name}.`, found);
    else if (child !== null) found.given.set(name, { value: child, from });
  }
}

const groupNames = [...settingKeys.keys()].flatMap((name) => name.split('.').slice(0, -1));
const knownNames = [...new Set([...settingKeys.keys(), ...groupNames])];
