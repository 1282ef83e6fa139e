import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import process from 'node:process';

/** Commands that read a whole database, mostly beside a server that people wait for. */
const PATIENT = new Set(['audit', 'backup', 'report']);

export const isPatient = ([command]: readonly string[]): boolean =>
  command !== undefined && PATIENT.has(command);

/**
 * Lets every other process of this machine go first, from now on and with all threads, those that start later included. Nothing
 * is slower by it where nobody else wants the processors; where the system does not allow it, nothing happens.
 *
 * A low priority alone still makes those wait who wake up in the middle of our turn, some milliseconds each time. Linux has
 * a class of its own for work that may always be interrupted, which Node cannot ask for: `chrt` does (util-linux).
 */
export function giveWay(): void {
  for (const thread of threadsOf()) {
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW);
    } catch {
      // It has ended, or the system does not allow it.
    }
  }
  if (process.platform !== 'linux') return;
  // Where there is no such program, the low priority has to do.
  spawnSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(process.pid)], {
    stdio: 'ignore',
    timeout: 1_000,
  });
}

/** On Linux a priority is a thread's, and those of the engine run already. */
function threadsOf(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}
