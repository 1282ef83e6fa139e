/** One field of a CSV file: text, a number, or null for an empty field. */
export type CsvField = string | number | null;

/** A line of a CSV file (RFC 4180), its end included. */
export const csvRecord = (fields: readonly CsvField[]): string => `${fields.map(csvField).join(',')}\r\n`;

/**
 * Text that a spreadsheet would take for a formula gets an apostrophe before it, as spreadsheets do themselves: whoever may
 * write into a quote must not run anything on the auditor's machine. Plain numbers are none.
 */
function csvField(field: CsvField): string {
  const text = String(field ?? '');
  const safe = FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;
