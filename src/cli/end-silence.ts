import process from 'node:process';

/**
 * Ends the process with an error should it run out of work before its command came to an end: what the command waits for
 * can then no longer come, and Node would leave without a word.
 */
export function endSilence(): void {
  process.once('beforeExit', () => {
    process.stderr.write('error: the command came to no end: what it waited for never came; try again\n');
    process.exit(1);
  });
}
