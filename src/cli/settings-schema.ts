/**
 * Every setting with its default, as written in `quoteroom.yaml`. The settings that can be set one by one (the leaves
 * of this tree) and the names of their environment variables follow from it.
 *
 * Messages here end the sentence "expected ...".
 */

import { isIP } from 'node:net';
import { z } from 'zod';
import { policySettingsSchema } from '../authority/policy.ts';
import { DEFAULT_PERMISSIONS } from '../authority/role.ts';
import { type Limits, defaultLimits } from '../lib/limits.ts';
import { parsePrivateKey } from './audit-key-text.ts';
import { createSecret } from './secret.ts';

const SECRET_BYTES_MIN = 32;
const WEEK_MINUTES = 10_080;

/** Schemas whose values are never shown. */
const hiddenSchemas = z.registry();

const signingSecret = z
  .string()
  .refine((text) => new TextEncoder().encode(text).length >= SECRET_BYTES_MIN, {
    error: `at least ${SECRET_BYTES_MIN} bytes (\`openssl rand -base64 32\` makes a good one)`,
  })
  .transform(createSecret)
  .register(hiddenSchemas);
const credential = z.string().min(1).transform(createSecret).register(hiddenSchemas);
/** Slack's tokens say what they are, and are easily taken for one another. */
const slackToken = (prefix: string) =>
  z
    .string()
    .startsWith(prefix, { error: `a token that begins with "${prefix}"` })
    .transform(createSecret)
    .register(hiddenSchemas);
const privateKey = z
  .string()
  .refine((text) => parsePrivateKey(text) !== null, {
    error: 'an Ed25519 private key: PKCS8 PEM, or its seed of 32 bytes in base64',
  })
  .transform(createSecret)
  .register(hiddenSchemas);
const webUrl = z.string().refine(isWebUrl, {
  error: 'an http or https address, without a user name or password in it',
});
const host = z.string().refine(isHost, {
  error: 'a host name or IP address, without "http://" and without a port',
});
const minutes = z.number().positive().max(WEEK_MINUTES);
const count = z.int().min(1);

export const settingsSchema = z.strictObject({
  secret: signingSecret.optional(),
  jwksUrl: webUrl.optional(),
  audience: z.string().min(1).optional(),
  issuer: z.string().min(1).optional(),
  host: host.default('127.0.0.1'),
  /** 0 takes any free one. */
  port: z.int().min(0).max(65_535).default(8080),
  data: z.string().min(1).default('./data'),
  publicUrl: webUrl.optional(),
  /** Where people get a token; the page leads them there. */
  signInUrl: webUrl.optional(),
  defaultPermission: z.enum(DEFAULT_PERMISSIONS).default('viewer'),
  collaboration: z
    .strictObject({
      enabled: z.boolean().default(true),
      maxSessions: count.max(100_000).default(100),
      maxParticipants: count.max(10_000).default(100),
    })
    .prefault({}),
  session: z
    .strictObject({
      timeoutMinutes: minutes.default(60),
      warningMinutes: minutes.default(5),
      idleMinutes: minutes.default(2),
      awayMinutes: minutes.default(5),
    })
    .prefault({}),
  policy: policySettingsSchema.prefault({}),
  limits: z
    .strictObject({
      syncFrameBytes: count.default(defaultLimits.syncFrameBytes),
      otherFrameBytes: count.default(defaultLimits.otherFrameBytes),
      httpBodyBytes: count.default(defaultLimits.httpBodyBytes),
      documentBytes: count.default(defaultLimits.documentBytes),
      lineItems: count.default(defaultLimits.lineItems),
      discounts: count.default(defaultLimits.discounts),
      notes: count.default(defaultLimits.notes),
      cellBytes: count.default(defaultLimits.cellBytes),
      syncFramesPerSecond: count.default(defaultLimits.syncFramesPerSecond),
      syncFramesBurst: count.default(defaultLimits.syncFramesBurst),
      refusalsPerMinute: count.default(defaultLimits.refusalsPerMinute),
      viewerRefusalsPerMinute: count.default(defaultLimits.viewerRefusalsPerMinute),
      connectionsPerUserAndQuote: count.default(defaultLimits.connectionsPerUserAndQuote),
      chatPerMinute: count.default(defaultLimits.chatPerMinute),
    } satisfies Record<keyof Limits, z.ZodType>)
    .prefault({}),
  audit: z
    .strictObject({
      /** Signs heads of the log; without one the server makes one in the data folder. */
      key: privateKey.optional(),
    })
    .prefault({}),
  slack: z
    .strictObject({
      enabled: z.boolean().default(false),
      botToken: slackToken('xoxb-').optional(),
      signingSecret: credential.optional(),
      appToken: slackToken('xapp-').optional(),
      apiUrl: webUrl.optional(),
      roleMaxAgeDays: z.number().positive().max(3_650).default(30),
    })
    .prefault({}),
});
export type SettingsInput = z.infer<typeof settingsSchema>;

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

function isHost(text: string): boolean {
  return (
    isIP(text) !== 0 ||
    /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_-]+)*$/.test(text)
  );
}

type Schema = z.core.$ZodType;

/** A setting: `limits.lineItems`, in the environment `QUOTEROOM_LIMITS_LINE_ITEMS`. */
export interface SettingKey {
  readonly name: string;
  readonly variable: string;
  readonly schema: Schema;
  readonly isHidden: boolean;
}

export const VARIABLE_PREFIX = 'QUOTEROOM_';

/** The schema without its default. */
export function bareSchema(schema: Schema): Schema {
  const isWrapped =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return isWrapped ? bareSchema(schema.unwrap()) : schema;
}

/** The members of a group. zod types the shape of a group that it does not know as `any`. */
export const shapeOf = (group: z.ZodObject): ReadonlyMap<string, z.core.$ZodType> =>
  new Map(Object.entries<z.core.$ZodType>(group.shape));

function* keysOf(group: z.ZodObject, prefix: string): Generator<SettingKey> {
  for (const [part, wrapped] of shapeOf(group)) {
    const schema = bareSchema(wrapped);
    const name = prefix + part;
    if (schema instanceof z.ZodObject) yield* keysOf(schema, `${name}.`);
    else yield { name, variable: variableOf(name), schema, isHidden: hiddenSchemas.has(schema) };
  }
}

const variableOf = (name: string): string =>
  VARIABLE_PREFIX +
  name
    .replace(/([A-Z])/g, '_$1')
    .replaceAll('.', '_')
    .toUpperCase();

export const settingKeys: ReadonlyMap<string, SettingKey> = new Map(
  [...keysOf(settingsSchema, '')].map((key) => [key.name, key]),
);
