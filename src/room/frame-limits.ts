import type { Limits } from '../lib/limits.ts';
import { type CloseReason, closeCodes } from '../wire/close-codes.ts';
import { isSyncFrame } from '../wire/frames.ts';
import type { Member } from './member.ts';

/** What is wrong with a frame before it is decoded: too large, or one too many. `drop`: the sender can do without it. */
export function findFrameProblem(
  member: Member,
  frame: Uint8Array,
  limits: Limits,
  at: number,
): CloseReason | 'drop' | null {
  const isSync = isSyncFrame(frame);
  const [name, bytesMax] = isSync
    ? ['limits.syncFrameBytes', limits.syncFrameBytes]
    : ['limits.otherFrameBytes', limits.otherFrameBytes];
  if (frame.length > bytesMax) {
    return { code: closeCodes.malformed, reason: `a frame of ${frame.length} bytes; ${name} is ${bytesMax}` };
  }
  if (!isSync) return member.otherFrames.take(at) ? null : 'drop';
  if (member.syncFrames.take(at)) return null;
  return { code: closeCodes.tooFast, reason: `more than ${limits.syncFramesPerSecond} edits a second` };
}
