import { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import { bareSchema, settingKeys, settingsSchema, shapeOf } from './settings-schema.ts';

/** What is wrong with a setting: a sentence that names key and source and says what to do. Never shows a secret. */
export interface SettingsProblem {
  /** The key, `limits.lineItems`, or the variable or file where there is no such key. */
  readonly key: string;
  readonly message: string;
}

/** What is given for a setting, and by what: `--port`, `QUOTEROOM_PORT`, `quoteroom.yaml`. */
export interface GivenSetting {
  readonly value: unknown;
  readonly from: string;
}

/** A name that means nothing, among the `known` ones that do; all of them stand after `prefix`. */
export function unknownName(
  found: { readonly prefix: string; readonly name: string; readonly from: string },
  known: readonly string[],
): SettingsProblem {
  const { prefix, name, from } = found;
  const key = prefix + name;
  const where = from === key ? clip(key) : `${clip(key)} (${from})`;
  const near = nearestName(name, known);
  return { key, message: `${where} is not a setting; ${hintFor(found, near)}` };
}

function hintFor({ prefix, name }: { prefix: string; name: string }, near: string | null): string {
  if (near === null) return 'take it out; the settings and their variables are listed in the README';
  if (near === name) return 'write it as nested keys, not with dots';
  return `did you mean ${prefix}${near}?`;
}

/** Shows only of what kind the value is: whatever stands where a group belongs may be a secret. */
export function notAGroup(name: string, { value, from }: GivenSetting): SettingsProblem {
  const kind = Array.isArray(value) ? 'a list' : typeof value === 'string' ? 'text' : `a ${typeof value}`;
  return { key: name, message: `${name} (${from}): expected a group of keys, got ${kind}` };
}

export function wrongValue(name: string, given: GivenSetting, expected: string): SettingsProblem {
  const isHidden = settingKeys.get(name)?.isHidden === true;
  const got = isHidden ? 'something else (not shown)' : show(given.value);
  return { key: name, message: `${name} (${given.from}): expected ${expected}, got ${got}` };
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return clip((JSON.stringify(value) ?? typeof value).replace(/\/\/[^/\s"]*@/g, '//(hidden)@'));
}

const SHOWN_CHARACTERS_MAX = 60;

const clip = (text: string): string =>
  text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}...` : text;

/** The problems of values that the schema does not take. `given` says where each setting came from. */
export function problemsOf(error: z.ZodError, given: ReadonlyMap<string, GivenSetting>): SettingsProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    const { value, from } = givenAt(path, given);
    if (issue.code === 'unrecognized_keys') {
      const prefix = `${path.join('.')}.`;
      return issue.keys.map((name) => unknownName({ prefix, name, from }, keysAt(path)));
    }
    return [wrongValue(path.join('.'), { value, from }, expectationOf(issue))];
  });
}

/** The given value at a path that leads to a setting or into it: `policy.rules.0.cells`. */
function givenAt(path: readonly string[], given: ReadonlyMap<string, GivenSetting>): GivenSetting {
  for (let length = path.length; length > 0; length -= 1) {
    const found = given.get(path.slice(0, length).join('.'));
    if (found) return { value: valueAt(found.value, path.slice(length)), from: found.from };
  }
  return { value: undefined, from: 'default' };
}

const valueAt = (value: unknown, [first, ...rest]: readonly string[]): unknown =>
  first === undefined ? value : valueAt(entriesOf(value).get(first), rest);

const entriesOf = (value: unknown): Map<string, unknown> =>
  new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);

/** The names of the keys that the group at a path has. */
function keysAt(path: readonly string[]): string[] {
  let schema: z.core.$ZodType = settingsSchema;
  for (const part of path) {
    if (schema instanceof z.ZodArray) schema = bareSchema(schema.element);
    else if (schema instanceof z.ZodObject) schema = bareSchema(shapeOf(schema).get(part) ?? z.unknown());
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : keysOfRecord(schema);
}

const keysOfRecord = (schema: z.core.$ZodType): string[] =>
  schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum
    ? schema.keyType.options.map(String)
    : [];

const TYPES: Readonly<Record<string, string>> = {
  string: 'text (in quotes, if it looks like a number)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list (in a variable: as JSON)',
  object: 'a group of keys',
  record: 'a group of keys',
};

function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string') return 'text that is not empty';
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_union':
      return issue.errors.flatMap((branch) => branch.slice(0, 1).map(expectationOf)).join(' or ');
    default:
      return issue.message;
  }
}

const unitOf = (origin: string): string => (origin === 'array' ? ' entries' : '');
