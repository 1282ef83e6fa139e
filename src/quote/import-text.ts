import type { Limits } from '../lib/limits.ts';
import type { ImportProblem } from './import-result.ts';

const BYTE_ORDER_MARK = '\u{feff}';

export const withoutByteOrderMark = (text: string): string =>
  text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;

const encoder = new TextEncoder();

/** What is wrong with a file before anybody looks into it: nothing in it, too much of it, or not UTF-8. */
export function findTextProblem(text: string, limits: Limits): ImportProblem | null {
  if (withoutByteOrderMark(text).trim() === '') return { line: null, message: 'the file is empty' };
  const bytesMax = limits.httpBodyBytes;
  if (text.length > bytesMax || encoder.encode(text).length > bytesMax) {
    return { line: null, message: `the file is larger than ${bytesMax} bytes; split it into several quotes` };
  }
  const damaged = text.search(/\u{fffd}|\0|\p{Surrogate}/u);
  if (damaged === -1) return null;
  return {
    line: text.slice(0, damaged).split(/\r\n|\r|\n/).length,
    message: 'the file is not UTF-8 here; save it again as UTF-8 (in Excel: "CSV UTF-8")',
  };
}
