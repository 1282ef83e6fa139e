/**
 * Counts a run of vitest: `count-tests.ts REPORT STATUS` reads its JSON report and its exit status, and prints
 * `PASSED FAILED`. A file that could not be loaded counts as one failure, and so does a failing run in which
 * every test passed (an error that no test caught). Fails if there is no readable report.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

const [file = '', status = ''] = process.argv.slice(2);
const report = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const brokenFiles = report.testResults.filter(
  (result) => result.status === 'failed' && result.assertionResults.every((test) => test.status !== 'failed'),
).length;
const failures = report.numFailedTests + brokenFiles;
console.log(report.numPassedTests, failures === 0 && status !== '0' ? 1 : failures);
