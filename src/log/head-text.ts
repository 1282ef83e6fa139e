import { type Result, fail, ok } from '../lib/result.ts';

/**
 * The text that is signed: a checkpoint in the form of C2SP (c2sp.org/tlog-checkpoint), whose lines are the origin (the
 * name of this log), the number of leaves and the root in base64, with two extension lines:
 *
 *     quoteroom/5d41402abc4b
 *     2
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *     head 12
 *     at 2026-03-01T12:00:00.000Z
 *
 * The tree is not that of a log to which leaves are only added: a quote's leaf gives way to its next one (see `head-tree.ts`). So
 * there are no consistency proofs between heads; what a head covers is checked against the log itself.
 */
export interface HeadText {
  readonly origin: string;
  /** Leaves of the tree. */
  readonly size: number;
  readonly root: Uint8Array;
  /** 1, 2, 3 ... */
  readonly n: number;
  /** ms since 1970 */
  readonly at: number;
}

export const formatHeadText = ({ origin, size, root, n, at }: HeadText): string =>
  [
    origin,
    size,
    Buffer.from(root).toString('base64'),
    `head ${n}`,
    `at ${new Date(at).toISOString()}`,
    '',
  ].join('\n');

/** Takes exactly what {@link formatHeadText} gives. */
export function parseHeadText(text: string): Result<HeadText> {
  const [, origin, size, root, n, time] =
    /^([^\n]+)\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\nhead (\d{1,15})\nat (\S{24})\n$/.exec(text) ?? [];
  const at = Date.parse(time ?? '');
  if (origin === undefined || root === undefined || Number.isNaN(at))
    return fail('the signed text is not that of a head');
  const head = { origin, size: Number(size), root: Buffer.from(root, 'base64'), n: Number(n), at };
  return formatHeadText(head) === text ? ok(head) : fail('the signed text is not that of a head');
}
