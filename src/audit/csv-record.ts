/** One field of a CSV file: text, a number, or null for an empty field. */
export type CsvField = string | number | null;

/** A line of a CSV file (RFC 4180), its end included. */
export const csvRecord = (fields: readonly CsvField[]): string => `${fields.map(csvField).join(',')}\r\n`;

/**
 * Text that a spreadsheet would take for a formula gets an apostrophe before it, as spreadsheets do themselves: whoever may
 * write into a quote must not run anything on the auditor's machine. Plain numbers are none. Some spreadsheets part
 * fields by semicolons or tabs instead: what holds one is quoted, and what stands after one is looked at the same way
 * (owasp.org/www-community/attacks/CSV_Injection).
 */
function csvField(field: CsvField): string {
  const text = String(field ?? '');
  const safe = SEPARATOR.test(text) ? defuseParts(text) : defuse(text, text);
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const defuseParts = (text: string): string =>
  text
    .split(/(?<=[;\t])/)
    .map((part, index) => defuse(part, index === 0 ? text : part.replace(/[;\t]$/, '')))
    .join('');

/** `field` is what a spreadsheet may take the part for, without the separator after it. */
const defuse = (part: string, field: string): string =>
  FORMULA.test(field) && !PLAIN_NUMBER.test(field) ? `'${part}` : part;

const SEPARATOR = /[;\t]/;
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;
