/** A process of its own that takes the lock of a data folder, says so, and waits to be ended. */
import { lockDataFolder } from '../../src/log/data-lock.ts';

lockDataFolder(process.argv[2] ?? '');
process.send?.('locked');
process.once('message', () => process.exit(0));
